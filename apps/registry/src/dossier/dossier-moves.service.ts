import { Injectable } from '@nestjs/common';
import { type Actor, scopeOf } from '@ansinh/auth';
import { isWorkingDay, todayInVietnam, workingDaysBetween } from '@ansinh/calendar';
import type { Transaction } from '@ansinh/database';
import { type Command, Commands } from '@ansinh/idempotency';
import { problems, ProblemError } from '@ansinh/problem';
import { deskRulesOn, nextSteps, stepOf } from '@ansinh/procedures';
import type {
  AssignDossier,
  DecideDossier,
  DossierView,
  ForwardDossier,
  Reason,
  Supplement,
  SupplementRequest,
} from './dossier.dto.js';
import type { ApologiseDossier } from './dossier-form.dto.js';
import { movesOf } from './dossier-history.js';
import { dossierProblems } from './dossier.problems.js';
import { findDossier, requireAssigned, requirePapers } from './dossier.service.js';
import { type DossierRow, missingPapers, procedureOf } from './dossier-view.js';
import { applyMove, effectOf, type Move } from './move-dossier.js';
import { officeOfStep } from './step-office.js';

/** Who may do it: the desk that received the dossier, or the office that has it. */
type Doer = 'office_code' | 'holder_code';

/** Everything that happens to a dossier after it was presented. Each command names the version that its caller has seen. */
@Injectable()
export class DossierMovesService {
  constructor(private readonly commands: Commands) {}

  /** Papers that were missing are there. What is still missing is not asked for again: the applicant may withdraw. */
  async supplement(
    id: string,
    { documents }: Supplement,
    version: number,
    command: Command,
  ): Promise<DossierView> {
    return this.move(
      { id, version, command, verb: 'dossier.supplement', by: 'office_code' },
      (_, dossier) => {
        requirePapers(procedureOf(dossier), documents);
        if (dossier.state === 'awaitingSupplement')
          return { kind: 'supplemented', state: 'processing', documents };
        if (dossier.state !== 'incomplete') throw new ProblemError(dossierProblems.state);
        const missing = missingPapers(procedureOf(dossier), [...dossier.documents, ...documents]);
        return missing.length === 0
          ? { kind: 'received', state: 'received', documents }
          : { kind: 'supplemented', documents };
      },
    );
  }

  /** At the desk: not ours after all. */
  async refuse(id: string, { reason }: Reason, version: number, command: Command): Promise<DossierView> {
    return this.move({ id, version, command, verb: 'dossier.refuse', by: 'office_code' }, () => ({
      kind: 'refused',
      state: 'refused',
      note: reason,
    }));
  }

  async assign(
    id: string,
    { assignee }: AssignDossier,
    version: number,
    command: Command,
  ): Promise<DossierView> {
    return this.move({ id, version, command, verb: 'dossier.assign', by: 'holder_code' }, (_, dossier) => {
      if (dossier.state !== 'received' && dossier.state !== 'processing')
        throw new ProblemError(dossierProblems.state);
      return { kind: 'assigned', assignee };
    });
  }

  /** @throws ProblemError DOSSIER_STEP */
  async forward(id: string, input: ForwardDossier, version: number, command: Command): Promise<DossierView> {
    return this.move({ id, version, command, verb: 'dossier.forward', by: 'holder_code' }, (_, dossier) => {
      const next = nextSteps(procedureOf(dossier), dossier.step);
      const step = input.step
        ? next.find(({ code }) => code === input.step)
        : next.find(({ kind }) => kind === 'promised');
      if (dossier.state !== 'received' && dossier.state !== 'processing')
        throw new ProblemError(dossierProblems.state);
      if (!step) throw new ProblemError(dossierProblems.stepUnknown);
      const holder = officeOfStep(step, dossier.place_code, todayInVietnam()) ?? dossier.office_code;
      const { code } = step;
      return { kind: 'forwarded', state: 'processing', step: code, holder, assignee: null, note: input.note };
    });
  }

  /**
   * The clock stops. Each step asks once, within its first days.
   * @throws ProblemError SUPPLEMENT_ASKED_ONCE, SUPPLEMENT_ASKED_TOO_LATE
   */
  async askSupplement(
    id: string,
    { documents, reason }: SupplementRequest,
    version: number,
    command: Command,
  ): Promise<DossierView> {
    return this.move(
      { id, version, command, verb: 'dossier.askSupplement', by: 'holder_code' },
      async (tx, dossier) => {
        requirePapers(procedureOf(dossier), documents);
        if (dossier.state === 'processing') await requireFirstRequest(tx, dossier);
        return { kind: 'supplementAsked', state: 'awaitingSupplement', documents, note: reason };
      },
    );
  }

  async hold(id: string, { reason }: Reason, version: number, command: Command): Promise<DossierView> {
    return this.move({ id, version, command, verb: 'dossier.hold', by: 'holder_code' }, () => ({
      kind: 'held',
      state: 'onHold',
      note: reason,
    }));
  }

