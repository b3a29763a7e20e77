import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { type Actor, scopeOf } from '@ansinh/auth';
import { todayInVietnam } from '@ansinh/calendar';
import { inTransaction } from '@ansinh/database';
import { type Command, Commands } from '@ansinh/idempotency';
import { citedIn, confirmableRows, rowDigest } from '@ansinh/policy';
import { ProblemError } from '@ansinh/problem';
import { digestOf } from '../audit/record-digest.js';
import { loanCatalogue } from './law.js';
import type { AwaitingRow, ConfirmLaw, LawConfirmationView } from './law-confirmation.dto.js';
import { lawProblems } from './law.problems.js';

/** The word of a named person that a row of law is right, where no text of it was read (ADR 55). */
@Injectable()
export class LawConfirmationService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly commands: Commands,
  ) {}

  /** Rows of law that nobody has read, as they are now. */
  async awaiting(actor: Actor): Promise<AwaitingRow[]> {
    const confirmed = new Set((await this.list(actor)).map(({ row, digest }) => `${row} ${digest}`));
    return [...confirmableRows(loanCatalogue())]
      .map(([row, law]) => ({
        row,
        confidence: law.confidence!,
        citation: law.citation ? citedIn(loanCatalogue(), law.citation) : null,
        digest: rowDigest(law),
      }))
      .filter(({ row, digest }) => !confirmed.has(`${row} ${digest}`));
  }

  async list(actor: Actor): Promise<LawConfirmationView[]> {
    return inTransaction(this.dataSource, scopeOf(actor), (tx) =>
      tx.query(`SELECT ${columns} FROM law_confirmation ORDER BY at, row_code`),
    ) as Promise<LawConfirmationView[]>;
  }

  /** @throws ProblemError LOAN_LAW_ROW_NOT_AWAITING, LOAN_LAW_ROW_CHANGED, LOAN_LAW_ROW_CONFIRMED */
  async confirm({ row, digest, basis }: ConfirmLaw, command: Command): Promise<LawConfirmationView> {
    return this.commands.run(command, 'law.row.confirm', async (tx) => {
      const law = confirmableRows(loanCatalogue()).get(row);
      if (!law) throw new ProblemError(lawProblems.notAwaiting);
      if (rowDigest(law) !== digest) throw new ProblemError(lawProblems.changed);
      const { actor } = command;
      const [kept] = (await tx.query(
        `INSERT INTO law_confirmation (row_code, digest, basis, office_code, confirmed_by, confirmed_by_name, confirmed_on)
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING RETURNING ${columns}`,
        [row, digest, basis, actor.office, actor.id, actor.name, todayInVietnam()],
      )) as LawConfirmationView[];
      if (!kept) throw new ProblemError(lawProblems.confirmed);
      const after = await digestOf(tx, 'lawConfirmation', row);
      return { result: kept, subject: `law/${row}`, before: null, after, facts: { digest, basis } };
    });
  }
}

const columns = `row_code AS row, digest, basis, confirmed_by_name AS "confirmedBy", confirmed_on::text AS "confirmedOn"`;
