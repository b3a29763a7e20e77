import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { FastifyRequest } from 'fastify';
import { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { type Actor, scopeOf } from '@ansinh/auth';
import { todayInVietnam } from '@ansinh/calendar';
import {
  asSystem,
  inTransaction,
  limitStatement,
  type Page,
  pageOf,
  readCursor,
  type Transaction,
} from '@ansinh/database';
import { type Command, Commands, withFile } from '@ansinh/idempotency';
import { ProblemError } from '@ansinh/problem';
import { type PageQuery, streamOf } from '@ansinh/service';
import { digestOfFile, formatOf, listTypes, refusingList, withSpooled } from '@ansinh/uploads';
import { digestOf } from '../audit/record-digest.js';
import type { BankFileQuery, BankFilesQuery, BankFileView, GroupView } from './bank-file.dto.js';
import { bankFileProblems } from './bank-file.problems.js';
import { fileColumns, findBankFile, viewOf, type BankFileRow } from './bank-file-view.js';
import { judgeRepayments } from './judge-repayments.js';
import { countOutcomes, type OutcomeCount, type Taken } from './row-outcomes.js';
import { stageFile } from './stage-file.js';
import { raiseMissing, takeBalances } from './take-balances.js';
import { takeRepayments } from './take-repayments.js';

const bytesMax = 128 * 1024 ** 2;
const secondsMax = 300;
/** Rows that are taken up in one transaction: about a second. */
const rowsPerChunk = 1_000;

/**
 * What the bank tells of its book, in two steps. First a file is taken in whole and looked at, which changes nothing of any loan;
 * then its rows are taken up, a chunk a command. Whoever was stopped asks for the next chunk: the place reached stands in the
 * transaction of its rows.
 */
@Injectable()
export class BankFileService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly commands: Commands,
  ) {}

  /**
   * A file that was brought before is the same file, as far as it is.
   * @throws ProblemError BANK_FILE_DAY, BANK_FILE_TOO_LONG, LIST_REFUSED, UNSUPPORTED_MEDIA_TYPE, PAYLOAD_TOO_LARGE
   */
  async bring(
    request: FastifyRequest,
    { kind, asOf }: BankFileQuery,
    command: Command,
  ): Promise<BankFileView> {
    const format = formatOf(request.headers['content-type']);
    const today = todayInVietnam();
    if ((kind === 'balances') !== (asOf !== undefined) || (asOf !== undefined && asOf > today))
      throw new ProblemError(bankFileProblems.day);
    return withSpooled(streamOf(request, listTypes), bytesMax, async (path) => {
      const fileDigest = await digestOfFile(path);
      return this.commands.run(withFile(command, fileDigest), 'bankFile.bring', async (tx) => {
        await limitStatement(tx, secondsMax);
        const { actor } = command;
        const id = uuidv7();
        const made = (await tx.query(
          `INSERT INTO bank_file (id, kind, as_of, office_code, file_digest, created_by, created_by_name)
           VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT ON CONSTRAINT bank_file_once DO NOTHING RETURNING id`,
          [id, kind, asOf ?? null, actor.office, fileDigest, actor.id, actor.name],
        )) as unknown[];
        if (made.length === 0)
          return earlierFile(tx, { kind, asOf: asOf ?? null, fileDigest, office: actor.office });
        // COPY, which PostgreSQL refuses where policies hold; the file is the office's own.
        await refusingList(() => asSystem(tx, () => stageFile(tx, { id, kind, path, format })));
        await tx.query(
          `UPDATE bank_file SET (rows, blocked) =
             (SELECT count(*), count(*) FILTER (WHERE is_blocked) FROM bank_file_row WHERE file_id = $1) WHERE id = $1`,
          [id],
        );
        if (kind === 'repayments') await foresee(tx, id, { offices: scopeOf(actor).offices, today });
        const result = viewOf(await findBankFile(tx, id));
        const after = await digestOf(tx, 'bankFile', id);
        const { rows, blocked } = result;
        return {
          result,
          subject: `bankFile/${id}`,
          before: null,
          after,
          facts: { kind, fileDigest, rows, blocked },
        };
      });
    });
  }

  /**
   * Takes up the next rows; repeated until the file is finished. Two files never are at once: a payment that both name is then
   * known to one of them.
   * @throws ProblemError BANK_FILE_NOT_FOUND, BANK_FILE_DONE
   */
  async apply(id: string, command: Command): Promise<BankFileView> {
    return this.commands.run(command, 'bankFile.apply', async (tx) => {
      await limitStatement(tx, secondsMax);
      const file = await findBankFile(tx, id, 'FOR UPDATE');
      if (file.isFinished) throw new ProblemError(bankFileProblems.done);
      await tx.query(`SELECT pg_advisory_xact_lock(hashtext('bank_file'))`);
      const before = await digestOf(tx, 'bankFile', id);
      const to = Math.min(file.applied + rowsPerChunk, file.rows);
      const { actor } = command;
      const ours = {
        office: file.officeCode,
        offices: scopeOf(actor).offices,
        actor,
        today: todayInVietnam(),
      };
      const range = { fileId: id, after: file.applied, to };
      // Loans are found within the caller's offices; under the policies each of their rows would be asked of its loan once more.
      const { digest, outcomes, resolved } = await asSystem(tx, () => takeUp(tx, file, range, ours));
      const after = await digestOf(tx, 'bankFile', id);
      const facts = { firstRow: range.after + 1, lastRow: to, loans: digest, outcomes, resolved };
      return { result: viewOf(await findBankFile(tx, id)), subject: `bankFile/${id}`, before, after, facts };
    });
  }

  async get(id: string, actor: Actor): Promise<BankFileView> {
    return viewOf(await inTransaction(this.dataSource, scopeOf(actor), (tx) => findBankFile(tx, id)));
  }

  /** The newest first. */
  async list({ after, limit, kind }: BankFilesQuery, actor: Actor): Promise<Page<BankFileView>> {
    const rows = (await inTransaction(this.dataSource, scopeOf(actor), (tx) =>
      tx.query(
        `SELECT ${fileColumns} FROM bank_file WHERE ($1::uuid IS NULL OR id < $1) AND ($2::text IS NULL OR kind = $2)
         ORDER BY id DESC LIMIT $3`,
        [readCursor(after, 'uuid')?.[0] ?? null, kind ?? null, limit + 1],
      ),
    )) as BankFileRow[];
    return pageOf(rows.map(viewOf), limit, ({ id }) => [id]);
  }

  /** What each savings-and-credit group has handed in, and how much of it is booked. @throws ProblemError BANK_FILE_NOT_FOUND */
  async groups(id: string, { after, limit }: PageQuery, actor: Actor): Promise<Page<GroupView>> {
    const rows = (await inTransaction(this.dataSource, scopeOf(actor), async (tx) => {
      await findBankFile(tx, id);
      return tx.query(
        `SELECT group_code AS "group", count(*)::int AS payments, sum(amount)::text AS amount,
           coalesce(sum(amount) FILTER (WHERE outcome IN ('booked', 'known')), 0)::text AS booked
         FROM bank_file_row WHERE file_id = $1 AND group_code > $2 AND NOT is_blocked
         GROUP BY group_code ORDER BY group_code LIMIT $3`,
        [id, readCursor(after, 'text')?.[0] ?? '', limit + 1],
      );
    })) as GroupView[];
    return pageOf(rows, limit, ({ group }) => [group]);
  }
}

