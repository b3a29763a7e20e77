import { placeCodesUnder } from '@ansinh/places';
import type { Actor } from './actor.js';

const scopes = new Map<string, { offices: string[] }>();

/**
 * What the caller may see: records of its own office and of those under it, by every code that they ever had; nothing for
 * an office that no place code names. The higher offices first: they have most of the records, and policies look from the
 * front.
 */
export function scopeOf({ office }: Actor): { offices: string[] } {
  let scope = scopes.get(office);
  if (!scope) {
    const offices = placeCodesUnder(office).sort((one, other) => one.length - other.length);
    scope = { offices };
    // Claims come from outside: only names of places are worth remembering.
    if (offices.length > 0) scopes.set(office, scope);
  }
  return scope;
}
