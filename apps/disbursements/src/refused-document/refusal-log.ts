import type { Transaction } from '@ansinh/database';
import type { Text } from '@ansinh/language';
import type { ProblemError } from '@ansinh/problem';
import { v7 as uuidv7 } from 'uuid';
import type { BankFile } from '../statement/statement-file.js';
import { statementProblems } from '../statement/statement.problems.js';

/** Refusals that another statement, still to come, may put right. */
const waitingCodes: ReadonlySet<string> = new Set([
  statementProblems.gap.code,
  statementProblems.openingDiffers.code,
]);

export interface Refusal {
  code: string;
  reason: Text;
  isWaiting: boolean;
}

export function refusalOf({ definition, options }: ProblemError): Refusal {
  const { code, title } = definition;
  const { detail } = options;
  const reason = detail ? { vi: `${title.vi}: ${detail.vi}`, en: `${title.en}: ${detail.en}` } : title;
  return { code, reason, isWaiting: waitingCodes.has(code) };
}

/** Notes a document of a fund's outbox that is passed over. Of one that is known already the first note stays. */
export async function noteRefusal(
  tx: Transaction,
  { fundId, bankDocument, file }: { fundId: string; bankDocument: string; file: BankFile | null },
  error: ProblemError,
): Promise<string> {
  const { code, reason, isWaiting } = refusalOf(error);
  const first = file && 'statements' in file ? file.statements[0]?.document : undefined;
  const [row] = (await tx.query(
    `INSERT INTO refused_document (id, fund_id, bank_document, kind, document_id, sequence, code, reason, is_waiting)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     ON CONFLICT (fund_id, bank_document) DO UPDATE SET attempts = refused_document.attempts RETURNING id`,
    [
      uuidv7(),
      fundId,
      bankDocument,
      file && 'answer' in file ? 'pain.002' : (first?.type ?? null),
      file && 'answer' in file ? file.answer.messageId : (first?.id ?? null),
      first?.sequence ?? null,
      code,
      JSON.stringify(reason),
      isWaiting,
    ],
  )) as { id: string }[];
  return row!.id;
}
