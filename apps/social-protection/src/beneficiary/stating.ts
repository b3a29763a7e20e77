import type { Transaction } from '@ansinh/database';

const lockOf = (programme: string) => `stated ${programme}`;

/**
 * Held from before something is stated of people of a programme to its commit. A month that is started meanwhile waits, and knows of
 * it: made without it, it would never be looked at again for it, since the next month looks back to what was stated after its start.
 */
export async function beginToState(tx: Transaction, programme: string): Promise<void> {
  await tx.query('SELECT pg_advisory_xact_lock_shared(hashtextextended($1, 0))', [lockOf(programme)]);
}

/** The same before a beneficiary is locked: what is stated comes first in the lock order. */
export async function beginToStateOf(tx: Transaction, beneficiaryId: string): Promise<void> {
  const [found] = (await tx.query('SELECT programme FROM beneficiary WHERE id = $1', [beneficiaryId])) as {
    programme: string;
  }[];
  if (found) await beginToState(tx, found.programme);
}

/** Before a month is started: waits for everything that is being stated, and keeps the rest waiting until it is there. */
export async function awaitStated(tx: Transaction, programme: string): Promise<void> {
  await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [lockOf(programme)]);
}
