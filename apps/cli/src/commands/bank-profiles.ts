import type { Command } from 'commander';
import type { BankProfile } from '@ansinh/client';
import type { Context } from '../context.js';
import { printItems } from '../output/items.js';
import { table } from '../output/table.js';
import { withExamples } from '../usage.js';

export function registerBankProfiles(program: Command, context: Context): void {
  const list = program
    .command('bank-profiles')
    .description(context.text.channels.profiles)
    .action(async () => {
      const { items } = await context.client.bankProfiles();
      await printItems(context, items, undefined, (profiles) => profileTable(context, profiles));
    });
  withExamples(list, context, ['ansinh bank-profiles', 'ansinh bank-profiles --json']);
}

function profileTable(context: Context, profiles: BankProfile[]): string {
  const { columns, otherBanks, anyAmount, capitals, ascii, vietnamese } = context.text.channels;
  const amountOf = (limit: string | null) => (limit === null ? anyAmount : context.amount(limit));
  return table(
    [
      { title: columns.profile },
      { title: columns.version },
      { title: columns.payments, right: true },
      { title: columns.messageAmount, right: true },
      { title: columns.paymentAmount, right: true },
      { title: columns.letters },
      { title: columns.required },
      { title: columns.banks },
    ],
    profiles.map(({ text, ...profile }) => [
      profile.id,
      profile.messageVersion,
      String(profile.messagePaymentsMax),
      amountOf(profile.messageAmountMax),
      amountOf(profile.paymentAmountMax),
      text.fold === 'none' ? vietnamese : text.letters === 'upper' ? capitals : ascii,
      profile.required.join(', '),
      [...profile.banks, ...(profile.isDefault ? [otherBanks] : [])].join(', '),
    ]),
  );
}
