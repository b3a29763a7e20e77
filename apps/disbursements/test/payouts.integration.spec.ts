import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { DataSource } from 'typeorm';
import { fetchPages, inTransaction, unreachableStates } from '@ansinh/database';
import {
  findPayoutOfBatch,
  findPayouts,
  freezePayout,
  hurryPayout,
  type Payout,
  type PayoutLine,
  payoutStates,
  payoutTransitions,
  withdrawPayout,
} from '@ansinh/payouts';
import { readSealingKeys, Sealer } from '@ansinh/sealing';
import { createTestDatabase, registrySecret, type SpawnedApp } from '@ansinh/testing';
import { FaultRig, until } from './faults-harness.js';
import { account, csvOf, listLine } from './harness.js';
import { migrateProgramme, programmeOptions } from './programme-tables.js';

const script = fileURLToPath(new URL('programme-process.mjs', import.meta.url));
/** A run by hand has the process die as often as it likes. */
const deaths = Number(process.env['ANSINH_PAYOUT_DEATHS'] ?? 5);
const seed = Number(process.env['ANSINH_FAULT_SEED'] ?? 11);

const moments = ['before', 'during', 'after'];

let rig: FaultRig;
let api: SpawnedApp;
let programme: DataSource;
let databaseUrl: string;
let sealer: Sealer;
let child: ChildProcess | undefined;

beforeAll(async () => {
  rig = await FaultRig.start();
  [api] = await Promise.all([rig.startApi(), rig.startWorker()]);
  const database = await createTestDatabase({ service: 'programme', migrate: migrateProgramme });
  databaseUrl = database.serviceUrl;
  programme = await new DataSource(programmeOptions(database.url)).initialize();
  const { sealingKeys, lookupKey } = rig.harness.config;
  sealer = new Sealer(readSealingKeys(sealingKeys, lookupKey));
});
afterAll(async () => {
  await stopProgramme();
  await programme.destroy();
  await api.stop();
  await rig.stop();
});

/** The service of the programme; it may be told to die at one of its awaits. */
function startProgramme(death: { at: number | string; moment: string } | null = null): void {
  const { issuer, sealingKeys, lookupKey } = rig.harness.config;
  child = spawn(process.execPath, [script], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      PATH: process.env['PATH'],
      DATABASE_URL: databaseUrl,
      DISBURSEMENTS_URL: api.url,
      OIDC_ISSUER: issuer,
      CLIENT_SECRET: registrySecret,
      SEALING_KEYS: sealingKeys,
      LOOKUP_KEY: lookupKey,
      ...(death && { DIE_AT: String(death.at), DIE_MOMENT: death.moment }),
    },
  });
}

async function stopProgramme(): Promise<void> {
  if (!child || isDead()) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}

let funds = 0;

/** A fund with money, and an account at the bank. */
async function openFund(amount: string): Promise<string> {
  funds += 1;
  const payer = { ...account, number: String(2_600_900_000_000 + funds) };
  await rig.witness.openAccount({ number: payer.number, name: payer.name, openingBalance: amount });
  const { id } = await rig.people.operator.funds.create({
    code: `PAYOUTS-${funds}`,
    name: 'Fund',
    budgetSource: 'NSNN',
    programmeCodes: ['NQ68'],
    channel: 'iso20022-http',
    account: payer,
  });
  await rig.people.operator.funds.allot(id, { amount, reference: 'QD-1' });
  return id;
}

let policies = 0;

function linesOf(count: number): PayoutLine[] {
  policies += 1;
  return Array.from({ length: count }, (_, index) => {
    const [payeeId, payeeName, bankBin, accountNumber, , , , period, placeCode] = listLine(index + 1).split(
      ',',
    );
    // One checker is enough for the sum of them.
    const amount = BigInt(100_000 + index);
    return {
      ...{
        payeeId: payeeId!,
        payeeName: payeeName!,
        bankBin,
        account: accountNumber,
        amount,
      },
      ...{ programmeCode: 'NQ68', policyCode: `PO${policies}`, period: period!, placeCode: placeCode! },
      ...{ ordinal: 1, remittance: 'Ho tro' },
    };
  });
}

