import { applyDecorators, createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import { type Actor, headerText, requestOf } from '@ansinh/auth';
import { ProblemError } from '@ansinh/problem';
import { accessProblems } from './access-log.problems.js';

/**
 * What whole numbers of people may be needed for. A code, so that an inspector can count what they were read for; beside it
 * always a note, so that each case leads to its paper.
 */
export const purposeCodes = [
  'bankFile',
  'cashList',
  'listCorrection',
  'listCheck',
  'returnFollowUp',
  'dossierWork',
  'grievance',
  'inspection',
  'investigation',
] as const;

export type PurposeCode = (typeof purposeCodes)[number];

export interface AccessPurpose {
  code: PurposeCode;
  note: string;
}

/** Who reads, under which request, and what for; without a purpose, numbers of people come masked. */
export interface Reader {
  actor: Actor;
  requestId: string;
  purpose: AccessPurpose | null;
}

/** In a header, not in the address: addresses stand in the logs of every proxy on the way. */
const purposeHeader = 'access-purpose';

/** Long enough to name a document or a case. */
const noteCharactersMin = 10;
const noteCharactersMax = 300;

/** The reader behind the request, REST and GraphQL alike. @throws ProblemError ACCESS_PURPOSE_MALFORMED */
export const CurrentReader = createParamDecorator((_: unknown, context: ExecutionContext): Reader => {
  const request = requestOf(context);
  if (!request.actor) throw new Error('CurrentReader on a route without @Requires');
  return {
    actor: request.actor,
    requestId: request.id,
    purpose: readPurpose(request.headers[purposeHeader]),
  };
});

/**
 * Reads `<code>; <note>`, the note in percent-encoded UTF-8, since a header carries ASCII alone.
 * @throws ProblemError ACCESS_PURPOSE_MALFORMED
 */
function readPurpose(header: unknown): AccessPurpose | null {
  if (header === undefined) return null;
  const [code, encoded] = typeof header === 'string' ? header.split(/;(.*)/s) : [];
  const known = purposeCodes.find((purpose) => purpose === code?.trim());
  const note = headerText(encoded?.trim() ?? '');
  if (!known || note === null || !isNote(note)) throw new ProblemError(accessProblems.purposeMalformed);
  return { code: known, note };
}

/** A row of dots is no reason: some letters must be there. Control characters would forge lines where it is printed. */
function isNote(note: string): boolean {
  const length = [...note].length;
  const isLong = length >= noteCharactersMin && length <= noteCharactersMax;
  return isLong && /\p{L}.*\p{L}.*\p{L}/u.test(note) && !/[\p{Cc}\p{Cs}]/u.test(note);
}

/** Documents the header. @param required where there is nothing to give without a purpose */
export const PurposeApi = (required = false) =>
  applyDecorators(
    ApiHeader({
      name: 'Access-Purpose',
      required,
      description: `Why whole numbers of people are needed: \`<code>; <note>\` with one of ${purposeCodes.join(', ')} and a note of ${noteCharactersMin} to ${noteCharactersMax} characters in percent-encoded UTF-8. It is kept in the access log. Without it numbers are masked`,
      schema: { type: 'string', example: 'inspection; KH%2012%2FTTr%20ki%E1%BB%83m%20tra%20qu%C3%BD%20I' },
    }),
  );
