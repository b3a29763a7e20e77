import { createReadStream } from 'node:fs';
import { asSystem, copyRows, limitStatement, type Transaction } from '@ansinh/database';
import type { CamtDocument } from '@ansinh/iso20022';
import { ProblemError } from '@ansinh/problem';
import { createIncoming, incomingColumns } from './reconcile.sql.js';
import { reconcile, type Reconciled } from './reconciler.js';
import type { StatementView } from './statement.dto.js';
import type { ReadStatement } from './statement-file.js';
import { statementProblems } from './statement.problems.js';
import { settleWholeChunk } from './whole-chunk.js';

const importSecondsMax = 300;

interface ImportContext {
  tx: Transaction;
  /** SHA-256 of the file: the same statement with another content is refused. */
  digest: string;
  importedBy: string;
}

/** Takes the statements of one file into the books, each in turn, and reconciles them. */
export async function importCamt(
  statements: ReadStatement[],
  context: ImportContext,
): Promise<StatementView[]> {
  await limitStatement(context.tx, importSecondsMax);
  const views: StatementView[] = [];
  for (const statement of statements) {
    const fundId = await findFund(statement.document, context);
    // What the bank tells of the fund is booked whole: on batches that other offices pay from it as well.
    views.push(await asSystem(context.tx, () => importStatement(statement, fundId, context)));
  }
  return views;
}

async function importStatement(
  statement: ReadStatement,
  fundId: string,
  context: ImportContext,
): Promise<StatementView> {
  const { tx } = context;
  const { id, document, transactions, entries } = statement;
  // The same statement, uploaded and collected at once: the second waits here and then finds the first.
  await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [
    `${fundId}/${document.type}/${document.id}`,
  ]);
  const earlier = await findEarlier(tx, fundId, document, context.digest);
  requireBalance(statement);
  if (earlier) return earlier;
  await insertStatement(statement, { fundId, ...context });
  const isWhole = await settleWholeChunk(tx, statement, fundId);
  const { matched, exceptions } = isWhole
    ? { matched: transactions, exceptions: 0 }
    : await judgeRows(tx, statement, fundId);
  await tx.query('UPDATE statement SET matched = $2, exceptions = $3 WHERE id = $1', [
    id,
    matched,
    exceptions,
  ]);
  return {
    id,
    kind: document.type,
    documentId: document.id,
    entries: transactions + entries.length,
    matched,
    exceptions,
    alreadyImported: false,
  };
}

async function judgeRows(
  tx: Transaction,
  { id, rowsPath }: ReadStatement,
  fundId: string,
): Promise<Reconciled> {
  await tx.query(createIncoming);
  await copyRows(tx, incomingColumns, createReadStream(rowsPath));
  const reconciled = await reconcile(tx, { id, fundId });
  await tx.query('DROP TABLE incoming');
  return reconciled;
}

async function findFund({ account }: CamtDocument, { tx }: ImportContext): Promise<string> {
  const [fund] = (await tx.query('SELECT id FROM fund WHERE account_number = $1', [account])) as {
    id: string;
  }[];
  if (!fund) throw new ProblemError(statementProblems.unknownAccount);
  return fund.id;
}

function requireBalance({ document: { opening, closing }, sums }: ReadStatement): void {
  if (opening === null || closing === null) return;
  const computed = opening + sums.credit - sums.debit;
  if (computed === closing) return;
  throw new ProblemError(statementProblems.unbalanced, {
    detail: {
      vi: `Đầu kỳ ${opening}, phát sinh có ${sums.credit}, nợ ${sums.debit}; cuối kỳ phải là ${computed}, sao kê ghi ${closing}.`,
      en: `Opening ${opening}, credits ${sums.credit}, debits ${sums.debit}: closing must be ${computed}, the statement says ${closing}.`,
    },
  });
}

async function insertStatement(
  { id, document, transactions, entries }: ReadStatement,
  { tx, fundId, digest, importedBy }: ImportContext & { fundId: string },
): Promise<void> {
  await tx.query(
    `INSERT INTO statement (id, fund_id, kind, document_id, digest, sequence, opening, closing, entries, imported_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      id,
      fundId,
      document.type,
      document.id,
      digest,
      document.sequence,
      document.opening?.toString() ?? null,
      document.closing?.toString() ?? null,
      transactions + entries.length,
      importedBy,
    ],
  );
  for (const { event, entryNo } of entries) {
    const [batch] = event.batches;
    await tx.query(
      `INSERT INTO statement_entry (statement_id, entry_no, message_id, direction, payments, amount, booked_on, reference)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [
        id,
        entryNo,
        batch?.messageId ?? null,
        event.direction,
        batch?.count ?? null,
        event.amount.toString(),
        event.bookedOn,
        event.reference ?? `${document.id}/${entryNo}`,
      ],
    );
  }
}

async function findEarlier(
  tx: Transaction,
  fundId: string,
  document: CamtDocument,
  digest: string,
): Promise<StatementView | null> {
  const [row] = (await tx.query(
    `SELECT id, kind, document_id AS "documentId", digest, entries, matched, exceptions FROM statement
     WHERE fund_id = $1 AND kind = $2 AND document_id = $3`,
    [fundId, document.type, document.id],
  )) as (Omit<StatementView, 'alreadyImported'> & { digest: string })[];
  if (!row) return null;
  const { digest: earlierDigest, ...view } = row;
  if (earlierDigest !== digest) throw new ProblemError(statementProblems.changed);
  return { ...view, alreadyImported: true };
}
