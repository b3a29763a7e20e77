import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { type Actor, scopeOf } from '@ansinh/auth';
import { todayInVietnam } from '@ansinh/calendar';
import { asSystem, inTransaction, type Page, pageOf, readCursor, type Transaction } from '@ansinh/database';
import { type Command, Commands } from '@ansinh/idempotency';
import type { Language } from '@ansinh/language';
import { findLoanMove } from '@ansinh/loans';
import { ProblemError } from '@ansinh/problem';
import { digestOf } from '../audit/record-digest.js';
import { enterRepayments } from '../bank-file/enter-repayments.js';
import { findLoan } from '../loan/loan-rows.js';
import { agreedNote, bankExceptionCodes } from './bank-exception.codes.js';
import type {
  AssignBankException,
  BankExceptionQuery,
  BankExceptionView,
  ResolveBankException,
} from './bank-exception.dto.js';
import { bankExceptionProblems } from './bank-exception.problems.js';

type ExceptionRow = Omit<BankExceptionView, 'message' | 'raisedAt'> & {
  raisedAt: Date;
  agreedOn: string | null;
};

const columns = `id, source, code, file_id AS "fileId", row_no AS row, loan_code AS "loanCode", loan_id AS "loanId", expected, observed,
  counts_on::text AS "on", reference, state, owner, resolution, note, agreed_on::text AS "agreedOn", resolved_by AS "resolvedBy", raised_at AS "raisedAt"`;

/** What the bank has that is not as ours is: somebody looks into it, and says what was done. */
@Injectable()
export class BankExceptionService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly commands: Commands,
  ) {}

  async list(query: BankExceptionQuery, language: Language, actor: Actor): Promise<Page<BankExceptionView>> {
    const { after, limit, state, source, code, fileId } = query;
    const rows = (await inTransaction(this.dataSource, scopeOf(actor), (tx) =>
      tx.query(
        `SELECT ${columns} FROM bank_exception
         WHERE ($1::uuid IS NULL OR id > $1) AND ($2::text IS NULL OR state = $2) AND ($3::text IS NULL OR source = $3)
           AND ($4::text IS NULL OR code = $4) AND ($5::uuid IS NULL OR file_id = $5)
         ORDER BY id LIMIT $6`,
        [
          readCursor(after, 'uuid')?.[0] ?? null,
          state ?? null,
          source ?? null,
          code ?? null,
          fileId ?? null,
          limit + 1,
        ],
      ),
    )) as ExceptionRow[];
    const views = rows.map((row) => viewOf(row, language));
    return pageOf(views, limit, ({ id }) => [id]);
  }

  /** @throws ProblemError BANK_EXCEPTION_NOT_FOUND, BANK_EXCEPTION_RESOLVED */
  async assign(
    id: string,
    { owner }: AssignBankException,
    language: Language,
    command: Command,
  ): Promise<BankExceptionView> {
    return this.commands.run(command, 'bankException.assign', async (tx) => {
      await openException(tx, id);
      const before = await digestOf(tx, 'bankException', id);
      await tx.query('UPDATE bank_exception SET owner = $2 WHERE id = $1', [id, owner]);
      return this.effectOf(tx, id, before, language, { owner });
    });
  }

  /** @throws ProblemError BANK_EXCEPTION_NOT_FOUND, BANK_EXCEPTION_RESOLVED, BANK_EXCEPTION_NOT_BOOKABLE, LOAN_NOT_FOUND */
  async resolve(
    id: string,
    input: ResolveBankException,
    language: Language,
    command: Command,
  ): Promise<BankExceptionView> {
    return this.commands.run(command, 'bankException.resolve', async (tx) => {
      const { actor } = command;
      const exception = await openException(tx, id);
      const before = await digestOf(tx, 'bankException', id);
      const loanId = input.action === 'book' ? await book(tx, exception, input, actor) : exception.loanId;
      await tx.query(
        `UPDATE bank_exception SET state = 'resolved', resolution = $2, note = $3, resolved_by = $4, loan_id = $5,
           resolved_at = clock_timestamp() WHERE id = $1`,
        [id, input.action, input.note, actor.id, loanId],
      );
      return this.effectOf(tx, id, before, language, { ...input });
    });
  }

  private async effectOf(
    tx: Transaction,
    id: string,
    before: string | null,
    language: Language,
    facts: Record<string, unknown>,
  ) {
    const after = await digestOf(tx, 'bankException', id);
    const result = viewOf(await findException(tx, id), language);
    return { result, subject: `bankException/${id}`, before, after, facts };
  }
}