async function takeUp(
  tx: Transaction,
  file: BankFileRow,
  range: { fileId: string; after: number; to: number },
  ours: { office: string; offices: readonly string[]; actor: Actor; today: string },
): Promise<{ digest: string; outcomes: OutcomeCount[]; resolved: number }> {
  const isLast = range.to === file.rows;
  const balances = { ...ours, asOf: file.asOf ?? '', actorId: ours.actor.id };
  const taken: Taken & { resolved?: number } = await (file.kind === 'repayments'
    ? takeRepayments(tx, range, ours)
    : takeBalances(tx, range, balances));
  const missed =
    isLast && file.kind === 'balances'
      ? await raiseMissing(tx, file.id, balances)
      : { missing: 0, principal: 0n, resolved: 0 };
  const outcomes = countOutcomes([], taken.outcomes);
  await tx.query(
    `UPDATE bank_file SET applied = $2, outcomes = $3, our_principal = our_principal + $4, missing = $5, missing_principal = $6,
       is_finished = $7 WHERE id = $1`,
    [
      file.id,
      range.to,
      JSON.stringify(countOutcomes(file.outcomes, taken.outcomes)),
      taken.ourPrincipal.toString(),
      missed.missing,
      missed.principal.toString(),
      isLast,
    ],
  );
  const resolved = (taken.resolved ?? 0) + missed.resolved;
  return { digest: taken.digest, outcomes, resolved };
}

/** What would become of each payment if it was taken up now; a loan that one of them closes is not thought of. */
async function foresee(
  tx: Transaction,
  id: string,
  ours: { offices: readonly string[]; today: string },
): Promise<void> {
  const { rows } = await findBankFile(tx, id);
  let foreseen: OutcomeCount[] = [];
  for (let after = 0; after < rows; after += rowsPerChunk) {
    const range = { fileId: id, after, to: after + rowsPerChunk };
    // Whether a reference was used is to be known also where its loan is of another office.
    const judged = await asSystem(tx, () => judgeRepayments(tx, range, ours));
    foreseen = countOutcomes(
      foreseen,
      judged.map(({ verdict, amount }) => ({ outcome: verdict ?? 'booked', amount })),
    );
  }
  await tx.query('UPDATE bank_file SET foreseen = $2 WHERE id = $1', [id, JSON.stringify(foreseen)]);
}

async function earlierFile(
  tx: Transaction,
  {
    office,
    kind,
    fileDigest,
    asOf,
  }: { office: string; kind: string; fileDigest: string; asOf: string | null },
) {
  const [file] = (await tx.query(
    `SELECT ${fileColumns} FROM bank_file
     WHERE office_code = $1 AND kind = $2 AND file_digest = $3 AND as_of IS NOT DISTINCT FROM $4::date`,
    [office, kind, fileDigest, asOf],
  )) as [BankFileRow];
  const digest = await digestOf(tx, 'bankFile', file.id);
  return { result: viewOf(file), subject: `bankFile/${file.id}`, before: digest, after: digest };
}
