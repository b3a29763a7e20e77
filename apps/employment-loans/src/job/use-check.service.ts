import { Inject, Injectable, Logger } from '@nestjs/common';
import type { RegistryClient } from '@ansinh/client';
import { type Command, Commands } from '@ansinh/idempotency';
import { ProblemError } from '@ansinh/problem';
import type { LoanView } from '../loan/loan.dto.js';
import type { SeenLoan, UseCheck } from '../loan/loan-moves.dto.js';
import { LoanMovesService } from '../loan/loan-moves.service.js';
import { jobProblems } from './job.problems.js';
import { askRegistry, type KnownWorkers, registryClient } from './known-workers.js';

/**
 * Checks of the use of the money. Who was found at work counts where the registry confirms it; a check that is sent again is
 * answered as it was, and asks nobody.
 */
@Injectable()
export class UseCheckService {
  private readonly logger = new Logger('use-check');

  constructor(
    private readonly commands: Commands,
    private readonly moves: LoanMovesService,
    @Inject(registryClient) private readonly registry: RegistryClient | null,
  ) {}

  /** @throws ProblemError LOAN_REGISTRY_AWAY, LOAN_WORKER, and what any move refuses */
  async check(seen: SeenLoan, input: UseCheck, command: Command): Promise<LoanView> {
    const first = await this.commands.answered<LoanView>(command);
    if (first) return first.answer;
    const known = await this.ask([input]);
    return this.moves.move('checkUse', seen, { ...input, known }, command);
  }

  /** The checks of a list, all of them or none. @throws ProblemError the same, with the `row` of the list that it stands in */
  async checkAll(rows: readonly (SeenLoan & UseCheck)[], command: Command): Promise<LoanView[]> {
    const first = await this.commands.answered<LoanView[]>(command);
    if (first) return first.answer;
    const known = await this.ask(rows);
    const asked = rows.map((row) => ({ ...row, known }));
    return this.moves.moveAll('checkUse', asked, command);
  }

  /** Nobody counts unasked: without the registry a check that names workers waits. */
  private async ask(checks: readonly UseCheck[]): Promise<KnownWorkers> {
    const naming = checks.filter(({ workers }) => workers.length > 0);
    if (naming.length === 0) return { answeredAt: new Date(), of: () => null };
    if (!this.registry) throw new ProblemError(jobProblems.registryAway);
    try {
      return await askRegistry(
        this.registry,
        naming.map(({ decision, workers }) => ({ on: decision.on, workers })),
      );
    } catch (error) {
      this.logger.error(error, 'the registry does not say who works where');
      throw new ProblemError(jobProblems.registryAway);
    }
  }
}
