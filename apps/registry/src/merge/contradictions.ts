import { factKinds } from '../person/fact-kinds.js';

type FactKind = keyof typeof factKinds;

/** What of two records cannot hold of one person on one day, and decides money. */
export const contradictionKinds = ['death', 'household', ...(Object.keys(factKinds) as FactKind[])] as const;
export type ContradictionKind = (typeof contradictionKinds)[number];

export const sides = ['survivor', 'absorbed'] as const;
export type Side = (typeof sides)[number];

/** A record of a fact, in the order of recording: of those that cover a day the last one holds. */
export interface HeldFact {
  kind: string;
  /** Null takes back what was recorded for these days. */
  value: string | null;
  validFrom: string;
  validUntil: string | null;
}

/** Kinds of which the two say different things of some day. Where one of them says nothing there is none. */
export function contradictingKinds(survivor: readonly HeldFact[], absorbed: readonly HeldFact[]): FactKind[] {
  return (Object.keys(factKinds) as FactKind[]).filter((kind) => {
    const [one, other] = [survivor, absorbed].map((facts) => facts.filter((fact) => fact.kind === kind));
    // Between two of these days nothing changes.
    const days = [...one!, ...other!].flatMap(({ validFrom, validUntil }) => [
      validFrom,
      validUntil ?? validFrom,
    ]);
    return days.some((day) => {
      const [said, contradicted] = [valueOn(one!, day), valueOn(other!, day)];
      return said !== undefined && contradicted !== undefined && said !== contradicted;
    });
  });
}

const valueOn = (facts: readonly HeldFact[], day: string) =>
  facts.findLast(({ validFrom, validUntil }) => validFrom <= day && (validUntil === null || day < validUntil))
    ?.value;
