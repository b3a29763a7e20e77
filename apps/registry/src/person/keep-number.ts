import type { Transaction } from '@ansinh/database';
import type { Sealer } from '@ansinh/sealing';
import { numberKeyOf, numberPlace } from './sealed-person.js';

/** A number that a person had, or has beside his citizen number: he is found by it. */
export interface OtherNumber {
  kind: 'citizen' | 'old';
  number: string;
  validUntil: string | null;
}

/** @returns what was recorded of the number before, which then holds: a number may be taken back and given again */
export async function keepNumber(
  tx: Transaction,
  sealer: Sealer,
  personId: string,
  { kind, number, validUntil }: OtherNumber,
  recordedBy: string,
): Promise<Pick<OtherNumber, 'validUntil'> | undefined> {
  const key = numberKeyOf(sealer, number);
  const [known] = (await tx.query(
    `WITH kept AS (
       INSERT INTO person_number (person_id, kind, number_key, sealed, valid_until, recorded_by)
       VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING)
     SELECT valid_until::text AS "validUntil" FROM person_number WHERE person_id = $1 AND number_key = $3`,
    [personId, kind, key, sealer.seal(number, numberPlace(personId, key)), validUntil, recordedBy],
  )) as Pick<OtherNumber, 'validUntil'>[];
  return known;
}
