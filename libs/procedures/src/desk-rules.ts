import desk from './data/one-stop-desk.json' with { type: 'json' };

/** How a one-stop desk works, as the decree of its day says (Decree 61/2018/NĐ-CP; since July 2025 Decree 118/2025/NĐ-CP). */
export interface DeskRules {
  validFrom: string;
  /** First day on which they no longer hold. */
  validUntil: string | null;
  /** What comes in later than this o'clock goes on, and counts, from the next working day. */
  cutOff: string;
  /** Working days within which the office of a step may ask for a supplement. */
  supplementRequestWithin: number;
  /** `restarts`: the term of the step begins anew when the supplement is there; `continues`: where it had stopped. */
  afterSupplement: 'restarts' | 'continues';
  legalBasis: string;
  /** `verified` was read in a source of law; an official must confirm the others. */
  confidence: string;
}

const versions = desk.desk as DeskRules[];

/** @throws RangeError for a day before the first decree on one-stop desks that is known here */
export function deskRulesOn(day: string): DeskRules {
  const rules = versions.find((version) => isInForce(version, day));
  if (!rules) throw new RangeError(`No rules of a one-stop desk on ${day}`);
  return rules;
}

/** Whether a version, from its first day to the one before `validUntil`, holds on a day. */
export function isInForce(
  { validFrom, validUntil }: { validFrom: string; validUntil: string | null },
  day: string,
): boolean {
  return validFrom <= day && (validUntil === null || day < validUntil);
}
