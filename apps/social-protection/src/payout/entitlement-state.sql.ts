/**
 * Where an entitlement stands: `proposed` until its run is approved, then `due`; on a list without an outcome it is `inPayment`;
 * then what was told of it last. What is neither `inPayment` nor `paid` may be put on another list.
 * @param id of the entitlement, as SQL
 * @param isApproved whether its run is, as SQL
 */
export const stateOfEntitlement = (id: string, isApproved: string) => `
CASE WHEN NOT (${isApproved}) THEN 'proposed' ELSE coalesce((
  SELECT coalesce((
    SELECT status FROM payout_outcome told WHERE told.payout_id = way.payout_id AND told.row_no = line.row_no
    ORDER BY told.id DESC LIMIT 1), 'inPayment')
  FROM payout_line line JOIN run_payout way ON way.id = line.run_payout_id
  WHERE line.entitlement_id = ${id} ORDER BY way.id DESC LIMIT 1), 'due') END`;

export const entitlementStates = [
  'proposed',
  'due',
  'inPayment',
  'paid',
  'returned',
  'refused',
  'setAside',
  'cancelled',
] as const;
