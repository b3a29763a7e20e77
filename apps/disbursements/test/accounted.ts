import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect } from '@jest/globals';
import type {
  Balance,
  Batch,
  BatchPayment,
  PaymentException,
  Reconciliation,
  Verification,
} from '@ansinh/client';
import { everyItem } from '@ansinh/client';
import { type BookLine, compareBooks } from '@ansinh/witness';
import type { BatchUnderTest, FaultRig } from './faults-harness.js';

/** The message is fetched as a person would who carries it to the bank. */
const forComparison = { code: 'bankFile', note: 'So lại điện đã gửi với ngân hàng' } as const;

/** A batch from our books and from the bank's, taken at one quiet moment. */
interface Accounts {
  batch: Batch;
  payments: BatchPayment[];
  outcomes: { row: number; kinds: string }[];
  exceptions: PaymentException[];
  balance: Balance;
  reconciliation: Reconciliation;
  verification: Verification;
  bank: BookLine[];
  bankBalances: boolean;
  /** What the payer's account really lost. */
  bankTotal: bigint;
  /** Chunks without payments, payments without a chunk, and leases that nobody holds. */
  orphans: unknown[];
  rig: FaultRig;
}

interface Expected {
  /** Replays the faults; printed with whatever is broken. */
  seed: number;
  /** Lines that the bank paid otherwise than asked, by end-to-end id: they wait as exceptions of these codes (`, ` between). */
  exceptions?: ReadonlyMap<string, string>;
}

/** What must hold after any fault. Each gives what breaks it; nothing is what it should give. */
const invariants: Record<string, (accounts: Accounts, expected: Expected) => unknown[]> = {
  'every line of the list is there': ({ batch, payments }) =>
    payments.length === batch.kept && batch.kept > 0 ? [] : [{ kept: batch.kept, payments: payments.length }],
  'every line has exactly one terminal state': ({ payments }, { exceptions }) =>
    payments.filter(
      ({ endToEndId, state }) =>
        !(exceptions?.has(endToEndId) ? state === 'inFlight' : /^(paid|returned|refused)$/.test(state)),
    ),
  'no line has outcomes that exclude each other': ({ outcomes }) =>
    outcomes.filter(({ kinds }) => !['paid', 'paid+returned', 'refused'].includes(kinds)),
  'the bank executed each end-to-end id at most once': ({ bank }) =>
    bank.filter(({ state, debits, credits }) =>
      state === 'refused' ? debits + credits > 0 : debits !== 1 || credits !== (state === 'returned' ? 1 : 0),
    ),
  'the bank knows no line but ours': ({ bank, payments }) => {
    const ours = new Set(payments.map(({ endToEndId }) => endToEndId));
    return bank.filter(({ endToEndId }) => !ours.has(endToEndId));
  },
  "the bank's own books balance": ({ bankBalances }) => (bankBalances ? [] : ['not balanced']),
  'exceptions are exactly those that the bank gave cause for': ({ exceptions }, { exceptions: expected }) => {
    const raised = exceptions.map(({ endToEndId, code }) => `${endToEndId} ${code}`);
    const due = [...(expected ?? [])].flatMap(([endToEndId, codes]) =>
      codes.split(', ').map((code) => `${endToEndId} ${code}`),
    );
    return [
      ...raised.filter((one) => !due.includes(one)).map((one) => `not due: ${one}`),
      ...due.filter((one) => !raised.includes(one)).map((one) => `not raised: ${one}`),
    ];
  },
  'approved = paid + returned + refused + in flight': ({ batch: { totals }, reconciliation }) => {
    const parts = [totals.paid, totals.returned, totals.refused, totals.inFlight];
    const count = parts.reduce((sum, part) => sum + part.count, 0);
    const amount = parts.reduce((sum, part) => sum + BigInt(part.amount), 0n);
    const isSum = count === totals.approved.count && amount === BigInt(totals.approved.amount);
    return isSum && reconciliation.balanced ? [] : [totals, reconciliation];
  },
  'what is in flight is what waits as an exception': ({ batch: { totals } }, { exceptions }) =>
    totals.inFlight.count === (exceptions?.size ?? 0) ? [] : [totals.inFlight],
  'the reservation is released, the fund adds up': ({ balance, batch: { totals } }) => {
    const { allotted, available, reserved, inFlight, paid } = balance;
    const isWhole = BigInt(allotted) === BigInt(available) + BigInt(inFlight) + BigInt(paid);
    const isPaid = paid === totals.paid.amount && inFlight === totals.inFlight.amount;
    return isWhole && isPaid && reserved === '0' ? [] : [balance, totals];
  },
  'sum(ledger) = sum(paid) = bank total': ({ balance, payments, bank, bankTotal }, { exceptions }) => {
    const paid = payments.filter(({ state }) => state === 'paid');
    const ours = paid.reduce((sum, { paidAmount }) => sum + BigInt(paidAmount ?? 0), 0n);
    // What waits as an exception the bank has moved, and we have not booked.
    const odd = bank.filter(({ endToEndId }) => exceptions?.has(endToEndId));
    const waiting = odd.reduce((sum, { debited, credited }) => sum + BigInt(debited) - BigInt(credited), 0n);
    return BigInt(balance.paid) === ours && ours + waiting === bankTotal
      ? []
      : [
          {
            ledger: balance.paid,
            paid: ours.toString(),
            waiting: waiting.toString(),
            bank: bankTotal.toString(),
          },
        ];
  },
  'no chunk is an orphan': ({ orphans }) => orphans,
  'the audit chain is whole': ({ verification }) =>
    verification.checks.filter(({ name, ok }) => name === 'the audit log is a whole chain' && !ok),
  'no chunk is left on its way': ({ batch: { chunks } }) =>
    chunks.total > 1 && chunks.total === chunks.accepted + chunks.refused ? [] : [chunks],
  'the batch has come to its end': ({ batch }, { exceptions }) =>
    batch.state === (exceptions?.size ? 'transmitted' : 'reconciled') ? [] : [batch.state],
  'verification holds': ({ verification }) => verification.checks.filter(({ ok }) => !ok),
  'no message was sent blindly': ({ rig, batch }) => rig.relay.sentBlindly(batch.code),
  'the relay of the test worked': ({ rig }) => rig.relay.failures,
};

