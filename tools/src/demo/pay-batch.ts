import { setTimeout as sleep } from 'node:timers/promises';
import type { Batch, Client } from '@ansinh/client';
import { type BankWitness, type BookComparison, type BookLine, compareBooks } from '@ansinh/witness';
import { tell } from '../command.js';
import { StepProgress } from './progress.js';

/** Who plays the parts that the rules keep apart. */
export interface People {
  maker: Client;
  checkers: Client[];
  operator: Client;
}

/** The account that a fund pays from, as bank and fund know it. */
export interface PayerAccount {
  bin: string;
  number: string;
  name: string;
}

interface Paying {
  people: People;
  bank: BankWitness;
  account: PayerAccount;
  /** Codes of batches that the account has paid before: the bank's books have them too. */
  paidBefore?: readonly string[];
  faults: number;
  signal: AbortSignal;
}

const lookMs = 300;
/** No line moved for this long and the books still differ: something is lost, and the result must say so. */
const patienceMs = 60_000;

/** From a submitted batch to a reconciled statement. @returns how our books compare with the bank's, line by line */
export async function payBatch(paying: Paying, submitted: Batch): Promise<BookComparison> {
  const { people, bank, account, signal } = paying;
  const { operator } = people;
  // An account may have paid other batches before.
  const before = await bank.totals(account.number);
  const approved = await approve(people, submitted);
  await operator.batches.transmit(approved.id);
  await watch(operator, approved, signal);
  const books = await awaitAgreement(paying, approved);
  await reconcileStatement({ operator, bank, account }, approved.id, {
    debitedBefore: before.debited,
    signal,
  });
  return books;
}

async function approve({ checkers }: People, submitted: Batch): Promise<Batch> {
  let batch = submitted;
  for (const checker of checkers.slice(0, batch.requiredApprovals)) {
    batch = await checker.batches.approve(batch.id, batch.digest!);
  }
  tell({ vi: `Đã duyệt ${batch.amount} đồng`, en: `${batch.amount} đồng approved` });
  return batch;
}

/** Until nothing more is to be sent; what the bank still has to tell comes after. */
async function watch(operator: Client, batch: Batch, signal: AbortSignal): Promise<void> {
  const progress = new StepProgress({ vi: 'Chi trả và đối chiếu', en: 'Pay and reconcile' }, batch.kept);
  for await (const now of operator.batches.watch(batch.id, signal)) {
    const { paid, returned, refused } = now.totals;
    progress.update(paid.count + returned.count + refused.count);
    if (now.state === 'transmitted' || now.state === 'reconciled') break;
  }
  progress.end();
}

/** Compares the books until they agree twice in a row, or nothing has moved for long. */
async function awaitAgreement(
  { people: { operator }, bank, account, paidBefore = [], faults, signal }: Paying,
  { id: batchId }: Batch,
): Promise<BookComparison> {
  tell({ vi: 'So sổ với ngân hàng, từng dòng', en: 'Comparing books with the bank, line by line' });
  let seen = '';
  let movedAt = Date.now();
  for (;;) {
    const batch = await operator.batches.get(batchId);
    const now = JSON.stringify([batch.totals, batch.openExceptions, await bank.totals(account.number)]);
    const isQuiet = now === seen;
    if (!isQuiet) [seen, movedAt] = [now, Date.now()];
    const isOver = Date.now() - movedAt > patienceMs;
    // With faults, a return may follow a settlement: a quiet moment must pass before the books are believed.
    const isSettled = faults === 0 ? batch.state === 'reconciled' : isQuiet && Date.now() - movedAt > 2_500;
    if (isSettled || isOver) {
      const theirs = linesBeside(bank.books(account.number), paidBefore);
      const books = await compareBooks(operator.batches.streamPayments(batchId), theirs);
      if (books.agrees || isOver) return books;
    }
    await sleep(lookMs, undefined, { signal });
  }
}

/** Whatever the bank's books have, but for batches that were compared before. */
async function* linesBeside(
  books: AsyncIterable<BookLine>,
  codes: readonly string[],
): AsyncGenerator<BookLine> {
  for await (const line of books) {
    if (!codes.some((code) => line.endToEndId.startsWith(`${code}-`))) yield line;
  }
}

/** The day's account statement: the bank's sums by message against the sums of our lines. */
async function reconcileStatement(
  { operator, bank, account }: { operator: Client; bank: BankWitness; account: PayerAccount },
  batchId: string,
  { debitedBefore, signal }: { debitedBefore: string; signal: AbortSignal },
): Promise<void> {
  await bank.drawStatement(account.number);
  const { debited } = await bank.totals(account.number);
  const until = Date.now() + patienceMs;
  while (Date.now() < until) {
    const { statementDebits } = await operator.batches.reconciliation(batchId);
    if (BigInt(statementDebits) === BigInt(debited) - BigInt(debitedBefore)) return;
    await sleep(lookMs, undefined, { signal });
  }
  tell({
    vi: 'Sao kê của ngân hàng không khớp tổng chi.',
    en: 'The bank statement does not match the payments.',
  });
}
