import type { Command } from 'commander';
import { type Balance, everyItem, type Fund } from '@ansinh/client';
import type { Context } from '../context.js';
import { refusal } from '../failure.js';
import { printItems } from '../output/items.js';
import { formatInstant } from '../output/numbers.js';
import { facts, table } from '../output/table.js';
import { amount, idForm, matching, withExamples } from '../usage.js';

const instantForm = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;

interface FundOptions {
  code: string;
  name: string;
  source: string;
  programme: string[];
  channel: string;
  bank: string;
  account: string;
  accountName: string;
}

export function registerFund(program: Command, context: Context): void {
  const text = context.text.fund;
  const fund = program.command('fund').description(text.group);
  const list = fund
    .command('list')
    .description(text.list)
    .action(() => printItems(context, allFunds(context), undefined, (funds) => fundTable(context, funds)));
  withExamples(list, context, ['ansinh fund list']);
  registerCreate(fund, context);
  const allot = fund
    .command('allot')
    .description(text.allot)
    .argument('<fund>', text.fund)
    .requiredOption('--amount <amount>', text.amount, amount(context))
    .requiredOption('--reference <reference>', text.reference)
    .option('--note <note>', text.note)
    .action(async (reference: string, options: { amount: string; reference: string; note?: string }) =>
      printBalance(context, await context.client.funds.allot(await fundId(context, reference), options)),
    );
  withExamples(allot, context, [
    'ansinh fund allot NS-2022 --amount 778000000000 --reference "QĐ 08/2022/QĐ-TTg"',
  ]);
  const balance = fund
    .command('balance')
    .description(text.balance)
    .argument('<fund>', text.fund)
    .option('--at <instant>', text.at, matching(instantForm, context.text.general.usage.instant))
    .action(async (reference: string, options: { at?: string }) =>
      printBalance(context, await context.client.funds.balance(await fundId(context, reference), options.at)),
    );
  withExamples(balance, context, [
    'ansinh fund balance NS-2022',
    'ansinh fund balance NS-2022 --at 2022-06-30T17:00:00+07:00 --json',
  ]);
}

function registerCreate(fund: Command, context: Context): void {
  const text = context.text.fund;
  const create = fund
    .command('create')
    .description(text.create)
    .requiredOption('--code <code>', text.code)
    .requiredOption('--name <name>', text.name)
    .requiredOption('--source <source>', text.source)
    .requiredOption('--programme <codes...>', text.programmes)
    .requiredOption('--bank <bin>', text.bank)
    .requiredOption('--account <number>', text.account)
    .requiredOption('--account-name <name>', text.accountName)
    .option('--channel <channel>', text.channel, 'iso20022-http')
    .action(async (options: FundOptions) => {
      const created = await context.client.funds.create({
        code: options.code,
        name: options.name,
        budgetSource: options.source,
        programmeCodes: options.programme,
        channel: options.channel,
        account: { bin: options.bank, number: options.account, name: options.accountName },
      });
      context.print(created, text.created(created.code));
    });
  withExamples(create, context, [
    'ansinh fund create --code NS-2022 --name "Ngân sách 2022" --source "Ngân sách tỉnh" --programme QD-08 --bank 970436 --account 9990001234 --account-name "KBNN tỉnh"',
  ]);
}

const allFunds = (context: Context): AsyncGenerator<Fund> =>
  everyItem((page) => context.client.funds.list(page));

/** The id behind a code or an id. */
export async function fundId(context: Context, reference: string): Promise<string> {
  if (idForm.test(reference)) return reference;
  for await (const fund of allFunds(context)) if (fund.code === reference) return fund.id;
  throw refusal(404, 'FUND_NOT_FOUND', context.text.fund.unknown(reference));
}

function fundTable(context: Context, funds: Fund[]): string {
  const { columns } = context.text.fund;
  return table(
    [columns.code, columns.name, columns.source, columns.programmes, columns.account].map((title) => ({
      title,
    })),
    funds.map((fund) => [
      fund.code,
      fund.name,
      fund.budgetSource,
      fund.programmeCodes.join(' '),
      `${fund.account.bin} ${fund.account.number}`,
    ]),
  );
}

function printBalance(context: Context, balance: Balance): void {
  const { amounts } = context.text.fund;
  context.print(
    balance,
    facts([
      [amounts.at, formatInstant(balance.at, context.language)],
      [amounts.allotted, context.amount(balance.allotted)],
      [amounts.available, context.amount(balance.available)],
      [amounts.reserved, context.amount(balance.reserved)],
      [amounts.inFlight, context.amount(balance.inFlight)],
      [amounts.paid, context.amount(balance.paid)],
    ]),
  );
}
