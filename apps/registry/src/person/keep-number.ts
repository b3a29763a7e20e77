import type { Transaction } from '@ansinh/database';
import type { Sealer } from '@ansinh/sealing';
import { numberKeyOf, numberPlace } from './sealed-person.js';

/** A number that a person had, or has beside his citizen number: he is found by it. */
export interface OtherNumber {
  kind: 'citizen' | 'old';
  number: string;
  validUntil: string | null;
}

export async function keepNumber(
  tx: Transaction,
  sealer: Sealer,
  personId: string,
  { kind, number, validUntil }: OtherNumber,
  recordedBy: string,
): Promise<void> {
  const key = numberKeyOf(sealer, number);
  // A number may be taken back and given again: it is known then.
  await tx.query(
    `INSERT INTO person_number (person_id, kind, number_key, sealed, valid_until, recorded_by)
     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`,
    [personId, kind, key, sealer.seal(number, numberPlace(personId, key)), validUntil, recordedBy],
  );
}