/** Waits until all is quiet, then holds our books and the bank's against every invariant, and replays everything. */
export async function expectEverythingAccounted(
  rig: FaultRig,
  batch: BatchUnderTest,
  expected: Expected,
): Promise<Batch> {
  await rig.rest(batch);
  expect({ seed: expected.seed, broken: await brokenInvariants(rig, batch, expected) }).toEqual({
    seed: expected.seed,
    broken: {},
  });
  return rig.people.operator.batches.get(batch.id);
}

/** How each invariant is broken that does not hold, by its name: how often, and where first. */
export async function brokenInvariants(
  rig: FaultRig,
  batch: BatchUnderTest,
  expected: Expected,
): Promise<Record<string, { count: number; first: unknown[] }>> {
  const accounts = await takeAccounts(rig, batch);
  const broken = Object.entries(invariants).map(
    ([name, breaches]) => [name, breaches(accounts, expected)] as [string, unknown[]],
  );
  broken.push(['our lines are the bank’s books, line by line', await differences(accounts)]);
  broken.push(['replaying every document and message changes nothing', await changedByReplay(rig, batch)]);
  const found = broken.filter(([, breaches]) => breaches.length > 0);
  return Object.fromEntries(
    found.map(([name, all]) => [name, { count: all.length, first: all.slice(0, 3) }]),
  );
}

