/**
 * Where an entitlement stands: `proposed` until its run is approved, then `due`; on a list without an outcome it is `inPayment`;
 * then what was told of it last. What is neither `inPayment` nor `paid` may be put on another list. Where all of it is kept back for
 * what was paid too much before, it is `recovered` and on no list.
 * @param e alias of the entitlement, as SQL
 * @param isApproved whether its run is, as SQL
 */
export const stateOfEntitlement = (e: string, isApproved: string) => `
CASE WHEN NOT (${isApproved}) THEN 'proposed' WHEN ${e}.deducted = ${e}.amount THEN 'recovered' ELSE coalesce((
  SELECT coalesce((
    SELECT status FROM payout_outcome told WHERE told.payout_id = way.payout_id AND told.row_no = line.row_no
    ORDER BY told.id DESC LIMIT 1), 'inPayment')
  FROM payout_line line JOIN run_payout way ON way.id = line.run_payout_id
  WHERE line.entitlement_id = ${e}.id ORDER BY way.id DESC LIMIT 1), 'due') END`;

/** What was ever owed, also what was released: each is found by an index of its own, where both at once are looked for from the first row on. */
export const everOwed = `
(SELECT * FROM entitlement WHERE NOT is_released UNION ALL SELECT * FROM entitlement WHERE is_released)`;

/**
 * Those of many entitlements that are paid, as `stateOfEntitlement` says of each: by joins, where asking one by one takes longer than all else.
 * @param owed table or query with the `id`s of entitlements, as SQL
 */
export const paidOf = (owed: string) => `
SELECT id FROM (
  SELECT DISTINCT ON (owed.id) owed.id, told.status FROM ${owed} owed
  JOIN payout_line line ON line.entitlement_id = owed.id JOIN run_payout way ON way.id = line.run_payout_id
  LEFT JOIN payout_outcome told ON told.payout_id = way.payout_id AND told.row_no = line.row_no
  ORDER BY owed.id, way.id DESC, told.id DESC) last
WHERE status = 'paid'`;

export const entitlementStates = [
  'proposed',
  'due',
  'inPayment',
  'paid',
  'recovered',
  'returned',
  'refused',
  'setAside',
  'cancelled',
] as const;
