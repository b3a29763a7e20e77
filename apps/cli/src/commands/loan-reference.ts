import type { Context } from '../context.js';
import { refusal, UsageError } from '../failure.js';
import { idForm } from '../usage.js';

const codeForm = /^VV-\d{8,18}$/;

/** The id of the loan behind a code (VV-00000042) or an id. */
export async function loanId(context: Context, reference: string): Promise<string> {
  const { loans: text } = context.text;
  if (idForm.test(reference)) return reference;
  const code = reference.toUpperCase();
  if (!codeForm.test(code)) throw new UsageError(text.notReference(reference));
  const { items } = await context.employmentLoans.loans.list({ code });
  if (items[0]) return items[0].id;
  throw refusal(404, 'LOAN_NOT_FOUND', text.unknown(code));
}
