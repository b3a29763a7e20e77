import { randomUUID } from 'node:crypto';
import { todayInVietnam } from '@ansinh/calendar';
import { inTransaction } from '@ansinh/database';
import { findPayouts, type PayoutOutcome } from '@ansinh/payouts';
import type { AwaitingRowList } from '@ansinh/law-confirmations';
import type { PlayedClient } from '@ansinh/testing';
import type { CapitalPlanView } from '../src/capital/capital.dto.js';
import type { DisbursementListView } from '../src/disbursement-list/disbursement-list.dto.js';
import { applyOutcomes } from '../src/loan/disbursement-outcomes.js';
import type { LoanHistory, LoanView } from '../src/loan/loan.dto.js';
import type { BookView } from '../src/loan/servicing.dto.js';
import type { Harness } from './harness.js';

export const today = () => todayInVietnam();
export const yearOfToday = () => Number(today().slice(0, 4));
export const decision = (number = '1/QĐ', on = today()) => ({ decision: { number, on } });

/** Whose work a loan is: each moves it where only he may. Vũ Ninh (09169) lies in the area of 256. */
export async function officersOf(harness: Harness, district = '256') {
  return {
    commune: await harness.as({ sub: `commune-${district}`, office: district }),
    bank: await harness.as({ sub: 'bank', office: '27' }),
    province: await harness.as({ sub: 'province', office: '27' }),
  };
}
export type Officers = Awaited<ReturnType<typeof officersOf>>;

/** Of somebody who makes a job for himself. */
export const application = (over: object = {}) => {
  const personId = randomUUID();
  return {
    productCode: 'EL-WORKER',
    placeCode: '09169',
    borrower: { kind: 'worker', name: 'Nguyễn Thị Hoa', personId },
    facts: [] as { fact: string; value: string; document: string }[],
    amount: '80000000',
    termMonths: 36,
    project: { name: 'Chăn nuôi', purpose: 'Mua bò giống', otherSources: [], collateral: [] },
    workers: [{ personId, name: 'Nguyễn Thị Hoa', kind: 'created' }],
    ...over,
  };
};

/** What an establishment tells of those who work there. */
export const staffFacts = (workers = '20', priorityWorkers = '0') => [
  { fact: 'workers', value: workers, document: 'DS 1' },
  { fact: 'priorityWorkers', value: priorityWorkers, document: 'DS 1' },
];
/** What is told of a contract of work abroad. */
export const abroadFacts = (contractCosts = '300000000', contractMonths = '36') => [
  { fact: 'contractCosts', value: contractCosts, document: 'HĐ 5' },
  { fact: 'contractMonths', value: contractMonths, document: 'HĐ 5' },
];

export const account = (number = '2600205000001') => ({
  account: {
    payeeId: `027185${'7'.padStart(6, '0')}`,
    bankBin: '970405',
    account: number,
    holder: 'NGUYEN THI HOA',
  },
});

export async function apply(client: PlayedClient, over: object = {}): Promise<LoanView> {
  return (await client.post('/v1/loans', application(over)).expect(201)).body as LoanView;
}

/** Makes a move on the version that is seen; the answer is whatever it is. */
export const move = (client: PlayedClient, loan: LoanView, verb: string, body: object) =>
  client.post(`/v1/loans/${loan.id}/${verb}`, body).set('if-match', `"${loan.version}"`);

export async function moved(
  client: PlayedClient,
  loan: LoanView,
  verb: string,
  body: object,
): Promise<LoanView> {
  const { status, body: answer } = await move(client, loan, verb, body);
  if (status !== 200) throw new Error(`${verb}: ${status} ${JSON.stringify(answer)}`);
  return answer as LoanView;
}

/** A plan of this year with so much in it. */
export async function planned(
  client: PlayedClient,
  amount: string,
  over: object = {},
): Promise<CapitalPlanView> {
  const input = { placeCode: '27', year: yearOfToday(), source: 'central', ...over };
  const { id } = (await client.post('/v1/capital-plans', input).expect(201)).body as CapitalPlanView;
  const booked = await client
    .post(`/v1/capital-plans/${id}/decisions`, { amount, decision: '15/QĐ-UBND' })
    .expect(200);
  return booked.body as CapitalPlanView;
}

export async function appraised({ commune, bank }: Officers, over: object = {}): Promise<LoanView> {
  const confirmed = await moved(commune, await apply(commune, over), 'confirmation', {
    ...decision(),
    outcome: 'confirmed',
  });
  return moved(bank, confirmed, 'appraisal', { ...decision(), outcome: 'eligible', ratePpm: 79_200 });
}

export async function approved(officers: Officers, planId: string, over: object = {}): Promise<LoanView> {
  const loan = await appraised(officers, over);
  return moved(officers.province, loan, 'approval', {
    ...decision(),
    outcome: 'approved',
    capitalPlanId: planId,
  });
}

/** Signed, and on its way to the bank. */
export async function ordered(
  { bank }: Officers,
  loan: LoanView,
  over: { signedOn?: string; amount?: string; account?: string } = {},
): Promise<LoanView> {
  const { signedOn = today(), amount } = over;
  const terms = { ...decision('HĐ 1', signedOn), ...account(over.account), disbursedOn: signedOn };
  const signed = await moved(bank, loan, 'contract', terms);
  return moved(bank, signed, 'disbursements', { ...decision(), ...(amount && { amount }) });
}

