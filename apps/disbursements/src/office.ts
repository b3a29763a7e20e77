import type { Actor } from '@ansinh/auth';
import { placeCodesUnder } from '@ansinh/places';

/** Offices whose records the caller may see: its own and those under it, by every code they ever had. */
export function visibleOffices(actor: Actor): string[] {
  return placeCodesUnder(actor.office);
}
