import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readSealingKeys, Sealer } from '@ansinh/sealing';
import { testKeys } from '@ansinh/testing';
import type { BankExceptionView } from '../src/bank-exception/bank-exception.dto.js';
import { type Harness, startHarness } from './harness.js';
import {
  account,
  approved,
  balancesOf,
  historyOf,
  listOf,
  moved,
  decision,
  type Officers,
  officersOf,
  ordered,
  planned,
  planOf,
  read,
  sent,
  told,
  toldTogether,
  today,
} from './lending.js';

let harness: Harness;
let officers: Officers;
let planId: string;
beforeAll(async () => {
  harness = await startHarness();
  officers = await officersOf(harness);
  planId = (await planned(officers.province, '10000000000')).id;
});
afterAll(() => harness.stop());

async function exceptionsOf({ id }: { id: string }): Promise<BankExceptionView[]> {
  const { body } = await officers.bank.get('/v1/bank-exceptions?source=disbursement&limit=100').expect(200);
  return (body as { items: BankExceptionView[] }).items.filter(({ loanId }) => loanId === id);
}

/** The lines of a list as they will be sent. */
async function linesOf(listId: string): Promise<Record<string, unknown>[]> {
  const sealer = new Sealer(readSealingKeys(testKeys.SEALING_KEYS, testKeys.LOOKUP_KEY));
  const blocks = await harness.dataSource.query<{ block_no: number; sealed: Buffer }[]>(
    'SELECT block_no, sealed FROM payout_block WHERE payout_id = $1 ORDER BY block_no',
    [listId],
  );
  const text = blocks.map(({ block_no, sealed }) =>
    sealer.open(sealed, `payout_block/${listId}/${block_no}`),
  );
  return text
    .join('')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

test('what was ordered goes out once, to the account of its contract', async () => {
  const loans = [
    await ordered(officers, await approved(officers, planId)),
    await ordered(officers, await approved(officers, planId), {
      amount: '30000000',
      account: '2600205000009',
    }),
  ];
  const list = await sent(officers.bank);
  expect(list).toMatchObject({
    state: 'frozen',
    rows: 2,
    amount: '110000000',
    batchCode: null,
    problem: null,
  });
  const { payeeId } = account().account;
  const line = { payeeId, bankBin: '970405', programmeCode: 'EL-2022', policyCode: 'EL-WORKER', ordinal: 1 };
  expect(await linesOf(list.id)).toMatchObject([
    { ...line, account: '2600205000001', amount: '80000000', remittance: `Giai ngan ${loans[0]!.code}` },
    { ...line, account: '2600205000009', amount: '30000000', period: today().slice(0, 7) },
  ]);
  const again = await officers.bank.post('/v1/disbursement-lists', listOf());
  expect(again.body).toMatchObject({ status: 409, code: 'DISBURSEMENT_LIST_EMPTY' });
  await told(harness, loans[0]!);
  await told(harness, loans[1]!, { status: 'setAside', amount: null, findings: ['OTHER_BATCH'] });
  expect(await read(officers.bank, loans[0]!)).toMatchObject({ state: 'active' });
  expect(await read(officers.bank, loans[1]!)).toMatchObject({ state: 'approved' });
  expect((await historyOf(officers.bank, loans[1]!)).disbursements).toMatchObject([
    { reason: 'OTHER_BATCH' },
  ]);
});

test('what comes back and is ordered again is the same obligation', async () => {
  const loan = await ordered(officers, await approved(officers, planId));
  const first = await sent(officers.bank);
  await told(harness, loan, { status: 'returned', reason: 'AC01' });
  await ordered(officers, await read(officers.bank, loan), { account: '2600205000002' });
  const second = await sent(officers.bank);
  const [before, after] = [(await linesOf(first.id))[0]!, (await linesOf(second.id))[0]!];
  expect(after).toEqual({ ...before, account: '2600205000002' });
  await told(harness, loan);
  expect(await balancesOf(harness, loan)).toEqual({ capital: '-80000000', principal: '80000000' });
});

test('a second tranche is another obligation', async () => {
  const loan = await ordered(officers, await approved(officers, planId), { amount: '50000000' });
  await sent(officers.bank);
  await told(harness, loan);
  await moved(officers.bank, await read(officers.bank, loan), 'disbursements', decision());
  const list = await sent(officers.bank);
  expect(await linesOf(list.id)).toMatchObject([{ ordinal: 2, amount: '30000000' }]);
});

test('what comes back after it was booked as paid leaves the book again', async () => {
  const before = await planOf(officers.bank, { id: planId });
  const loan = await ordered(officers, await approved(officers, planId));
  await sent(officers.bank);
  await told(harness, loan);
  await told(harness, loan, { status: 'returned', reason: 'AC04' });
  await told(harness, loan, { status: 'returned', reason: 'AC04' });
  expect(await balancesOf(harness, loan)).toEqual({});
  expect(await read(officers.bank, loan)).toMatchObject({ state: 'active' });
  expect(await planOf(officers.bank, { id: planId })).toMatchObject({ lent: before.lent });
  await moved(officers.bank, await read(officers.bank, loan), 'disbursements', decision());
  await sent(officers.bank);
  await told(harness, loan);
  expect(await balancesOf(harness, loan)).toEqual({ capital: '-80000000', principal: '80000000' });
});

test('an amount that is not what was ordered is an exception of its loan, and stops no other one', async () => {
  const loan = await ordered(officers, await approved(officers, planId));
  const other = await ordered(officers, await approved(officers, planId));
  await sent(officers.bank);
  await toldTogether(harness, [
    { loan, over: { amount: 79_999_999n } },
    { loan: other, over: {} },
  ]);
  await told(harness, loan, { amount: 79_999_999n });
  expect(await read(officers.bank, loan)).toMatchObject({ state: 'disbursing' });
  expect(await balancesOf(harness, loan)).toEqual({});
  expect(await read(officers.bank, other)).toMatchObject({ state: 'active' });
  expect(await exceptionsOf(loan)).toMatchObject([
    { code: 'DISBURSEMENT_DIFFERS', expected: '80000000', observed: '79999999', state: 'open' },
  ]);
  // The bank corrects what it did: the outcome as it comes last is taken.
  await told(harness, loan);
  expect(await read(officers.bank, loan)).toMatchObject({ state: 'active' });
});

test('a list is taken back for a reason', async () => {
  await ordered(officers, await approved(officers, planId));
  const { id } = await sent(officers.bank);
  await officers.bank.post(`/v1/disbursement-lists/${id}/withdrawal`, { reason: 'Sai quỹ' }).expect(200);
  const [list] = await harness.dataSource.query<object[]>('SELECT withdrawal FROM payout WHERE id = $1', [
    id,
  ]);
  expect(list).toEqual({ withdrawal: 'Sai quỹ' });
});
