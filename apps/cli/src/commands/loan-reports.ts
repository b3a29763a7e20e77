import type { Writable } from 'node:stream';
import { type Command, InvalidArgumentError } from 'commander';
import {
  everyItem,
  type FundReport,
  type LoanJob,
  type LoanPortfolio,
  type LoanReminder,
  type PortfolioDimension,
} from '@ansinh/client';
import type { Context } from '../context.js';
import { writeOut } from '../output/file.js';
import { printItems } from '../output/items.js';
import { facts, table } from '../output/table.js';
import { choice, matching, wholeNumber, withExamples } from '../usage.js';
import { loanId } from './loan-reference.js';

const dayForm = /^\d{4}-\d{2}-\d{2}$/;
const dimensions = [
  'place',
  'product',
  'debtGroup',
  'capitalSource',
] as const satisfies readonly PortfolioDimension[];
const sources = ['central', 'province', 'district'] as const;

/** What every list of the loans may be asked for. */
interface Asked {
  place?: string;
  output?: string;
}

/** `loans portfolio`, `reminders`, `fund-reports` and `jobs`: lists of the loans, on the screen or as a workbook. */
export function registerLoanReports(loans: Command, context: Context): void {
  const { options, ...text } = context.text.loans;
  const day = matching(dayForm, text.day);
  const list = (name: string, description: string) =>
    loans
      .command(name)
      .description(description)
      .option('--place <code>', options.place, matching(/^\d{2,5}$/, options.place))
      .option('-o, --output <file>', options.output);
  const communeOnly = (name: string, description: string) =>
    loans
      .command(name)
      .description(description)
      .option('--place <code>', options.commune, matching(/^\d{5}$/, options.commune))
      .option('-o, --output <file>', options.output)
      .option('--limit <count>', options.limit, wholeNumber(context), 100);
  const portfolio = list('portfolio', text.portfolio)
    .option('--on <day>', options.on, day)
    .option('--known-on <day>', options.knownOn, day)
    .option('--by <dimensions>', options.by, severalOf(dimensions, context), 'debtGroup')
    .action((asked: PortfolioOptions) => showPortfolio(context, asked));
  withExamples(portfolio, context, [
    'ansinh loans portfolio --on 2022-06-30 --by place,debtGroup',
    'ansinh loans portfolio --by product -o portfolio.xlsx',
  ]);
  const reminders = communeOnly('reminders', text.reminders)
    .option('--days <count>', options.days, wholeNumber(context), 15)
    .action(({ days, place, output, limit }: Asked & { days: number; limit: number }) =>
      showList(context, context.employmentLoans.reminders, {
        ...{ query: { days, placeCode: place }, output, limit },
        render: (items) => reminderTable(context, items),
      }),
    );
  withExamples(reminders, context, [
    'ansinh loans reminders',
    'ansinh loans reminders --days 7 --place 09169 -o due.xlsx',
  ]);
  const funds = list('fund-reports', text.fundReports)
    .option('--from <day>', options.from, day)
    .option('--through <day>', options.through, day)
    .option('--known-on <day>', options.knownOn, day)
    .addOption(choice('--source <source>', options.source, sources, context))
    .option('--limit <count>', options.limit, wholeNumber(context), 100)
    .action((asked: FundOptions) => showFunds(context, asked));
  withExamples(funds, context, [
    'ansinh loans fund-reports --from 2022-01-01 --through 2022-06-30',
    'ansinh loans fund-reports --place 256 --source central -o funds.xlsx',
  ]);
  const jobs = communeOnly('jobs', text.jobs)
    .option('--loan <loan>', text.loan)
    .addOption(choice('--outcome <outcome>', options.outcome, Object.keys(text.jobOutcomes), context))
    .action((asked: JobOptions) => showJobs(context, asked));
  withExamples(jobs, context, [
    'ansinh loans jobs --loan VV-00000042',
    'ansinh loans jobs --outcome undecided -o undecided.xlsx',
  ]);
}

/** Some of a few values, each once, parted by commas. */
function severalOf(values: readonly string[], context: Context): (value: string) => string {
  return (value) => {
    const named = value.split(',');
    if (named.every((one, at) => values.includes(one) && named.indexOf(one) === at)) return value;
    throw new InvalidArgumentError(context.text.general.usage.allowed(values.join(', ')));
  };
}

interface Shown<Item, Query> {
  query: Query;
  output: string | undefined;
  limit: number;
  render: (items: Item[]) => string;
}

/** A list of the loans as a table, or the whole of it as a workbook. */
async function showList<Item, Query extends object>(
  context: Context,
  of: {
    list: (
      query: Query & { limit?: number; after?: string },
    ) => Promise<{ items: Item[]; next: string | null }>;
    download: (query: Query, to: Writable) => Promise<void>;
  },
  { query, output, limit, render }: Shown<Item, Query>,
): Promise<void> {
  if (output !== undefined) return save(context, output, (to) => of.download(query, to));
  await printItems(
    context,
    everyItem((page) => of.list({ ...query, ...page })),
    limit,
    render,
  );
}

async function save(context: Context, file: string, write: (to: Writable) => Promise<void>): Promise<void> {
  await writeOut(context, file, write);
  context.print({ file }, context.text.general.saved(file));
}

interface PortfolioOptions extends Asked {
  on?: string;
  knownOn?: string;
  by: string;
}

async function showPortfolio(context: Context, asked: PortfolioOptions): Promise<void> {
  const { portfolio } = context.employmentLoans;
  const { place: placeCode, output, on, knownOn, by } = asked;
  const query = { on, knownOn, by, placeCode };
  if (output !== undefined) return save(context, output, (to) => portfolio.download(query, to));
  const view = await portfolio.get(query);
  context.print(view, portfolioText(context, view, by.split(',') as PortfolioDimension[]));
  const isOpen = view.closedThrough === null || view.closedThrough < view.on;
  if (isOpen) context.note(context.text.loans.notClosed(view.on, view.closedThrough));
}

