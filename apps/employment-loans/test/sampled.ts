import { addDays } from '@ansinh/calendar';
import { sampleLoans } from '@ansinh/samples';
import { readSealingKeys, Sealer } from '@ansinh/sealing';
import { testKeys } from '@ansinh/testing';
import { sealPayee } from '../src/loan/sealed-payee.js';
import type { Harness } from './harness.js';
import { today } from './lending.js';

const sealer = new Sealer(readSealingKeys(testKeys.SEALING_KEYS, testKeys.LOOKUP_KEY));
const payee = { payeeId: '027180000123', account: '2600205000001' };

/** Loans in the middle of their lives, of Vũ Ninh, some of which never paid. Nothing of them is posted yet but where it is said. */
export async function plantLoans(
  { dataSource }: Harness,
  sample: {
    seed: string;
    count: number;
    disbursedBefore: number;
    repayments: number;
    bookedThrough?: string;
  },
): Promise<void> {
  const { disbursedBefore, ...rest } = sample;
  await dataSource.transaction(async (tx) => {
    await tx.query('SET LOCAL session_replication_role = replica');
    const statements = sampleLoans({
      ...rest,
      placeCode: '09169',
      disbursedFrom: addDays(today(), -disbursedBefore),
      seal: (loanId: string) => sealPayee(sealer, { loanId, contract: 1 }, payee),
    });
    for (const { text, values } of statements) await tx.query(text, values);
  });
}
