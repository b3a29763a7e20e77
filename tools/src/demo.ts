import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { ProblemError } from '@ansinh/client';
import { FriendlyError, startSuite, type Suite } from '@ansinh/embedded';
import { runCommand, tell, WORKSPACE } from './command.js';
import { generateList, surveyList } from './demo/list.js';
import { type DemoResult, runBatch } from './demo/run-batch.js';

interface DemoOptions {
  rows: number;
  seed: number;
  list?: string;
  faults: number;
  keep: boolean;
  state?: string;
}

const whole = (text: string) => {
  if (!/^[0-9]{1,7}$/.test(text)) throw new InvalidArgumentError('cần số nguyên / a whole number is needed');
  return Number(text);
};

const share = (text: string) => {
  const rate = Number(text);
  if (!/^[0-9.]+$/.test(text) || !(rate >= 0 && rate <= 1)) {
    throw new InvalidArgumentError('cần số từ 0 đến 1 / a number from 0 to 1 is needed');
  }
  return rate;
};

const program = new Command('npm run demo --')
  .description(
    'Một lô chi trả từ danh sách đến sao kê đã đối chiếu / a batch from a list to a reconciled statement',
  )
  .option('--rows <n>', 'số dòng của danh sách mẫu / rows of the sample list', whole, 20_000)
  .option('--seed <n>', 'hạt giống / seed of the sample list and of the faults', whole, 1)
  .option('--list <file>', 'danh sách của bạn / a list of yours: .csv, .ndjson or .xlsx')
  .option('--faults <rate>', 'tỷ lệ lỗi của ngân hàng / rate of bank faults, 0 to 1', share, 0)
  .option('--state <folder>', 'để dữ liệu và nhật ký ở đây, không xoá / leave the data and the logs here')
  .option('--keep', 'giữ hệ thống chạy sau khi xong / keep everything running afterwards', false);

program.parse();
const options = program.opts<DemoOptions>();

await runCommand(async (signal) => {
  const folder = await mkdtemp(join(tmpdir(), 'ansinh-demo-'));
  let suite: Suite | undefined;
  try {
    const path = options.list
      ? resolve(process.env['INIT_CWD'] ?? '.', options.list)
      : join(folder, 'list.csv');
    if (!options.list) await generateList(path, options.rows, options.seed);
    const list = await surveyList(path);
    suite = await startSuite({
      workspace: WORKSPACE,
      persistent: false,
      ...(options.state && { directory: resolve(process.env['INIT_CWD'] ?? '.', options.state) }),
      ports: 'free',
      onProgress: tell,
      signal,
    });
    const result = await runBatch(suite, list, { ...options, signal });
    for (const difference of result.books.differences) tell({ vi: `✗ ${difference}`, en: `✗ ${difference}` });
    process.stdout.write(`${JSON.stringify(summary(result, peakRssMb(suite)))}\n`);
    if (options.keep) await keepRunning(suite, signal);
    return result.balanced && result.books.agrees ? 0 : 1;
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    const { title, detail = '' } = error.problem;
    throw new FriendlyError({ vi: `${title}. ${detail}`, en: `${title}. ${detail}` }, { cause: error });
  } finally {
    await suite?.stop();
    await rm(folder, { recursive: true, force: true });
  }
});

/** The largest of our processes, this one included. */
function peakRssMb(suite: Suite): number {
  const own = process.resourceUsage().maxRSS / 1_024;
  return Math.ceil(Math.max(own, ...Object.values(suite.peakRssMb())));
}

function summary({ batch, exceptions, balanced, books, seconds }: DemoResult, peak: number): object {
  const { approved, paid, returned, refused, inFlight } = batch.totals;
  return {
    rows: batch.rows,
    setAside: batch.setAside,
    approved: approved.count,
    paid: paid.count,
    returned: returned.count,
    refused: refused.count,
    inFlight: inFlight.count,
    exceptions,
    amountApproved: approved.amount,
    amountPaid: paid.amount,
    amountReturned: returned.amount,
    amountRefused: refused.amount,
    findings: Object.fromEntries(
      Object.entries(batch.findings).map(([code, { block, warn }]) => [code, block + warn]),
    ),
    balanced,
    bankAgrees: books.agrees,
    seconds: Number(seconds.toFixed(2)),
    paymentsPerSecond: Math.round(approved.count / seconds),
    peakRssMb: peak,
  };
}

async function keepRunning(suite: Suite, signal: AbortSignal): Promise<void> {
  const { disbursements, gateway } = suite.addresses;
  tell({
    vi: `REST ${disbursements}/v1 · GraphQL ${gateway}/graphql · Ctrl-C để dừng`,
    en: `REST ${disbursements}/v1 · GraphQL ${gateway}/graphql · Ctrl-C stops`,
  });
  await new Promise<void>((done) => {
    if (signal.aborted) done();
    signal.addEventListener('abort', () => done());
  });
}