async function* pages(lines: PayoutLine[]): AsyncGenerator<PayoutLine[]> {
  for (let from = 0; from < lines.length; from += 700) yield Promise.resolve(lines.slice(from, from + 700));
}

const newPayout = (fundId: string) => ({
  ...{ fundId, programmeCode: 'NQ68', purpose: 'Trợ cấp', period: '2022-03', channel: 'iso20022-http' },
  official: { id: 'checker1', office: '256' },
});

const freeze = (fundId: string, lines: PayoutLine[]) =>
  inTransaction(programme, { offices: ['256'] }, (tx) =>
    freezePayout(tx, sealer, newPayout(fundId), pages(lines)),
  );

async function payoutOf(id: string): Promise<Payout> {
  return (await inTransaction(programme, 'system', (tx) => findPayouts(tx, [id])))[0]!;
}

const isDead = () => child!.exitCode !== null || child!.signalCode !== null;

/** Until it is in one of these states. */
const reach = (id: string, ...states: string[]) => look(id, states, () => false);

/** The same, unless the programme dies before. */
const reachAlive = (id: string, ...states: string[]) => look(id, states, isDead);

const look = (id: string, states: string[], isOver: () => boolean) =>
  until(`the payout is ${states.join(' or ')}`, async () => {
    const payout = await payoutOf(id);
    const done = states.includes(payout.state) || isOver();
    return { done, value: payout, seen: { ...payout, amount: payout.amount.toString() } };
  });

/** What people do in the disbursements: of two checkers one has a hand in the payout. */
async function approve({ batchId }: Payout): Promise<void> {
  const { digest } = await rig.people.operator.batches.get(batchId!);
  await rig.people.secondChecker.batches.approve(batchId!, digest!);
}

interface Told {
  row_no: number;
  status: string;
  amount: string | null;
  reason: string | null;
  findings: string[];
  times: number;
}

const toldOf = (id: string) =>
  programme.query('SELECT * FROM told WHERE payout_id = $1 ORDER BY row_no', [id]) as Promise<Told[]>;

const blocksOf = async (id: string) =>
  ((await programme.query('SELECT block_no FROM payout_block WHERE payout_id = $1', [id])) as object[])
    .length;

test('a list goes its way and its outcomes come back, however often the programme dies', async () => {
  const lines = linesOf(1_203);
  lines[6]!.amount = 0n;
  const fundId = await openFund('3000000000');
  await rig.witness.planFaults(seed, 0, { refuse: 0.02, returnLater: 0.02 });
  const { id, rows, amount } = await freeze(fundId, lines);
  expect({ rows, amount }).toEqual({
    rows: 1_203,
    amount: lines.reduce((sum, line) => sum + line.amount, 0n),
  });
  expect(await blocksOf(id)).toBe(3);
  const random = randomOf(seed);
  let isApproved = false;
  const approveOnce = async (payout: Payout) => {
    if (isApproved || payout.state !== 'submitted') return;
    await approve(payout);
    await rig.people.operator.batches.transmit(payout.batchId!);
    isApproved = true;
  };
  // Its batch is open, and nobody has heard of it.
  startProgramme({ at: '/v1/batches', moment: 'after' });
  await once(child!, 'exit');
  expect((await payoutOf(id)).state).toBe('frozen');
  for (let death = 0; death < deaths; death += 1) {
    startProgramme({ at: 1 + Math.floor(random() * 40), moment: moments[death % moments.length]! });
    await approveOnce(await reachAlive(id, 'submitted', 'paying', 'settled'));
    await reachAlive(id, 'settled');
    await stopProgramme();
  }
  startProgramme();
  await approveOnce(await reach(id, 'submitted', 'paying', 'settled'));
  const payout = await reach(id, 'settled');
  expect(payout.problem).toBeNull();
  const ofBatch = await inTransaction(programme, 'system', (tx) => findPayoutOfBatch(tx, payout.batchCode!));
  expect(ofBatch).toEqual(payout);
  const told = await toldOf(id);
  expect(told.map(({ row_no }) => row_no)).toEqual(lines.map((_, index) => index + 1));
  expect(told[6]).toMatchObject({ status: 'setAside', findings: ['INVALID_AMOUNT'] });
  // As the bank's own books have it, line by line.
  await rig.rest({ ...(await batchOf(payout)), fundId });
  await until('returns are told too', async () => {
    const returned = (await toldOf(id)).filter(({ status }) => status === 'returned').length;
    const { totals } = await rig.people.operator.batches.get(payout.batchId!);
    return { done: totals.returned.count === returned, value: returned };
  });
  const counts = Map.groupBy(await toldOf(id), ({ status }) => status);
  const { totals } = await rig.people.operator.batches.get(payout.batchId!);
  for (const status of ['paid', 'returned', 'refused'] as const) {
    expect([status, counts.get(status)?.length ?? 0]).toEqual([status, totals[status].count]);
    expect(totals[status].count).toBeGreaterThan(0);
  }
  const paid = counts.get('paid')!.reduce((sum, row) => sum + BigInt(row.amount!), 0n);
  expect(paid.toString()).toBe(totals.paid.amount);
  expect(await blocksOf(id)).toBe(0);
  // One batch, whoever died: its fund has paid nothing else.
  const batches = await rig.rows('SELECT FROM batch WHERE fund_id = $1', [fundId]);
  expect(batches).toHaveLength(1);
});