function portfolioText(context: Context, view: LoanPortfolio, by: PortfolioDimension[]): string {
  const { columns, labels, sources: words, total } = context.text.loans;
  const value = {
    place: (line: LoanPortfolio['items'][number]) => line.placeCode,
    product: (line: LoanPortfolio['items'][number]) => line.productCode,
    debtGroup: (line: LoanPortfolio['items'][number]) => line.debtGroup,
    capitalSource: ({ capitalSource }: LoanPortfolio['items'][number]) =>
      capitalSource && (words[capitalSource] ?? capitalSource),
  };
  const sums = ({ loans, ...amounts }: LoanPortfolio['total']) => [
    context.count(loans),
    context.amount(amounts.principal),
    context.amount(amounts.overduePrincipal),
    context.amount(amounts.interest),
    context.amount(amounts.overdueInterest),
  ];
  const lines = view.items.map((line) => [
    ...by.map((dimension) => value[dimension](line) ?? ''),
    ...sums(line),
  ]);
  const summed = by.map((_, at) => (at === 0 ? total : ''));
  const numbers = ['loans', 'principal', 'overduePrincipal', 'interest', 'overdueInterest'] as const;
  const head = [
    ...by.map((dimension) => ({ title: columns[dimension] })),
    ...numbers.map((name) => ({ title: columns[name], right: true })),
  ];
  const days = facts([
    [labels.on, view.on],
    [labels.closedThrough, view.closedThrough ?? ''],
  ]);
  return `${days}\n\n${table(head, [...lines, [...summed, ...sums(view.total)]])}`;
}

function reminderTable(context: Context, items: LoanReminder[]): string {
  const { columns } = context.text.loans;
  return table(
    [
      ...[columns.dueOn, columns.loan, columns.borrower, columns.place, columns.product].map((title) => ({
        title,
      })),
      { title: columns.principal, right: true },
      { title: columns.interest, right: true },
    ],
    items.map((item) => [
      ...[item.dueOn, item.code, item.borrowerName, item.placeCode, item.productCode],
      ...[context.amount(item.principal), context.amount(item.interest)],
    ]),
  );
}

interface FundOptions extends Asked {
  from?: string;
  through?: string;
  knownOn?: string;
  source?: string;
  limit: number;
}

async function showFunds(context: Context, asked: FundOptions): Promise<void> {
  const { place: placeCode, output, limit, ...query } = asked;
  const { fundReports } = context.employmentLoans;
  const awaited = new Set<string>();
  await showList(context, remembering(fundReports, awaited), {
    ...{ query: { ...query, placeCode }, output, limit },
    render: (items) => fundTable(context, items),
  });
  noteAwaited(context, awaited);
}

function fundTable(context: Context, items: FundReport[]): string {
  const { columns, sources: words } = context.text.loans;
  const amounts = [
    ...(['opening', 'disbursed', 'principalCollected', 'principalCancelled', 'closing'] as const),
    ...(['interestCollected', 'undivided'] as const),
  ];
  return table(
    [
      ...[columns.place, columns.capitalSource, columns.from, columns.through].map((title) => ({ title })),
      ...amounts.map((name) => ({ title: columns[name], right: true })),
    ],
    items.map((report) => [
      ...[report.placeCode, words[report.source] ?? report.source, report.from, report.through],
      ...amounts.map((name) => context.amount(report[name])),
    ]),
  );
}

interface JobOptions extends Asked {
  loan?: string;
  outcome?: string;
  limit: number;
}

async function showJobs(
  context: Context,
  { place: placeCode, loan, output, outcome, limit }: JobOptions,
): Promise<void> {
  const id = loan && (await loanId(context, loan));
  const awaited = new Set<string>();
  await showList(context, remembering(context.employmentLoans.jobs, awaited), {
    ...{ query: { loanId: id, outcome, placeCode }, output, limit },
    render: (items) => jobTable(context, items),
  });
  noteAwaited(context, awaited);
}

function jobTable(context: Context, items: LoanJob[]): string {
  const { columns, jobOutcomes, jobKinds } = context.text.loans;
  const titles = [
    ...[columns.loan, columns.borrower, columns.place, columns.worker, columns.job, columns.outcome],
    ...[columns.foundOn, columns.contractFrom, columns.contractUntil, columns.insuredFrom],
  ];
  return table(
    titles.map((title) => ({ title })),
    items.map((job) => [
      ...[job.code, job.borrowerName, job.placeCode, job.name, jobKinds[job.kind]],
      ...[jobOutcomes[job.outcome] ?? job.outcome, job.foundOn, job.contractFrom ?? ''],
      ...[job.contractUntil ?? '', job.insuredFrom ?? ''],
    ]),
  );
}

/** The list, noting which rows of law its items wait for. */
function remembering<Item extends { unconfirmed: string[] }, Query extends object>(
  of: Parameters<typeof showList<Item, Query>>[1],
  awaited: Set<string>,
): Parameters<typeof showList<Item, Query>>[1] {
  return {
    ...of,
    list: async (query) => {
      const page = await of.list(query);
      for (const { unconfirmed } of page.items) for (const row of unconfirmed) awaited.add(row);
      return page;
    },
  };
}

function noteAwaited(context: Context, awaited: ReadonlySet<string>): void {
  if (awaited.size > 0) context.note(context.text.loans.awaits([...awaited].sort().join(', ')));
}
