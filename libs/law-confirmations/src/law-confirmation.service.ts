import type { FactoryProvider } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { recordDigests } from '@ansinh/audit';
import { type Actor, scopeOf } from '@ansinh/auth';
import { todayInVietnam } from '@ansinh/calendar';
import { inTransaction } from '@ansinh/database';
import { type Command, Commands } from '@ansinh/idempotency';
import { type Catalogue, citedIn, confirmableRows, confirmableTexts, rowDigest } from '@ansinh/policy';
import { type ProblemDefinition, ProblemError } from '@ansinh/problem';
import type { AwaitingRow, ConfirmLaw, LawConfirmationView } from './law-confirmation.dto.js';

/** The law that a service decides by, and the words in which it refuses a confirmation. */
interface ConfirmedLaw {
  catalogue: () => Catalogue;
  problems: Readonly<Record<'notAwaiting' | 'changed' | 'confirmed', ProblemDefinition>>;
}

/** The service for the law of one service. */
export const lawConfirmations = (law: ConfirmedLaw): FactoryProvider<LawConfirmationService> => ({
  provide: LawConfirmationService,
  inject: [DataSource, Commands],
  useFactory: (dataSource: DataSource, commands: Commands) =>
    new LawConfirmationService(dataSource, commands, law),
});

/** The word of a named person that a row of law is right, where no text of it was read (ADR 55). */
export class LawConfirmationService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly commands: Commands,
    private readonly law: ConfirmedLaw,
  ) {}

  /** Rows of law that nobody has read, as they are now. */
  async awaiting(actor: Actor): Promise<AwaitingRow[]> {
    const catalogue = this.law.catalogue();
    const texts = confirmableTexts(catalogue);
    const confirmed = new Set((await this.list(actor)).map(({ row, digest }) => `${row} ${digest}`));
    return [...confirmableRows(catalogue)]
      .map(([row, law]) => ({
        row,
        text: texts.get(row)!,
        appliedFrom: 'appliedFrom' in law ? law.appliedFrom : null,
        confidence: law.confidence!,
        citation: law.citation ? citedIn(catalogue, law.citation) : null,
        digest: rowDigest(law),
      }))
      .filter(({ row, digest }) => !confirmed.has(`${row} ${digest}`));
  }

  async list(actor: Actor): Promise<LawConfirmationView[]> {
    return inTransaction(this.dataSource, scopeOf(actor), (tx) =>
      tx.query(`SELECT ${columns} FROM law_confirmation ORDER BY at, row_code`),
    ) as Promise<LawConfirmationView[]>;
  }

  /** @throws ProblemError `notAwaiting`, `changed`, `confirmed` */
  async confirm({ row, digest, basis }: ConfirmLaw, command: Command): Promise<LawConfirmationView> {
    return this.commands.run(command, 'law.row.confirm', async (tx) => {
      const law = confirmableRows(this.law.catalogue()).get(row);
      if (!law) throw new ProblemError(this.law.problems.notAwaiting);
      if (rowDigest(law) !== digest) throw new ProblemError(this.law.problems.changed);
      const { actor } = command;
      const [kept] = (await tx.query(
        `INSERT INTO law_confirmation (row_code, digest, basis, office_code, confirmed_by, confirmed_by_name, confirmed_on)
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING RETURNING ${columns}`,
        [row, digest, basis, actor.office, actor.id, actor.name, todayInVietnam()],
      )) as LawConfirmationView[];
      if (!kept) throw new ProblemError(this.law.problems.confirmed);
      const after = await digestOf(tx, 'lawConfirmation', row);
      return { result: kept, subject: `law/${row}`, before: null, after, facts: { digest, basis } };
    });
  }
}

const columns = `row_code AS row, digest, basis, confirmed_by_name AS "confirmedBy", confirmed_on::text AS "confirmedOn"`;

const digestOf = recordDigests({
  lawConfirmation: `
    SELECT jsonb_agg(confirmation ORDER BY confirmation.digest) FROM law_confirmation confirmation
    WHERE row_code = $1`,
});