async function takeAccounts(
  rig: FaultRig,
  { id, number, fundId, account }: BatchUnderTest,
): Promise<Accounts> {
  const { operator } = rig.people;
  const bankTotals = await rig.witness.totals(account);
  return {
    batch: await operator.batches.get(id),
    payments: await all(operator.batches.streamPayments(id)),
    outcomes: await rig.rows(
      `SELECT row_no AS row, string_agg(kind, '+' ORDER BY kind) AS kinds FROM payment_outcome
       WHERE batch_number = $1 GROUP BY row_no`,
      [number],
    ),
    exceptions: await all(everyItem((query) => operator.batches.exceptions(id, query))),
    balance: await operator.funds.balance(fundId),
    reconciliation: await operator.batches.reconciliation(id),
    verification: await operator.verification(),
    bank: await all(rig.witness.books(account)),
    bankBalances: bankTotals.balanced,
    bankTotal: BigInt(bankTotals.debited) - BigInt(bankTotals.credited),
    orphans: await rig.rows(
      `SELECT chunk_no AS "chunkNo", state, 'without its payments' AS orphan FROM chunk
       WHERE batch_number = $1 AND payments <> (SELECT count(*) FROM payment WHERE payment.batch_number = $1
         AND payment.chunk_no = chunk.chunk_no AND row_no BETWEEN first_row AND last_row)
       UNION ALL SELECT chunk_no, state, 'under a lease that nobody holds' FROM chunk
       WHERE batch_number = $1 AND (lease_until IS NOT NULL OR state = 'sending')
       UNION ALL SELECT chunk_no, NULL, 'a payment of no chunk' FROM payment
       WHERE batch_number = $1 AND chunk_no NOT IN (SELECT chunk_no FROM chunk WHERE batch_number = $1)`,
      [number],
    ),
    rig,
  };
}

async function differences({ payments, bank }: Accounts): Promise<string[]> {
  const { agrees, differences: found } = await compareBooks(Readable.from(payments), Readable.from(bank));
  return agrees ? [] : found;
}

/**
 * Hands every document of the bank to us once more, every message of ours to the bank, and every answer of the bank to
 * us: names the tables that are not what they were before, and answers that should not be.
 */
async function changedByReplay(rig: FaultRig, batch: BatchUnderTest): Promise<string[]> {
  const { operator } = rig.people;
  const before = await snapshot(rig, batch);
  const odd: string[] = [];
  for (const { id } of await rig.witness.documents(batch.account)) {
    const { items } = await upload(rig, await rig.witness.download(id));
    if (!items.every(({ alreadyImported }) => alreadyImported)) odd.push(`document ${id} was taken as new`);
  }
  for (const { number, messageId } of (await operator.batches.messages(batch.id)).items) {
    const copy = new PassThrough();
    const [message] = await Promise.all([
      text(copy),
      operator.batches.downloadMessage(batch.id, number, forComparison, copy),
    ]);
    const answer = await rig.witness.deliver(message);
    if (answer !== (await rig.witness.statusReport(messageId)))
      odd.push(`${messageId} is answered otherwise`);
    await upload(rig, answer);
  }
  const after = await snapshot(rig, batch);
  return [...odd, ...[...before.keys()].filter((name) => before.get(name) !== after.get(name))];
}

const upload = (rig: FaultRig, xml: string) =>
  rig.people.operator.statements.import({ open: () => Readable.from([Buffer.from(xml)]) });

/** Our tables of money, and the bank's books, each as one digest. */
async function snapshot(rig: FaultRig, { account }: BatchUnderTest): Promise<Map<string, string>> {
  const digests = new Map<string, string>();
  for (const table of tables) {
    const [row] = await rig.rows<{ digest: string }>(
      `SELECT coalesce(md5(string_agg(md5(line::text), '' ORDER BY md5(line::text))), '') AS digest FROM ${table} line`,
    );
    digests.set(table, row!.digest);
  }
  digests.set("the bank's books", JSON.stringify(await all(rig.witness.books(account))));
  digests.set("the bank's documents", JSON.stringify(await rig.witness.documents(account)));
  return digests;
}

const tables = [
  'batch',
  'chunk',
  'payment',
  'payment_outcome',
  'payment_exception',
  'ledger_account',
  'ledger_transaction',
  'ledger_posting',
  'statement',
  'statement_entry',
  'bank_cursor',
];

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const one of items) list.push(one);
  return list;
}