  async resume(id: string, version: number, command: Command): Promise<DossierView> {
    return this.move({ id, version, command, verb: 'dossier.resume', by: 'holder_code' }, (_, dossier) => {
      if (dossier.state !== 'onHold') throw new ProblemError(dossierProblems.state);
      return { kind: 'resumed', state: 'processing' };
    });
  }

  /**
   * The day on the receipt cannot be kept: another one is promised. That of the law stays, and with it what is late. A day before
   * it passes is when the law wants the apology; one that comes later is owed all the same, and the move says when it came.
   * @throws ProblemError APOLOGY_ONCE, DOSSIER_PROMISE
   */
  async apologise(
    id: string,
    { reason, promisedOn }: ApologiseDossier,
    version: number,
    command: Command,
  ): Promise<DossierView> {
    return this.move({ id, version, command, verb: 'dossier.apologise', by: 'holder_code' }, (_, dossier) => {
      // Where the clock stands still nothing becomes late.
      if (dossier.state !== 'received' && dossier.state !== 'processing')
        throw new ProblemError(dossierProblems.state);
      if (dossier.promised_on !== null) throw new ProblemError(dossierProblems.apologisedOnce);
      if (promisedOn <= dossier.due_on! || promisedOn < todayInVietnam() || !isWorkingDay(promisedOn))
        throw new ProblemError(dossierProblems.promise, { extensions: { dueOn: dossier.due_on } });
      return { kind: 'apologised', promisedOn, note: reason };
    });
  }

  /** Granted at the last step; who does not qualify is told so at any step. @throws ProblemError DOSSIER_STEPS_LEFT */
  async decide(
    id: string,
    { outcome, note }: DecideDossier,
    version: number,
    command: Command,
  ): Promise<DossierView> {
    return this.move({ id, version, command, verb: 'dossier.decide', by: 'holder_code' }, (_, dossier) => {
      const { steps } = procedureOf(dossier);
      const after = steps.slice(steps.findIndex(({ code }) => code === dossier.step) + 1);
      const left = after.filter(({ kind }) => kind === 'promised');
      if (dossier.state === 'processing' && outcome === 'granted' && left.length > 0)
        throw new ProblemError(dossierProblems.stepsLeft, {
          extensions: { left: left.map(({ code }) => code) },
        });
      return { kind: 'decided', state: 'decided', outcome, note };
    });
  }

  /** The applicant has the result. */
  async return(id: string, version: number, command: Command): Promise<DossierView> {
    return this.move({ id, version, command, verb: 'dossier.return', by: 'office_code' }, () => ({
      kind: 'returned',
      state: 'returned',
    }));
  }

  async withdraw(id: string, { reason }: Reason, version: number, command: Command): Promise<DossierView> {
    return this.move({ id, version, command, verb: 'dossier.withdraw', by: 'office_code' }, () => ({
      kind: 'withdrawn',
      state: 'withdrawn',
      note: reason,
    }));
  }

  /**
   * @throws ProblemError DOSSIER_NOT_FOUND, PRECONDITION_FAILED, PROCEDURE_OF_ANOTHER_SERVICE, DOSSIER_ELSEWHERE, DOSSIER_STATE,
   *   and what `moveOf` refuses
   */
  private async move(
    {
      id,
      version,
      command,
      verb,
      by,
    }: { id: string; version: number; command: Command; verb: string; by: Doer },
    moveOf: (tx: Transaction, dossier: DossierRow) => Move | Promise<Move>,
  ): Promise<DossierView> {
    return this.commands.run(command, verb, async (tx) => {
      const dossier = await findDossier(tx, id, 'FOR UPDATE');
      if (dossier.moves !== version) throw new ProblemError(problems.preconditionFailed);
      requireAssigned(procedureOf(dossier), command.actor);
      requireDoer(dossier[by], command.actor);
      const move = await moveOf(tx, dossier);
      const after = await applyMove(tx, dossier, move, command.actor);
      return effectOf(dossier, after, { step: after.step, state: after.state, outcome: after.outcome });
    });
  }
}

/** To see a dossier is not yet to work on it: the desk sees it at every office. */
function requireDoer(office: string, actor: Actor): void {
  if (!scopeOf(actor).offices.includes(office))
    throw new ProblemError(dossierProblems.elsewhere, { extensions: { office } });
}

async function requireFirstRequest(tx: Transaction, dossier: DossierRow): Promise<void> {
  const moves = await movesOf(tx, dossier.id);
  if (moves.some(({ kind, step }) => kind === 'supplementAsked' && step === dossier.step))
    throw new ProblemError(dossierProblems.askedOnce);
  const cameAt = moves.findLast(({ kind }) => kind === 'forwarded')!.at;
  const today = todayInVietnam();
  const within = deskRulesOn(today).supplementRequestWithin;
  const { unit } = stepOf(procedureOf(dossier), dossier.step!);
  if (unit === 'workingDays' && workingDaysBetween(todayInVietnam(cameAt), today) > within)
    throw new ProblemError(dossierProblems.askedTooLate);
}
