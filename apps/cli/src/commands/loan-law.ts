import type { Command } from 'commander';
import type { AwaitingLaw, LoanLaw } from '@ansinh/client';
import type { Context } from '../context.js';
import { refusal } from '../failure.js';
import { plain } from '../output/table.js';
import { matching, withExamples } from '../usage.js';
import { loanId } from './loan-reference.js';

/** `loans law`, `awaiting-law` and `confirm-law`: why a loan may be lent, and what of it waits for a named person. */
export function registerLoanLaw(loans: Command, context: Context): void {
  const { options, ...text } = context.text.loans;
  const law = loans
    .command('law')
    .description(text.law)
    .argument('<loan>', text.loan)
    .action(async (reference: string) => {
      const found = await context.employmentLoans.law.ofLoan(await loanId(context, reference));
      context.print(found, lawText(context, found));
    });
  withExamples(law, context, ['ansinh loans law VV-00000042', 'ansinh loans law VV-00000042 --json']);
  const awaiting = loans
    .command('awaiting-law')
    .description(text.awaitingLaw)
    .action(async () => {
      const items = await context.employmentLoans.law.awaiting();
      context.print(
        { items },
        items.length > 0 ? awaitingText(context, items) : context.text.general.noneFound,
      );
    });
  withExamples(awaiting, context, ['ansinh loans awaiting-law']);
  const confirm = loans
    .command('confirm-law')
    .description(text.confirmLaw)
    .argument('<row>', text.row, matching(/^[A-Za-z0-9][A-Za-z0-9.-]{0,99}$/, text.row))
    .requiredOption('--basis <text>', options.basis)
    .action(async (row: string, { basis }: { basis: string }) => {
      const { law: lawOf } = context.employmentLoans;
      const looked = (await lawOf.awaiting()).find((each) => each.row === row);
      if (!looked) throw refusal(404, 'LOAN_LAW_ROW_NOT_AWAITING', text.notAwaiting(row));
      const confirmed = await lawOf.confirm({ row, digest: looked.digest, basis });
      context.print(confirmed, text.confirmed(row, confirmed.confirmedBy));
    });
  withExamples(confirm, context, [
    'ansinh loans confirm-law LJ-INSURED-2018 --basis "Luật BHXH 58/2014, Điều 2, đọc tại Công báo"',
  ]);
}

function lawText(context: Context, law: LoanLaw): string {
  const { lawParts, lawOutcomes, lawOn } = context.text.loans;
  const parts = (['ceiling', 'term', 'rate', 'collateral'] as const).map((part) => {
    const { outcome, text } = law[part];
    const lines = text[context.language].split('\n').map(plain);
    return `${lawParts[part]}: ${lawOutcomes[outcome] ?? outcome}\n${lines.join('\n')}`;
  });
  return [lawOn(law.on), ...parts].join('\n\n');
}

/** One below the other: what a row says is longer than a column. */
function awaitingText(context: Context, items: AwaitingLaw[]): string {
  const { confidences, place, applied } = context.text.loans;
  const shown = items.map(({ row, text, appliedFrom, confidence, citation }) => {
    const where = citation ? place(citation.name[context.language], citation.article, citation.clause) : '';
    const head = [row, confidences[confidence], appliedFrom && applied(appliedFrom), where].filter(Boolean);
    return `${plain(head.join(' · '))}\n  ${plain(text[context.language])}`;
  });
  return shown.join('\n\n');
}