async function batchOf({ batchId, batchCode }: Payout) {
  const code = batchCode!;
  const [row] = await rig.rows<{ account: string }>(
    `SELECT account_number AS account FROM fund JOIN batch ON batch.fund_id = fund.id WHERE batch.id = $1`,
    [batchId],
  );
  return { id: batchId!, code, number: String(Number(code.slice(3))), account: row!.account };
}

/** Mulberry32: the same numbers for the same seed. */
function randomOf(from: number): () => number {
  let state = from;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

// The programme lives on from here.
test('whoever decided the payout may not approve its batch', async () => {
  const { id } = await freeze(await openFund('10000000'), linesOf(1));
  const { batchId } = await reach(id, 'submitted');
  const { digest } = await rig.people.operator.batches.get(batchId!);
  const approval = rig.people.firstChecker.batches.approve(batchId!, digest!);
  await expect(approval).rejects.toMatchObject({ problem: { code: 'MAKER_IS_NOT_CHECKER' } });
});

test('a list of which no line can be paid comes back with its findings', async () => {
  const lines = linesOf(2).map((line) => ({ ...line, placeCode: 'nowhere' }));
  const { id } = await freeze(await openFund('10000000'), lines);
  await reach(id, 'cancelled');
  const told = await toldOf(id);
  expect(told.map(({ status, findings }) => [status, findings])).toEqual([
    ['setAside', ['UNKNOWN_PLACE']],
    ['setAside', ['UNKNOWN_PLACE']],
  ]);
  expect(await blocksOf(id)).toBe(0);
});

test('a fund that is short stops it until it has the money', async () => {
  const fundId = await openFund('1000');
  const { id } = await freeze(fundId, linesOf(2));
  const refused = await until('it is refused', async () => {
    const payout = await payoutOf(id);
    return { done: payout.problem !== null, value: payout };
  });
  expect(refused).toMatchObject({ state: 'listed', problem: { code: 'BLOCKING_FINDINGS' } });
  await rig.people.operator.funds.allot(fundId, { amount: '10000000', reference: 'QD-2' });
  await inTransaction(programme, { offices: ['256'] }, (tx) => hurryPayout(tx, id));
  expect(await reach(id, 'submitted')).toMatchObject({ problem: null });
});

test('a list that somebody else put in its place is not submitted', async () => {
  const { id } = await freeze(await openFund('10000000'), linesOf(2));
  const { batchId } = await reach(id, 'submitted');
  await rig.people.secondChecker.batches.reject(batchId!, 'Sai');
  const rejected = await until('the rejection is told', async () => {
    const payout = await payoutOf(id);
    return { done: payout.problem?.code === 'BATCH_REJECTED', value: payout };
  });
  expect(rejected.state).toBe('submitted');
  const open = () => Readable.from([Buffer.from(csvOf([listLine(9_001)]))]);
  await rig.people.maker.batches.importPayments(batchId!, { open, type: 'text/csv' });
  await until('it is checked', async () => {
    const { state } = await rig.people.operator.batches.get(batchId!);
    return { done: state === 'checked', value: state };
  });
  const { digest } = await rig.people.maker.batches.submit(batchId!);
  await rig.people.secondChecker.batches.approve(batchId!, digest!);
  await until('the other list is noticed', async () => {
    const payout = await payoutOf(id);
    return { done: payout.problem?.code === 'LIST_CHANGED', value: payout };
  });
  expect(await toldOf(id)).toEqual([]);
});

test.each(['before it is opened', 'when it is approved'])('a payout is withdrawn %s', async (when) => {
  const isApproved = when === 'when it is approved';
  const { id } = await freeze(isApproved ? await openFund('10000000') : randomUUID(), linesOf(2));
  if (isApproved) {
    await approve(await reach(id, 'submitted'));
    await reach(id, 'paying');
  } else {
    const refused = await until('it is refused', async () => {
      const payout = await payoutOf(id);
      return { done: payout.problem !== null, value: payout };
    });
    expect(refused).toMatchObject({ state: 'frozen', problem: { code: 'FUND_NOT_FOUND' } });
  }
  await inTransaction(programme, 'system', (tx) => withdrawPayout(tx, id, 'Quyết định bị hủy'));
  await reach(id, 'cancelled');
  expect((await toldOf(id)).map(({ status }) => status)).toEqual(['cancelled', 'cancelled']);
});

test('another office sees neither a payout nor its list; a frozen one cannot be changed', async () => {
  const { id } = await freeze(randomUUID(), linesOf(1));
  const seen = (offices: string[]) =>
    inTransaction(programme, { offices }, async (tx) => [
      (await findPayouts(tx, [id])).length,
      ((await tx.query('SELECT FROM payout_block WHERE payout_id = $1', [id])) as object[]).length,
    ]);
  expect([await seen(['256']), await seen(['261'])]).toEqual([
    [1, 1],
    [0, 0],
  ]);
  for (const change of ['amount = amount + 1', "list_digest = 'x'", "state = 'settled'"])
    await expect(programme.query(`UPDATE payout SET ${change} WHERE id = $1`, [id])).rejects.toThrow();
  await inTransaction(programme, 'system', (tx) => withdrawPayout(tx, id, 'Chỉ để thử'));
});

test('the database holds the edges of the table, and its migration can be taken back', async () => {
  expect(unreachableStates(payoutTransitions, 'frozen')).toEqual([]);
  const edges = (await programme.query(
    `SELECT from_state, to_state FROM state_edge WHERE machine = 'payout'`,
  )) as { from_state: string; to_state: string }[];
  for (const from of payoutStates) {
    const held = edges.filter(({ from_state }) => from_state === from).map(({ to_state }) => to_state);
    expect([from, held.sort()]).toEqual([from, [...payoutTransitions[from]].sort()]);
  }
  const empty = await createTestDatabase({ service: 'programme', migrate: migrateProgramme });
  const owner = await new DataSource(programmeOptions(empty.url)).initialize();
  await owner.undoLastMigration();
  expect(await owner.query(`SELECT FROM pg_tables WHERE tablename LIKE 'payout%'`)).toEqual([]);
  await owner.destroy();
});

test('pages of a query come while other statements run, and a list without lines is none', async () => {
  const numbers = await inTransaction(programme, 'system', async (tx) => {
    const seen: number[] = [];
    for await (const page of fetchPages<{ n: number }>(
      tx,
      'SELECT n FROM generate_series(1, $1::int) n',
      [5],
      2,
    )) {
      await tx.query('SELECT 1');
      seen.push(...page.map(({ n }) => n));
    }
    return seen;
  });
  expect(numbers).toEqual([1, 2, 3, 4, 5]);
  await expect(freeze(randomUUID(), [])).rejects.toThrow('a payout needs lines');
});
