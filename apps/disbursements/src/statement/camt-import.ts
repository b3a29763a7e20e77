import { createReadStream } from 'node:fs';
import { asSystem, copyRows, limitStatement, type Transaction } from '@ansinh/database';
import { ProblemError } from '@ansinh/problem';
import { createIncoming, incomingColumns } from './reconcile.sql.js';
import { reconcile, type Reconciled } from './reconciler.js';
import type { StatementView } from './statement.dto.js';
import { findFund, requireConsistent, requireNext, sequenceLock } from './statement-checks.js';
import type { StatementDocument } from './statement-document.js';
import type { ReadStatement } from './statement-file.js';
import { statementProblems } from './statement.problems.js';
import { settleWholeChunk } from './whole-chunk.js';

const importSecondsMax = 300;

interface ImportContext {
  tx: Transaction;
  /** SHA-256 of the file: the same statement with another content is refused. */
  digest: string;
  importedBy: string;
  /** The fund whose outbox the file was in: a statement of another account is not of it. */
  fundId?: string;
  /** Has the rows of all statements written that `rowsPath` names. */
  writeRows: () => Promise<void>;
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
  // The same statement, uploaded and collected at once: the second waits here and then finds the first. So do two
  // statements that follow one another, of which only one can be the next.
  await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [sequenceLock(fundId, document)]);
  const earlier = await findEarlier(tx, fundId, document, context.digest);
  requireConsistent(statement);
  if (earlier) return earlier;
  await requireNext(tx, fundId, document);
  await insertStatement(statement, { ...context, fundId });
  const isWhole = await settleWholeChunk(tx, statement, fundId);
  const { matched, exceptions } = isWhole
    ? { matched: transactions, exceptions: 0 }
    : await judgeRows(statement, fundId, context);
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
  { id, rowsPath, wholeChunk }: ReadStatement,
  fundId: string,
  { tx, writeRows }: ImportContext,
): Promise<Reconciled> {
  // It said that it told a chunk, and our books say otherwise.
  if (wholeChunk) await writeRows();
  await tx.query(createIncoming);
  await copyRows(tx, incomingColumns, createReadStream(rowsPath));
  const reconciled = await reconcile(tx, { id, fundId });
  await tx.query('DROP TABLE incoming');
  return reconciled;
}

async function insertStatement(
  { id, document, transactions, entries }: ReadStatement,
  { tx, fundId, digest, importedBy }: ImportContext & { fundId: string },
): Promise<void> {
  await tx.query(
    `INSERT INTO statement (id, fund_id, kind, document_id, digest, sequence, page, is_complete, opening,
       closing, booked_on, entries, imported_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
    [
      id,
      fundId,
      document.type,
      document.id,
      digest,
      document.sequence,
      document.lastPage,
      document.isComplete,
      document.opening?.toString() ?? null,
      document.closing?.toString() ?? null,
      document.on,
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
  document: StatementDocument,
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
