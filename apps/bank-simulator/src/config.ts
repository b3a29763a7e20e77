import { readConfig } from '@ansinh/service';

const milliseconds = /^\d{1,7}$/;

const settings = {
  databaseUrl: { name: 'DATABASE_URL', pattern: /^postgres(ql)?:\/\// },
  host: { name: 'HOST', fallback: '127.0.0.1' },
  port: { name: 'PORT', fallback: '4002', pattern: /^\d{1,5}$/ },
  token: { name: 'BANK_API_TOKEN', pattern: /^\S+$/ },
  bankCode: { name: 'BANK_CODE', fallback: '970405', pattern: /^\d{6}$/ },
  /** Which pain.001 this bank still takes: one version, as many a bank does, or any. */
  messageVersion: { name: 'MESSAGE_VERSION', fallback: 'any', pattern: /^(any|pain\.001\.001\.(03|10))$/ },
  settleDelayMs: { name: 'SETTLE_DELAY_MS', fallback: '50', pattern: milliseconds },
  answerLateMs: { name: 'ANSWER_LATE_MS', fallback: '15000', pattern: milliseconds },
  returnDelayMs: { name: 'RETURN_DELAY_MS', fallback: '300', pattern: milliseconds },
};

export type Config = ReturnType<typeof loadConfig>;

export const configToken = Symbol('config');

/** @throws Error listing every variable that is missing or malformed */
export function loadConfig(environment: NodeJS.ProcessEnv = process.env) {
  const read = readConfig(settings, environment);
  return {
    ...read,
    messageVersion: read.messageVersion === 'any' ? null : read.messageVersion,
    port: Number(read.port),
    settleDelayMs: Number(read.settleDelayMs),
    answerLateMs: Number(read.answerLateMs),
    returnDelayMs: Number(read.returnDelayMs),
  };
}
