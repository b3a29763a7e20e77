import type { Command } from 'commander';
import { type BankException, type BankFile, type BankFileKind, everyItem } from '@ansinh/client';
import type { Context } from '../context.js';
import { exitCodes, UsageError } from '../failure.js';
import { writeOut } from '../output/file.js';
import { printItems } from '../output/items.js';
import { startProgress } from '../output/progress.js';
import { facts, table } from '../output/table.js';
import { choice, matching, wholeNumber, withExamples } from '../usage.js';
import { openList, typeOf } from './batch-prepare.js';
import { listTypes } from './list-types.js';

const dayForm = /^\d{4}-\d{2}-\d{2}$/;

interface FileOptions {
  asOf?: string;
  dryRun?: boolean;
  goOn?: boolean;
  format?: string;
  remarks?: string;
}

/** `loans import-repayments`, `reconcile` and `exceptions`: what the bank tells of its book, beside ours. */
export function registerLoanBank(loans: Command, context: Context): void {
  const text = context.text.loans;
  const fileCommand = (name: string, description: string) =>
    loans
      .command(name)
      .description(description)
      .argument('<file>', text.file)
      .addOption(choice('--format <format>', text.options.format, Object.keys(listTypes), context))
      .option('--go-on', text.options.goOn)
      .option('--remarks <file>', text.options.remarks);
  const importing = fileCommand('import-repayments', text.importRepayments)
    .option('--dry-run', text.options.dryRun)
    .action((file: string, options: FileOptions) => takeFile(context, 'repayments', file, options));
  withExamples(importing, context, [
    'ansinh loans import-repayments thu-no-2022-05.xlsx --dry-run',
    'ansinh loans import-repayments thu-no-2022-05.xlsx --remarks remarks.xlsx',
  ]);
  const reconciling = fileCommand('reconcile', text.reconcile)
    .option('--as-of <day>', text.options.asOf, matching(dayForm, text.options.asOf))
    .action((file: string, options: FileOptions) => takeFile(context, 'balances', file, options));
  withExamples(reconciling, context, ['ansinh loans reconcile du-no.xlsx --as-of 2022-06-30']);
  const exceptions = loans
    .command('exceptions')
    .description(text.exceptions)
    .addOption(choice('--state <state>', text.options.state, ['open', 'resolved'], context).default('open'))
    .option('--limit <count>', text.options.limit, wholeNumber(context), 100)
    .action(({ state, limit }: { state: string; limit: number }) => {
      const all = everyItem((page) => context.employmentLoans.bank.exceptions.list({ state, ...page }));
      return printItems(context, all, limit, (found) => exceptionTable(context, found));
    });
  withExamples(exceptions, context, ['ansinh loans exceptions', 'ansinh loans exceptions --state resolved']);
}

/** The file is looked at; unless that is all, its rows are taken up chunk by chunk. Whatever stops it, `--go-on` goes on. */
async function takeFile(
  context: Context,
  kind: BankFileKind,
  file: string,
  { asOf, dryRun, goOn, format, remarks }: FileOptions,
): Promise<void> {
  const { files } = context.employmentLoans.bank;
  if (goOn && dryRun) throw new UsageError(context.text.registry.goOnOrDryRun);
  if (kind === 'balances' && !goOn && asOf === undefined)
    throw new UsageError(context.text.general.usage.missingOption('--as-of'));
  const brought = goOn ? await files.get(file) : await bring(context, { kind, asOf }, file, format);
  const taken = dryRun ? brought : await takeUp(context, brought);
  if (remarks !== undefined) {
    const type = typeOf(context, remarks, undefined);
    await writeOut(context, remarks, (to) => files.downloadList(taken.id, { type, rows: 'flawed' }, to));
  }
  context.print(taken, fileText(context, taken, dryRun ? taken.foreseen : taken.outcomes));
  const isFlawed = dryRun
    ? taken.blocked > 0 || taken.foreseen.some(({ outcome }) => outcome !== 'booked' && outcome !== 'known')
    : taken.agrees === false;
  if (isFlawed) context.exitCode = exitCodes.wrongFound;
}

async function bring(
  context: Context,
  head: { kind: BankFileKind; asOf?: string },
  file: string,
  format: string | undefined,
): Promise<BankFile> {
  const type = typeOf(context, file, format);
  const { open, totalBytes: total } = await openList(context, file);
  const progress = startProgress(context, 'bytes');
  try {
    return await context.employmentLoans.bank.files.bring(head, {
      open,
      type,
      onProgress: (done) => progress.update({ label: context.text.batch.uploading, done, total }),
    });
  } finally {
    progress.stop();
  }
}

async function takeUp(context: Context, brought: BankFile): Promise<BankFile> {
  const { loans } = context.text;
  const progress = startProgress(context, 'rows');
  // Said before the first row is taken up: whoever is stopped needs it to go on.
  if (!brought.isFinished) context.note(loans.goOnBy(brought.kind, brought.id));
  let file = brought;
  try {
    while (!file.isFinished) {
      file = await context.employmentLoans.bank.files.apply(file.id);
      progress.update({ label: loans.takingUp, done: file.applied, total: file.rows });
    }
  } finally {
    progress.stop();
  }
  return file;
}

function fileText(context: Context, file: BankFile, outcomes: BankFile['outcomes']): string {
  const { labels, columns, outcomes: words, agrees, differs } = context.text.loans;
  const figures = facts([
    [labels.file, file.id],
    [labels.rows, context.count(file.rows)],
    [labels.blocked, context.count(file.blocked)],
    [labels.applied, context.count(file.applied)],
    ...(file.ourPrincipal === null
      ? []
      : ([
          [labels.missing, context.count(file.missing)],
          [labels.ourPrincipal, context.amount(file.ourPrincipal)],
        ] as [string, string][])),
    ...(file.agrees === null
      ? []
      : ([[labels.result, file.agrees ? agrees : differs]] as [string, string][])),
  ]);
  if (outcomes.length === 0) return figures;
  const rows = outcomes.map(({ outcome, rows, amount }) => [
    words[outcome] ?? outcome,
    context.count(rows),
    context.amount(amount),
  ]);
  return `${figures}\n\n${table([{ title: columns.outcome }, { title: columns.rows, right: true }, { title: columns.amount, right: true }], rows)}`;
}

function exceptionTable(context: Context, exceptions: BankException[]): string {
  const { columns, outcomes } = context.text.loans;
  const amount = (value: string | null) => (value === null ? '' : context.amount(value));
  return table(
    [
      { title: columns.id },
      { title: columns.code },
      { title: columns.loan },
      { title: columns.on },
      { title: columns.expected, right: true },
      { title: columns.observed, right: true },
      { title: columns.reference },
      { title: columns.owner },
    ],
    exceptions.map((each) => [
      each.id,
      outcomes[each.code] ?? each.message,
      each.loanCode,
      each.on,
      amount(each.expected),
      amount(each.observed),
      each.reference,
      each.owner ?? '',
    ]),
  );
}