export const read = async (client: PlayedClient, { id }: { id: string }) =>
  (await client.get(`/v1/loans/${id}`).expect(200)).body as LoanView;
export const historyOf = async (client: PlayedClient, { id }: { id: string }) =>
  (await client.get(`/v1/loans/${id}/history`).expect(200)).body as LoanHistory;
export const bookOf = async (client: PlayedClient, { id }: { id: string }, query = '') =>
  (await client.get(`/v1/loans/${id}/book?${query}`).expect(200)).body as BookView;
export const planOf = async (client: PlayedClient, { id }: { id: string }) =>
  (await client.get(`/v1/capital-plans/${id}`).expect(200)).body as CapitalPlanView;

export const listOf = () => ({
  fundId: randomUUID(),
  programmeCode: 'EL-2022',
  purpose: 'Giải ngân đợt 3',
  channel: 'iso20022-http',
});

/** Everything that was ordered and waits, as one list. */
export async function sent(client: PlayedClient): Promise<DisbursementListView> {
  const { body } = await client.post('/v1/disbursement-lists', listOf()).expect(201);
  return body as DisbursementListView;
}

/** What the disbursements tell of the row of a loan, as the runner of the payouts hands it on. */
export const told = (harness: Harness, loan: { id: string }, over: Partial<PayoutOutcome> = {}) =>
  toldTogether(harness, [{ loan, over }]);

/** The same of loans of one list, in one page. */
export async function toldTogether(
  harness: Harness,
  all: { loan: { id: string }; over: Partial<PayoutOutcome> }[],
): Promise<void> {
  const rows = await harness.dataSource.query<
    { loan_id: string; payout_id: string; payout_row: number; amount: string }[]
  >(
    `SELECT DISTINCT ON (loan_id) loan_id, payout_id, payout_row, amount FROM disbursement WHERE loan_id = ANY($1::uuid[])
     ORDER BY loan_id, number DESC`,
    [all.map(({ loan }) => loan.id)],
  );
  const outcomes = all.map(({ loan, over }): PayoutOutcome => {
    const { payout_row: row, amount } = rows.find(({ loan_id }) => loan_id === loan.id)!;
    const paid: PayoutOutcome = {
      ...{ row, amount: BigInt(amount), bookedOn: today() },
      ...{ status: 'paid', reason: null, findings: [] },
    };
    return { ...paid, ...over };
  });
  await inTransaction(harness.dataSource, 'system', async (tx) => {
    const [payout] = await findPayouts(tx, [rows[0]!.payout_id]);
    await applyOutcomes(tx, payout!, outcomes);
  });
}

/** The same from the order on: the list goes out, and the bank says how it went. */
export async function bankSays(
  harness: Harness,
  loan: { id: string },
  { on = today(), returnedFor = null }: { on?: string; returnedFor?: string | null } = {},
): Promise<void> {
  await sent(await harness.as({ sub: 'bank', office: '27' }));
  const returned = { status: 'returned', reason: returnedFor } as const;
  await told(harness, loan, { bookedOn: on, ...(returnedFor && returned) });
}

/** What the books of the loans of a plan say of its capital: what the ledger of the capital has to say too. */
export async function capitalInBooks(
  harness: Harness,
  { id }: { id: string },
): Promise<Record<string, string>> {
  const [books] = await harness.dataSource.query<Record<string, string>[]>(
    `SELECT coalesce(sum(posting.amount) FILTER (WHERE event.kind = 'disbursed'), 0)::text AS lent,
       coalesce(-sum(posting.amount) FILTER (WHERE event.kind IN ('repaid', 'refunded')), 0)::text AS collected
     FROM book_posting posting JOIN book_transaction entry ON entry.id = posting.transaction_id
       JOIN loan_event event ON event.loan_id = entry.loan_id AND event.number::text = entry.cause
       JOIN loan ON loan.id = entry.loan_id
     WHERE loan.plan_id = $1 AND posting.kind IN ('principal', 'overduePrincipal')`,
    [id],
  );
  return books!;
}

/** A named person confirms rows of law that wait for it. */
export async function confirmLaw(client: PlayedClient, ...rows: string[]): Promise<void> {
  const { items } = (await client.get('/v1/law/awaiting-rows').expect(200)).body as AwaitingRowList;
  for (const { row, digest } of items.filter((each) => rows.includes(each.row)))
    await client.post('/v1/law/confirmations', { row, digest, basis: 'Công báo' }).expect(201);
}

/** What the ledger of a loan holds, account by account, as text. */
export async function balancesOf(harness: Harness, { id }: { id: string }): Promise<Record<string, string>> {
  const rows = await harness.dataSource.query<{ kind: string; balance: string }[]>(
    'SELECT kind, balance FROM book_account WHERE loan_id = $1 AND balance <> 0 ORDER BY kind',
    [id],
  );
  return Object.fromEntries(rows.map(({ kind, balance }) => [kind, balance]));
}
