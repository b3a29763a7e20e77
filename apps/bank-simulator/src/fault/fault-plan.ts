/** What the bank can do wrong on purpose. */
export const faultKinds = [
  'refuse',
  'returnLater',
  'loseAnswer',
  'answerLate',
  'answerTwice',
  'outOfOrder',
  'closeConnection',
  'shortByOne',
] as const;

export type FaultKind = (typeof faultKinds)[number];
export type FaultRates = Partial<Record<FaultKind, number>>;

/** External status reason codes: wrong account, closed, blocked, another name. */
const refusalReasons = ['AC01', 'AC04', 'AC06', 'BE01'];
/** External return reason codes: closed, blocked, the payee has died, wrong account. */
const returnReasons = ['AC04', 'AC06', 'MD07', 'AC01'];

/**
 * Decides by seed and id alone, so that a run with the same seed and the same ids has the same faults, in whatever
 * order and however often it is asked.
 */
export class FaultPlan {
  /** The hash of what stands before the id, by purpose: half of the work, done once. */
  private readonly beginnings = new Map<string, number>();

  constructor(
    readonly seed: string,
    readonly rates: FaultRates,
  ) {}

  hits(kind: FaultKind, id: string): boolean {
    const rate = this.rates[kind] ?? 0;
    return rate > 0 && this.fraction(kind, id) < rate;
  }

  refusalOf(endToEndId: string): string | null {
    return this.hits('refuse', endToEndId) ? this.pick(refusalReasons, endToEndId) : null;
  }

  returnReasonOf(endToEndId: string): string | null {
    return this.hits('returnLater', endToEndId) ? this.pick(returnReasons, endToEndId) : null;
  }

  private pick(reasons: string[], id: string): string {
    return reasons[Math.floor(this.fraction('reason', id) * reasons.length)]!;
  }

  /** Evenly spread over [0, 1). */
  private fraction(purpose: string, id: string): number {
    let beginning = this.beginnings.get(purpose);
    if (beginning === undefined) {
      beginning = fnv(fnvOffset, `${this.seed}\n${purpose}\n`);
      this.beginnings.set(purpose, beginning);
    }
    return mixed(fnv(beginning, id)) / 2 ** 32;
  }
}

export const noFaults = new FaultPlan('', {});

const fnvOffset = 0x811c9dc5;

/** FNV-1a over the text's code units. */
function fnv(beginning: number, text: string): number {
  let hash = beginning;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash;
}

/** The final mixing of MurmurHash3: neighbouring ids must not get neighbouring numbers. */
function mixed(hash: number): number {
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
