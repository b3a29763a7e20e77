import { findPlace, placeCodesUnder } from '@ansinh/places';
import type { Actor } from './actor.js';

const scopes = new Map<string, { offices: string[] }>();

/**
 * What the caller may see: records of its own office and of those under it, by every code that they ever had; nothing for
 * an office that no place code names. Policies look from the front, code by code for each row: so the higher offices come
 * first, which have most batches, and then the communes of today, which have the people.
 */
export function scopeOf({ office }: Actor): { offices: string[] } {
  let scope = scopes.get(office);
  if (!scope) {
    const offices = placeCodesUnder(office).sort(
      (one, other) => one.length - other.length || wasBefore(one) - wasBefore(other),
    );
    scope = { offices };
    // Claims come from outside: only names of places are worth remembering.
    if (offices.length > 0) scopes.set(office, scope);
  }
  return scope;
}

const wasBefore = (code: string) => (findPlace(code)?.validUntil ? 1 : 0);
