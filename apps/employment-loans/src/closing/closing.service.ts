import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { type Actor, scopeOf } from '@ansinh/auth';
import { inTransaction, type Page, pageOf, readCursor } from '@ansinh/database';
import { type Command, Commands } from '@ansinh/idempotency';
import type { PageQuery } from '@ansinh/service';
import type { ClosingView } from './closing.dto.js';
import { closingsBefore, digestOf, startClosing } from './start-closing.js';

/** Ends of days. A worker starts that of yesterday, or somebody does; workers carry it out, from what stands in the rows. */
@Injectable()
export class ClosingService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly commands: Commands,
  ) {}

  /** @throws ProblemError LOAN_CLOSING_DAY, LOAN_CLOSING_UNDER_WAY */
  async start(day: string, command: Command): Promise<ClosingView> {
    return this.commands.run(command, 'loanClosing.start', async (tx) => {
      const { before, closing } = await startClosing(tx, day, command.actor);
      return {
        result: closing,
        subject: `loanClosing/${day}`,
        before: before && digestOf(before),
        after: digestOf(closing),
        facts: { loans: closing.loans },
      };
    });
  }

  async list({ after, limit }: PageQuery, actor: Actor): Promise<Page<ClosingView>> {
    const before = (readCursor(after, 'day')?.[0] ?? null) as string | null;
    const rows = await inTransaction(this.dataSource, scopeOf(actor), (tx) =>
      closingsBefore(tx, before, limit + 1),
    );
    return pageOf(rows, limit, ({ day }) => [day]);
  }
}
