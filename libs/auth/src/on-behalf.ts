import { SetMetadata } from '@nestjs/common';
import { officeCovers } from '@ansinh/places';
import { problems, ProblemError } from '@ansinh/problem';
import type { Actor } from './actor.js';
import { authProblems } from './auth.problems.js';
import { headerText } from './header-text.js';

export const officialsRoute = 'ansinh:officials';

/**
 * A route on which another service may act in the name of an official, by the header On-Behalf-Of; on no other is the header
 * taken. A service does not change anything here in its own name.
 */
export const ForOfficials = () => SetMetadata(officialsRoute, true);

/** Who is named: identity, office and name, each in percent-encoded UTF-8, since a header carries ASCII alone. */
export const behalfHeader = 'on-behalf-of';

const partForm = /^[^\p{Cc}\p{Cs}]{1,200}$/u;

interface Asked {
  header: unknown;
  /** Whether the route takes the header. */
  isForOfficials: boolean;
  /** Whether the request changes something. */
  isCommand: boolean;
}

/**
 * The official in whose name a service asks: with the service's permissions, in the official's office.
 * @throws ProblemError FORBIDDEN, OFFICIAL_MALFORMED, OFFICIAL_MISSING
 */
export function officialOf(caller: Actor, { header, isForOfficials, isCommand }: Asked): Actor {
  const { client } = caller;
  const mayRepresent = client !== undefined && caller.permissions.has('official:represent');
  if (header === undefined) {
    if (mayRepresent && isForOfficials && isCommand) throw new ProblemError(authProblems.officialMissing);
    return caller;
  }
  if (!mayRepresent || !isForOfficials) throw new ProblemError(problems.forbidden);
  const [id, office, name] = readOfficial(header);
  if (!officeCovers(caller.office, office)) throw new ProblemError(problems.forbidden);
  return { ...caller, id, name, office, service: client };
}

/** Reads `<id>; <office>; <name>`. @throws ProblemError OFFICIAL_MALFORMED */
function readOfficial(header: unknown): [id: string, office: string, name: string] {
  const parts = typeof header === 'string' ? header.split(';').map((part) => headerText(part.trim())) : [];
  const [id, office, name] = parts.filter((part) => part !== null && partForm.test(part)) as string[];
  if (parts.length !== 3 || id === undefined || office === undefined || name === undefined)
    throw new ProblemError(authProblems.officialMalformed);
  return [id, office, name];
}
