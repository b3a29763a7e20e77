import type { Transaction } from '@ansinh/database';
import type { Payout, PayoutOutcome } from '@ansinh/payouts';

/** Notes what was told of lines, by one statement, in the transaction that notes how far it was read. */
export async function applyOutcomes(
  tx: Transaction,
  { id }: Payout,
  outcomes: readonly PayoutOutcome[],
): Promise<void> {
  const told = outcomes.map(({ amount, ...rest }) => ({ ...rest, amount: amount?.toString() ?? null }));
  await tx.query(
    `INSERT INTO payout_outcome (payout_id, row_no, status, amount, booked_on, reason, findings)
     SELECT $1, told.row, told.status, told.amount, told."bookedOn", told.reason,
       ARRAY(SELECT jsonb_array_elements_text(told.findings))
     FROM ROWS FROM (jsonb_to_recordset($2::jsonb) AS (row int, status text, amount bigint, "bookedOn" date, reason text, findings jsonb))
       WITH ORDINALITY AS told (row, status, amount, "bookedOn", reason, findings, place)
     ORDER BY told.place`,
    [id, JSON.stringify(told)],
  );
}
