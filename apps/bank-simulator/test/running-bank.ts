import 'reflect-metadata';
import { createTestDatabase } from '@ansinh/testing';
import { createBank } from '../src/bank.js';
import { loadConfig } from '../src/config.js';
import { migrate } from '../src/database.js';
import { BankClient, token } from './bank-client.js';

process.env['LOG_LEVEL'] ??= 'silent';

export async function bankDatabase(): Promise<string> {
  return (await createTestDatabase({ service: 'bank-simulator', migrate })).url;
}

/** A bank of this test alone, in this process, on a free port. */
export async function startBank(
  databaseUrl: string,
  settings: Record<string, string> = {},
): Promise<{ bank: BankClient; stop: () => Promise<void> }> {
  const environment = { SETTLE_DELAY_MS: '10', RETURN_DELAY_MS: '20', ...settings };
  const app = await createBank(
    loadConfig({ ...environment, DATABASE_URL: databaseUrl, BANK_API_TOKEN: token }),
  );
  await app.listen(0, '127.0.0.1');
  return { bank: new BankClient(await app.getUrl()), stop: () => app.close() };
}

/** A bank with a database of its own and one open account, for one test. */
export async function withBank(
  settings: Record<string, string>,
  work: (bank: BankClient) => Promise<void>,
): Promise<void> {
  const { bank, stop } = await startBank(await bankDatabase(), settings);
  try {
    await bank.open();
    await work(bank);
  } finally {
    await stop();
  }
}
