import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Batch, Client, Fund } from '@ansinh/client';
import type { Suite } from '@ansinh/embedded';
import { BankWitness, type BookComparison, compareBooks } from '@ansinh/witness';
import { tell } from '../command.js';
import type { DemoList } from './list.js';
import { StepProgress } from './progress.js';
import { signIn } from './sign-in.js';

export interface DemoResult {
  batch: Batch;
  exceptions: number;
  balanced: boolean;
  books: BookComparison;
  seconds: number;
}

interface People {
  maker: Client;
  checkers: Client[];
  operator: Client;
}

const account = {
  bin: '970405',
  number: '2600201009999',
  name: 'SỞ LAO ĐỘNG - THƯƠNG BINH VÀ XÃ HỘI BẮC NINH',
};
const lookMs = 300;
/** No line moved for this long and the books still differ: something is lost, and the result must say so. */
const patienceMs = 60_000;

/** Takes a list through its whole life, each part played by whom the rules want. */
export async function runBatch(
  suite: Suite,
  list: DemoList,
  options: { seed: number; faults: number; signal: AbortSignal },
): Promise<DemoResult> {
  const people: People = {
    maker: await signIn(suite, 'maker'),
    checkers: [await signIn(suite, 'checker1'), await signIn(suite, 'checker2')],
    operator: await signIn(suite, 'operator'),
  };
  const bank = new BankWitness(suite.addresses.bank, suite.secrets.BANK_API_TOKEN);
  const fund = await openFund(people.operator, bank, list);
  if (options.faults > 0) await bank.planFaults(options.seed, options.faults);
  const startedAt = performance.now();
  const checked = await importList(people.maker, fund, list);
  // A list without a line that can be paid ends here: it is accounted for by its findings.
  const books =
    checked.kept === 0
      ? await compareBooks(people.operator.batches.streamPayments(checked.id), bank.books(account.number))
      : await pay(people, bank, checked, options);
  const batch = await people.operator.batches.get(checked.id);
  const reconciliation = await people.operator.batches.reconciliation(checked.id);
  const seconds = (performance.now() - startedAt) / 1_000;
  const verification = await people.operator.verification();
  for (const check of verification.checks.filter(({ ok }) => !ok)) {
    tell({
      vi: `✗ ${check.name}: ${check.expected} ≠ ${check.actual}`,
      en: `✗ ${check.name}: ${check.expected} ≠ ${check.actual}`,
    });
  }
  const { open, resolved } = reconciliation.exceptions;
  const balanced = reconciliation.balanced && verification.ok;
  return { batch, exceptions: open + resolved, balanced, books, seconds };
}

async function pay(
  people: People,
  bank: BankWitness,
  checked: Batch,
  options: { faults: number; signal: AbortSignal },
): Promise<BookComparison> {
  const { operator } = people;
  const approved = await decide(people, checked);
  await operator.batches.transmit(approved.id);
  await watch(operator, approved, options.signal);
  const books = await awaitAgreement(operator, bank, approved.id, options);
  await reconcileStatement(operator, bank, approved.id, options.signal);
  return books;
}

async function openFund(operator: Client, bank: BankWitness, list: DemoList): Promise<Fund> {
  for (const code of list.programmeCodes)
    await operator.programmes.put({ code, name: `Chương trình ${code}` });
  const fund = await operator.funds.create({
    code: 'DEMO',
    name: 'Nguồn kinh phí trình diễn',
    budgetSource: 'Ngân sách tỉnh',
    programmeCodes: list.programmeCodes,
    channel: 'iso20022-http',
    account,
  });
  const amount = (list.amount > 0n ? list.amount : 1n).toString();
  await operator.funds.allot(fund.id, { amount, reference: 'QĐ-DEMO' });
  await bank.openAccount({ number: account.number, name: account.name, openingBalance: amount });
  return fund;
}

async function importList(maker: Client, fund: Fund, list: DemoList): Promise<Batch> {
  const batch = await maker.batches.create({
    fundId: fund.id,
    programmeCode: list.programmeCodes[0]!,
    purpose: 'Trình diễn: từ danh sách đến sao kê đã đối chiếu',
    period: '2022-03',
    channel: 'iso20022-http',
  });
  const { size } = await stat(list.path);
  const progress = new StepProgress({ vi: 'Nhập danh sách (byte)', en: 'Import (bytes)' }, size);
  let current = await maker.batches.importPayments(batch.id, {
    open: () => createReadStream(list.path),
    type: list.type,
    onBlocking: 'setAside',
    onProgress: (bytes) => progress.update(bytes),
  });
  progress.end();
  tell({ vi: `Kiểm tra ${current.rows} dòng`, en: `Check of ${current.rows} lines` });
  while (current.state === 'checking') {
    await sleep(100);
    current = await maker.batches.get(batch.id);
  }
  return current;
}

async function decide({ maker, checkers }: People, checked: Batch): Promise<Batch> {
  tell({
    vi: `Trình ${checked.kept} khoản, tách ra ${checked.setAside}`,
    en: `Submit ${checked.kept} payments, ${checked.setAside} set aside`,
  });
  let batch = await maker.batches.submit(checked.id);
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
  operator: Client,
  bank: BankWitness,
  batchId: string,
  { faults, signal }: { faults: number; signal: AbortSignal },
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
      const books = await compareBooks(operator.batches.streamPayments(batchId), bank.books(account.number));
      if (books.agrees || isOver) return books;
    }
    await sleep(lookMs, undefined, { signal });
  }
}

/** The day's account statement: the bank's sums by message against the sums of our lines. */
async function reconcileStatement(
  operator: Client,
  bank: BankWitness,
  batchId: string,
  signal: AbortSignal,
): Promise<void> {
  await bank.drawStatement(account.number);
  const { debited } = await bank.totals(account.number);
  const until = Date.now() + patienceMs;
  while (Date.now() < until) {
    const { statementDebits } = await operator.batches.reconciliation(batchId);
    if (statementDebits === debited) return;
    await sleep(lookMs, undefined, { signal });
  }
  tell({
    vi: 'Sao kê của ngân hàng không khớp tổng chi.',
    en: 'The bank statement does not match the payments.',
  });
}