const viewOf = ({ raisedAt, agreedOn, ...row }: ExceptionRow, language: Language): BankExceptionView => ({
  ...row,
  message: bankExceptionCodes[row.code][language],
  note: agreedOn === null ? row.note : agreedNote(agreedOn)[language],
  raisedAt: raisedAt.toISOString(),
});

/** @throws ProblemError BANK_EXCEPTION_NOT_FOUND, also for one of another office */
async function findException(tx: Transaction, id: string, lock = ''): Promise<ExceptionRow> {
  const [row] = (await tx.query(`SELECT ${columns} FROM bank_exception WHERE id = $1 ${lock}`, [
    id,
  ])) as ExceptionRow[];
  if (!row) throw new ProblemError(bankExceptionProblems.notFound);
  return row;
}

async function openException(tx: Transaction, id: string): Promise<ExceptionRow> {
  const row = await findException(tx, id, 'FOR UPDATE');
  if (row.state !== 'open') throw new ProblemError(bankExceptionProblems.resolved);
  return row;
}

/**
 * Books the payment of an exception, on its own loan and day or on those that somebody found to be right. Of a difference of
 * balances there is nothing to book: it is explained by what is booked elsewhere.
 */
async function book(
  tx: Transaction,
  exception: ExceptionRow,
  input: ResolveBankException,
  actor: Actor,
): Promise<string> {
  const loanId = input.loanId ?? exception.loanId;
  const { source, fileId, row, observed, reference } = exception;
  const today = todayInVietnam();
  const on = input.on ?? exception.on;
  if (source !== 'repayments' || loanId === null || on > today)
    throw new ProblemError(bankExceptionProblems.notBookable, { extensions: { reason: exception.code } });
  // Found in the caller's scope before anything is done beyond it.
  const { code: loanCode, state } = await findLoan(tx, loanId);
  // Its book is looked at, which a loan has that was paid out.
  if (state !== 'closed' && !findLoanMove(state, 'repay'))
    throw new ProblemError(bankExceptionProblems.notBookable, { extensions: { reason: 'LOAN_NOT_OWING' } });
  const paymentKey = await keyToBook(tx, exception, loanCode);
  const payment = { row: row!, loanId, amount: observed!, on, reference, group: null, paymentKey };
  const { entered } = await asSystem(tx, () =>
    enterRepayments(tx, [payment], { fileId: fileId!, actor, today }),
  );
  const [result] = entered;
  if ('fault' in result!)
    throw new ProblemError(bankExceptionProblems.notBookable, { extensions: { reason: result.fault } });
  return loanId;
}

/**
 * The payment is known by its reference then, and in a group by the loan that is right, so that a corrected file of the bank does not
 * book it again. Where the reference is that of another payment, it is known by its exception.
 * @throws ProblemError BANK_EXCEPTION_NOT_BOOKABLE where it was booked meanwhile
 */
async function keyToBook(
  tx: Transaction,
  { id, code, fileId, row }: ExceptionRow,
  loanCode: string,
): Promise<string> {
  if (code === 'REFERENCE_REPEATED') return `exception/${id}`;
  // Not while a file is being taken up that may name it too.
  await tx.query(`SELECT pg_advisory_xact_lock(hashtext('bank_file'))`);
  const [told] = (await asSystem(tx, () =>
    tx.query(
      `SELECT key, EXISTS (SELECT FROM bank_repayment paid WHERE paid.payment_key = key) AS "isBooked"
       FROM (SELECT reference || CASE WHEN group_code IS NULL THEN '' ELSE '/' || $3 END AS key
             FROM bank_file_row WHERE file_id = $1 AND row_no = $2) told`,
      [fileId, row, loanCode],
    ),
  )) as { key: string; isBooked: boolean }[];
  if (told!.isBooked)
    throw new ProblemError(bankExceptionProblems.notBookable, {
      extensions: { reason: 'REFERENCE_REPEATED' },
    });
  return told!.key;
}
