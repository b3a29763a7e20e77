import type { Catalogue } from './catalogue.js';
import { decide, type Decision } from './decision.js';
import type { Facts } from './facts.js';
import { type AsOf, momentOf } from './moment.js';
import { nationalCatalogue } from './national.js';
import { type CompiledProgramme, compileProgramme, type Confirmation } from './programme.js';

/** Law with what was confirmed of it. */
export interface Policy {
  catalogue: Catalogue;
  evaluate: (programme: string, facts: Facts, asOf: AsOf) => Decision;
  /** The programme as it is at a moment, with the digest of its rules. For lists: compiled once, asked for each row. */
  programmeAt: (programme: string, asOf: AsOf) => CompiledProgramme;
}

/** A year of days and as many months known later; a service asks for a few of them at a time. */
const COMPILED_MAX = 400;

/** Law by which can be decided. What a programme is at a moment is compiled once. */
export function openPolicy({
  catalogue = nationalCatalogue(),
  confirmations = [],
  province,
}: {
  catalogue?: Catalogue;
  confirmations?: readonly Confirmation[];
  /** Whose own parameters count where a question names none. */
  province?: string;
} = {}): Policy {
  const compiled = new Map<string, CompiledProgramme>();
  // A list asks the same of each of its rows: the last answer spares it the key.
  let last: { programme: string; asOf: AsOf; law: CompiledProgramme } | undefined;
  function programmeAt(programme: string, asOf: AsOf): CompiledProgramme {
    if (last?.programme === programme && last.asOf === asOf) return last.law;
    const law = lawAt(programme, asOf);
    // An object may be changed by whoever holds it; a day in text, or what is frozen, may not.
    if (typeof asOf === 'string' || Object.isFrozen(asOf)) last = { programme, asOf, law };
    return law;
  }
  function lawAt(programme: string, asOf: AsOf): CompiledProgramme {
    const moment = { ...(province !== undefined && { province }), ...momentOf(asOf) };
    const key = `${programme} ${moment.day} ${moment.knownOn} ${moment.province ?? ''}`;
    const known = compiled.get(key);
    if (known) return known;
    const law = compileProgramme(catalogue, programme, moment, confirmations);
    if (compiled.size >= COMPILED_MAX) compiled.delete(compiled.keys().next().value!);
    compiled.set(key, law);
    return law;
  }
  return {
    catalogue,
    programmeAt,
    evaluate: (programme, facts, asOf) => decide(programmeAt(programme, asOf), facts),
  };
}

let national: Policy | undefined;

/** By the carried law of the whole country, with nothing confirmed. @throws RangeError for an unknown programme or fact */
export function evaluate(programme: string, facts: Facts, asOf: AsOf): Decision {
  return (national ??= openPolicy()).evaluate(programme, facts, asOf);
}
