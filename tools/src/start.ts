import { Command, InvalidArgumentError } from 'commander';
import { say, startSuite, type Suite } from '@ansinh/embedded';
import { runCommand, tell, untilAborted, WORKSPACE } from './command.js';
import { seedDemo } from './seed-demo.js';
import { seedRegistry } from './seed-registry.js';

const whole = (text: string) => {
  if (!/^[0-9]{1,7}$/.test(text)) throw new InvalidArgumentError('cần số nguyên / a whole number is needed');
  return Number(text);
};

const program = new Command('npm start --')
  .description('Toàn bộ hệ thống trên máy này / everything on this machine')
  .option('--people <n>', 'số người mẫu trong sổ mới / sample people of a new registry', whole, 20_000)
  .option('--seed <n>', 'hạt giống / seed of the sample people', whole, 1)
  .parse();
const { people, seed } = program.opts<{ people: number; seed: number }>();

await runCommand(async (signal) => {
  const suite = await startSuite({
    workspace: WORKSPACE,
    persistent: true,
    ports: 'usual',
    onProgress: tell,
    signal,
  });
  try {
    await seedDemo(suite);
    tell({ vi: 'Người dân mẫu', en: 'Sample people' });
    await seedRegistry(suite, { people, seed, signal });
    process.stdout.write(welcome(suite));
    const failure = await Promise.race([suite.failure, untilAborted(signal)]);
    if (!failure) return 0;
    const { name, logFile } = failure.service;
    const how = failure.end.signal ?? `exit code ${failure.end.code}`;
    tell({
      vi: `Dịch vụ ${name} đã tự dừng (${how}). Xem ${logFile}`,
      en: `The service ${name} has ended by itself (${how}). See ${logFile}`,
    });
    return 1;
  } finally {
    await suite.stop();
    if (signal.aborted) tell({ vi: 'Đã dừng tất cả.', en: 'Everything is stopped.' });
  }
});

function welcome({ addresses, demoUsers, stateDirectory, redisUrl }: Suite): string {
  const width = Math.max(...demoUsers.map(({ username }) => username.length));
  const people = demoUsers.map(
    ({ username, password, name }) => `  ${username.padEnd(width)}  ${password.padEnd(width + 5)}  ${name}`,
  );
  const lines = [
    '',
    say({ vi: 'An Sinh đã sẵn sàng.', en: 'An Sinh is ready.' }),
    '',
    `  REST     ${addresses.disbursements}/v1`,
    `  OpenAPI  ${addresses.disbursements}/docs`,
    `           ${addresses.registry}/docs (registry)`,
    `           ${addresses.socialProtection}/docs (social protection)`,
    `           ${addresses.employmentLoans}/docs (employment loans)`,
    `  GraphQL  ${addresses.gateway}/graphql`,
    `  OIDC     ${addresses.issuer}`,
    '',
    ...(people.length > 0
      ? [say({ vi: 'Tài khoản dùng thử (tên, mật khẩu):', en: 'Demo users (name, password):' })]
      : []),
    ...people,
    '',
    say({ vi: 'Hãy thử, ở một cửa sổ khác:', en: 'Try, in another terminal:' }),
    '  echo maker-demo | npx ansinh login maker --password-stdin',
    '  npx ansinh fund list',
    '  npx ansinh list generate --rows 1000 --seed 7 -o list.csv',
    '',
    say({ vi: `Dữ liệu và nhật ký: ${stateDirectory}`, en: `Data and logs: ${stateDirectory}` }),
    say({
      vi: `Hàng đợi: ${redisUrl ? 'Redis' : 'PostgreSQL'}. Ctrl-C để dừng tất cả.`,
      en: `Queue: ${redisUrl ? 'Redis' : 'PostgreSQL'}. Ctrl-C stops everything.`,
    }),
    '',
  ];
  return `${lines.join('\n')}\n`;
}
