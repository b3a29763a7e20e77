import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Command, InvalidArgumentError } from 'commander';
import type { Batch, Client, RecoveryStatus } from '@ansinh/client';
import { compareBooks } from '@ansinh/witness';
import { runCommand, tell } from './command.js';
import { generateList, surveyList } from './demo/list.js';
import { signIn } from './demo/sign-in.js';
import { Stage } from './rehearsal/stage.js';

const whole = (text: string) => {
  if (!/^[0-9]{1,6}$/.test(text)) throw new InvalidArgumentError('cần số nguyên / a whole number is needed');
  return Number(text);
};

const program = new Command('npm run rehearse:restore --')
  .description(
    'Khôi phục bản sao lưu giữa lô / a backup from the middle of a batch comes back, after the bank has gone on',
  )
  .option('--rows <n>', 'số dòng / rows of the batch', whole, 20_000)
  .option('--seed <n>', 'hạt giống / seed of the lists and of the faults', whole, 1);
program.parse();
const { rows, seed } = program.opts<{ rows: number; seed: number }>();

const lookMs = 200;
const note = 'Diễn tập khôi phục bản sao lưu giữa lô';

interface Paid {
  batch: Batch;
  account: string;
}

await runCommand(async (signal) => {
  const folder = await mkdtemp(join(tmpdir(), 'ansinh-rehearsal-'));
  const stage = await Stage.set(signal);
  try {
    const result = await rehearse(stage, folder, signal);
    process.stdout.write(`${JSON.stringify(result)}\n`);
    return result.ok ? 0 : 1;
  } finally {
    await stage.strike();
    await rm(folder, { recursive: true, force: true });
  }
});

async function rehearse(
  stage: Stage,
  folder: string,
  signal: AbortSignal,
): Promise<{ ok: boolean; [fact: string]: unknown }> {
  const people = await gather(stage);
  await stage.slowBank(seed);
  const funds = [await openFund(stage, people.operator, 'A'), await openFund(stage, people.operator, 'B')];
  const begun = await prepare(people, funds[0]!, await listOf(folder, rows, seed));
  const isDue = (batch: Batch) => batch.chunks.accepted * 5 >= batch.chunks.total;
  await people.operator.batches.transmit(begun.batch.id);
  await until(people.operator, begun, isDue, signal);
  tell({ vi: 'Sao lưu giữa lô', en: 'Backup in mid-batch' });
  await stage.backUp();
  tell({ vi: 'Gửi tiếp đến hết, và một lô nữa', en: 'The rest is sent, and one batch more' });
  await until(people.operator, begun, ({ state }) => state === 'reconciled', signal);
  const lost = await prepare(people, funds[1]!, await listOf(folder, 500, seed + 1));
  await people.operator.batches.transmit(lost.batch.id);
  await until(people.operator, lost, ({ state }) => state === 'reconciled', signal);
  const paidBefore = await totals(stage, [begun, lost]);

  tell({ vi: 'Mất máy chủ, khôi phục bản sao lưu', en: 'The server is lost, the backup comes back' });
  await stage.loseAndRestore();
  const due = await untilStatus(people.operator, ({ comparison }) => comparison !== null, signal);
  tell({
    vi: `Ngân hàng biết nhiều hơn: ${due.comparison!.messages.length} điện`,
    en: `The bank knows more: ${due.comparison!.messages.length} messages`,
  });
  await people.operator.recovery.begin(note);
  const { recovery, unknownPayments } = await untilStatus(
    people.operator,
    (status) => status.recovery?.state === 'collected',
    signal,
  );
  await people.operator.recovery.end(note);
  await people.operator.batches.transmit(begun.batch.id);
  const ended = await until(people.operator, begun, ({ state }) => state === 'reconciled', signal);

  const paidAfter = await totals(stage, [begun, lost]);
  const books = await compareBooks(
    people.operator.batches.streamPayments(begun.batch.id),
    stage.bank.books(begun.account),
  );
  const verification = await people.operator.verification();
  const isPaidOnce = JSON.stringify(paidBefore) === JSON.stringify(paidAfter);
  const isLostShown = unknownPayments.count === lost.batch.kept;
  const isMidBatch = recovery!.newlyKnown.length > 0;
  return {
    ok:
      isPaidOnce &&
      isLostShown &&
      isMidBatch &&
      books.agrees &&
      verification.ok &&
      due.comparison!.verdict === 'ahead',
    payments: ended.kept,
    messages: ended.chunks.total,
    sentAfterTheBackup: recovery!.newlyKnown.length,
    lostMessages: recovery!.lost.length,
    lostPaymentsShown: unknownPayments.count,
    bankDebitsUnchanged: isPaidOnce,
    booksAgree: books.agrees,
    verified: verification.ok,
  };
}

