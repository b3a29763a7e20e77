import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Batch, Client, Fund } from '@ansinh/client';
import type { Suite } from '@ansinh/embedded';
import { BankWitness, type BookComparison, compareBooks } from '@ansinh/witness';
import { tell } from '../command.js';
import type { DemoList } from './list.js';
import { payBatch, type People } from './pay-batch.js';
import { StepProgress } from './progress.js';
import { signIn } from './sign-in.js';

export interface DemoResult {
  batch: Batch;
  exceptions: number;
  balanced: boolean;
  books: BookComparison;
  seconds: number;
}

const account = {
  bin: '970405',
  number: '2600201009999',
  name: 'SỞ LAO ĐỘNG - THƯƠNG BINH VÀ XÃ HỘI BẮC NINH',
};

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
      : await payBatch({ people, bank, account, ...options }, await submit(people, checked));
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

function submit({ maker }: People, checked: Batch): Promise<Batch> {
  tell({
    vi: `Trình ${checked.kept} khoản, tách ra ${checked.setAside}`,
    en: `Submit ${checked.kept} payments, ${checked.setAside} set aside`,
  });
  return maker.batches.submit(checked.id);
}
