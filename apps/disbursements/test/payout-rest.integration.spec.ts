import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { DataSource } from 'typeorm';
import type { Issuer } from '@ansinh/embedded';
import { inTransaction } from '@ansinh/database';
import { findPayouts, freezePayout, type Payout, type PayoutPaces, PayoutRunner } from '@ansinh/payouts';
import { readSealingKeys, Sealer } from '@ansinh/sealing';
import { createTestDatabase, registrySecret, testIssuer, testKeys } from '@ansinh/testing';
import { until } from './faults-harness.js';
import { migrateProgramme, programmeOptions } from './programme-tables.js';

const sealer = new Sealer(readSealingKeys(testKeys.SEALING_KEYS, testKeys.LOOKUP_KEY));
const minute = 60_000;
const slow = { idle: 60 * minute, checking: minute };

let programme: DataSource;
let issuer: Issuer;
/** The disbursements: nothing but their refusal. */
let refusing: Server;

beforeAll(async () => {
  const database = await createTestDatabase({ service: 'programme', migrate: migrateProgramme });
  programme = await new DataSource(programmeOptions(database.url)).initialize();
  issuer = await testIssuer();
  refusing = createServer((_request, response) => {
    response.writeHead(409, { 'content-type': 'application/problem+json' });
    response.end(JSON.stringify({ type: 'about:blank', status: 409, code: 'FUND_CLOSED', title: 'Closed' }));
  });
  await once(refusing.listen(0, '127.0.0.1'), 'listening');
});
afterAll(async () => {
  refusing.close();
  await issuer.stop();
  await programme.destroy();
});

const runnerWith = (paces?: Partial<PayoutPaces>) =>
  new PayoutRunner({
    ...{ dataSource: programme, sealer, paces },
    url: `http://127.0.0.1:${(refusing.address() as AddressInfo).port}`,
    access: { issuer: issuer.url, clientId: 'programme', clientSecret: registrySecret },
    applyOutcomes: () => Promise.reject(new Error('nothing came of it')),
  });

async function* oneLine() {
  const line = {
    ...{ payeeId: '001099000001', payeeName: 'Nguyễn Thị Hiền', bankBin: '970436', account: '0011000000001' },
    ...{ amount: 1_000n, programmeCode: 'NQ68', policyCode: 'PO1', period: '2022-03', placeCode: '09169' },
    ...{ ordinal: 1, remittance: 'Ho tro' },
  };
  yield Promise.resolve([line]);
}

const freeze = () =>
  inTransaction(programme, { offices: ['256'] }, (tx) => {
    const fundId = '0198a3f2-0000-7000-8000-000000000001';
    const official = { id: 'checker1', office: '256' };
    const what = { purpose: 'Trợ cấp', period: '2022-03', channel: 'iso20022-http' };
    return freezePayout(tx, sealer, { fundId, programmeCode: 'NQ68', ...what, official }, oneLine());
  });

const payoutOf = async (id: string): Promise<Payout> =>
  (await inTransaction(programme, 'system', (tx) => findPayouts(tx, [id])))[0]!;

test('rests until the next payout is due, not longer than it may be idle', async () => {
  const runner = runnerWith(slow);
  expect(await runner.run()).toBe(slow.idle);
  const { id } = await freeze();
  const restWhenDue = async (due: string) => {
    await programme.query(`UPDATE payout SET due_at = ${due} WHERE id = $1`, [id]);
    return runner.run();
  };
  const inHalfAnHour = await restWhenDue(`clock_timestamp() + interval '30 minutes'`);
  expect(inHalfAnHour).toBeGreaterThan(slow.checking);
  expect(inHalfAnHour).toBeLessThanOrEqual(30 * minute);
  expect(await restWhenDue(`clock_timestamp() + interval '2 hours'`)).toBe(slow.idle);
  expect(await restWhenDue(`'infinity'`)).toBe(slow.idle);
  // While a list is checked the next look is near, and it is never nearer than that.
  expect(await restWhenDue(`clock_timestamp() + interval '30 seconds'`)).toBe(slow.checking);
});

test('one that rests is woken by what another process froze, or hurried', async () => {
  const runner = runnerWith();
  expect(await runner.run()).toBe(250);
  runner.onApplicationBootstrap();
  const refused = (id: string) =>
    until('the payout is refused', async () => {
      const { problem } = await payoutOf(id);
      return { done: problem !== null, value: problem };
    });
  const { id } = await freeze();
  expect(await refused(id)).toMatchObject({ code: 'FUND_CLOSED' });
  await programme.query('UPDATE payout SET problem = NULL, due_at = clock_timestamp() WHERE id = $1', [id]);
  expect(await refused(id)).toMatchObject({ code: 'FUND_CLOSED' });
  await runner.onModuleDestroy();
});