type People = Record<'maker' | 'checker1' | 'checker2' | 'operator', Client>;

async function gather({ suite }: Stage): Promise<People> {
  const names = ['maker', 'checker1', 'checker2', 'operator'] as const;
  const clients = await Promise.all(names.map(async (name) => [name, await signIn(suite, name)] as const));
  return Object.fromEntries(clients) as People;
}

async function listOf(folder: string, count: number, listSeed: number) {
  const path = join(folder, `list-${listSeed}.csv`);
  await generateList(path, count, listSeed);
  return surveyList(path);
}

/** A fund whose account at the bank holds the same money: a payment too many would show on both sides. */
async function openFund({ bank }: Stage, operator: Client, name: string) {
  const account = { bin: '970405', number: `260020100${name.charCodeAt(0)}`, name: 'SO LAO DONG BAC NINH' };
  for (const code of ['NQ68']) await operator.programmes.put({ code, name: code });
  const fund = await operator.funds.create({
    code: `DT-${name}`,
    name: `Diễn tập ${name}`,
    budgetSource: 'Ngân sách tỉnh',
    programmeCodes: ['NQ68'],
    channel: 'iso20022-http',
    account,
  });
  const amount = '100000000000';
  await operator.funds.allot(fund.id, { amount, reference: `QĐ-${name}` });
  await bank.openAccount({ number: account.number, name: account.name, openingBalance: amount });
  return fund;
}

async function prepare(
  { maker, checker1, checker2 }: People,
  fund: Awaited<ReturnType<typeof openFund>>,
  list: Awaited<ReturnType<typeof surveyList>>,
): Promise<Paid> {
  const draft = await maker.batches.create({
    fundId: fund.id,
    programmeCode: 'NQ68',
    purpose: 'Diễn tập',
    period: '2022-03',
    channel: 'iso20022-http',
  });
  const open = () => createReadStream(list.path);
  await maker.batches.importPayments(draft.id, { open, type: list.type, onBlocking: 'setAside' });
  let batch = await maker.batches.get(draft.id);
  for (; batch.state === 'checking'; batch = await maker.batches.get(draft.id)) await sleep(lookMs);
  batch = await maker.batches.submit(batch.id);
  for (const checker of [checker1, checker2].slice(0, batch.requiredApprovals)) {
    batch = await checker.batches.approve(batch.id, batch.digest!);
  }
  return { batch, account: fund.account.number };
}

async function until(
  operator: Client,
  { batch }: Paid,
  is: (batch: Batch) => boolean,
  signal: AbortSignal,
): Promise<Batch> {
  for (;;) {
    const now = await operator.batches.get(batch.id);
    if (is(now)) return now;
    await sleep(lookMs, undefined, { signal });
  }
}

async function untilStatus(
  operator: Client,
  is: (status: RecoveryStatus) => boolean,
  signal: AbortSignal,
): Promise<RecoveryStatus> {
  for (;;) {
    const now = await operator.recovery.status();
    if (is(now)) return now;
    await sleep(lookMs, undefined, { signal });
  }
}

/** What the bank itself has taken from each account. */
async function totals({ bank }: Stage, paid: Paid[]) {
  return Promise.all(paid.map(({ account }) => bank.totals(account)));
}
