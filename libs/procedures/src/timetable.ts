import { deskRulesOn } from './desk-rules.js';
import { type Procedure, promisedTerm, stepOf } from './procedure.js';
import { type Due, dueOf, type Start, startAt, startAtDesk, type Stop, type Term } from './term.js';
import { todayInVietnam } from '@ansinh/calendar';

/** What moves a dossier, or its clock. */
export type DossierMove =
  /** The dossier is complete: the receipt is given, the clock starts. */
  | { kind: 'received'; at: Date }
  | { kind: 'forwarded'; at: Date; step: string }
  | { kind: 'supplementAsked' | 'supplemented' | 'held' | 'resumed' | 'decided'; at: Date };

/** The time that a dossier stood at the desk (`step` is null) or at a step. */
export interface Stay {
  step: string | null;
  from: Date;
  until: Date | null;
  due: Due;
  /** When its clock stood still; a last one without an end stands still now. */
  stops: { from: Date; until: Date | null; awaits: 'supplement' | 'resumption' }[];
}

export interface Timetable {
  /** The day that counts as that of reception: after the cut-off it is the next working day. */
  countsFrom: string;
  /** The promise on the receipt, moved by what stopped the clock since. */
  due: Due;
  /** Since when the clock stands still. */
  stoppedAt: Date | null;
  stays: Stay[];
}

interface Clock {
  term: Term;
  start: Start;
  stops: Stop[];
}

/**
 * When a dossier, and each step of it, is due after all that has happened to it. Pure: the same moves give the same days on
 * whatever day they are looked at.
 * @param moves in their order, the reception first
 * @throws RangeError for moves that cannot follow one another
 */
export function timetableOf(procedure: Procedure, moves: readonly DossierMove[]): Timetable {
  const [received, ...others] = moves;
  if (received?.kind !== 'received') throw new RangeError('The first move of a dossier is its reception');
  const fold = new Fold(procedure, received.at);
  for (const move of others) fold.apply(move);
  return fold.result();
}

/** The clock of the promise and that of the step run side by side, and stop and go on together. */
class Fold {
  private readonly countsFrom: Start;
  private readonly whole: Clock;
  private current: Clock;
  private readonly stays: Stay[];

  constructor(
    private readonly procedure: Procedure,
    receivedAt: Date,
  ) {
    this.countsFrom = this.startAtDesk(receivedAt);
    this.whole = { term: promisedTerm(procedure), start: this.countsFrom, stops: [] };
    // The desk passes it on within the day that counts as that of reception.
    this.current = { term: { length: 0, unit: 'workingDays' }, start: this.countsFrom, stops: [] };
    this.stays = [this.stay(null, receivedAt)];
  }

  apply(move: DossierMove): void {
    const last = this.stays.at(-1)!;
    if (last.until !== null) throw new RangeError(`Nothing follows a decision: ${move.kind}`);
    switch (move.kind) {
      case 'received':
        throw new RangeError('A dossier is received once');
      case 'forwarded':
        return this.forward(last, move.at, move.step);
      case 'supplementAsked':
        return this.stop(last, move.at, 'supplement');
      case 'held':
        return this.stop(last, move.at, 'resumption');
      case 'supplemented':
        return this.goOn(last, this.startAtDesk(move.at), 'supplement');
      case 'resumed':
        return this.goOn(last, startAt(move.at), 'resumption');
      case 'decided':
        last.until = move.at;
    }
  }

  result(): Timetable {
    const last = this.stays.at(-1)!;
    const open = last.until === null ? last.stops.at(-1) : undefined;
    return {
      countsFrom: this.countsFrom.on,
      due: dueOfClock(this.whole),
      stoppedAt: open?.until === null ? open.from : null,
      stays: this.stays,
    };
  }

  private forward(last: Stay, at: Date, code: string): void {
    if (isStopped(last)) throw new RangeError('A dossier whose clock stands still is not forwarded');
    const step = stepOf(this.procedure, code);
    last.until = at;
    const term = { length: step.term, unit: step.unit };
    // Nobody could have promised the days of what is seldom needed.
    if (step.kind === 'ifNeeded')
      this.whole.term = { ...this.whole.term, length: this.whole.term.length + step.term };
    this.current = { term, start: startAt(at), stops: [] };
    this.stays.push(this.stay(code, at));
  }

  private stop(last: Stay, at: Date, awaits: 'supplement' | 'resumption'): void {
    if (isStopped(last)) throw new RangeError('The clock stands still already');
    last.stops.push({ from: at, until: null, awaits });
  }

  private goOn(last: Stay, start: Start, awaits: 'supplement' | 'resumption'): void {
    const open = last.stops.at(-1);
    if (!open || open.until !== null || open.awaits !== awaits)
      throw new RangeError(`No ${awaits} is awaited`);
    open.until = start.at;
    const stop = { from: open.from, until: start };
    if (awaits === 'supplement' && deskRulesOn(start.on).afterSupplement === 'restarts')
      this.restart(last, stop);
    else for (const clock of [this.whole, this.current]) clock.stops.push(stop);
    last.due = dueOfClock(this.current);
  }

  /** The step has its whole term again, and with it what follows; steps that are done stay done. What was late stays late. */
  private restart(last: Stay, { from, until }: Stop): void {
    const step = last.step === null ? undefined : stepOf(this.procedure, last.step);
    const terms = [
      [this.whole, promisedTerm(this.procedure, step)],
      [this.current, this.current.term],
    ] as const;
    for (const [clock, term] of terms)
      if (from < dueOfClock(clock).at) Object.assign(clock, { term, start: until, stops: [] });
  }

  private stay(step: string | null, from: Date): Stay {
    return { step, from, until: null, due: dueOfClock(this.current), stops: [] };
  }

  private startAtDesk(at: Date): Start {
    return startAtDesk(at, deskRulesOn(todayInVietnam(at)).cutOff);
  }
}

function dueOfClock({ term, start, stops }: Clock): Due {
  return dueOf(term, start, stops);
}

function isStopped({ stops }: Stay): boolean {
  return stops.at(-1)?.until === null;
}

/** Where a dossier stood, from which day to which. */
export interface Whereabouts {
  /** null: the desk */
  step: string | null;
  fromOn: string;
  /** null: until now */
  untilOn: string | null;
  awaits: 'supplement' | 'resumption' | null;
}

/** The way of a dossier by days: where it stood, and when it only waited there. */
export function whereabouts({ stays }: Timetable): Whereabouts[] {
  return stays.flatMap(({ step, from, until, stops }) => {
    const marks = stops.flatMap((stop) => [
      { at: stop.from, awaits: stop.awaits },
      ...(stop.until === null ? [] : [{ at: stop.until, awaits: null }]),
    ]);
    return [{ at: from, awaits: null }, ...marks].map(({ at, awaits }, index) => {
      const end = marks[index]?.at ?? until;
      return {
        step,
        fromOn: todayInVietnam(at),
        untilOn: end === null ? null : todayInVietnam(end),
        awaits,
      };
    });
  });
}
