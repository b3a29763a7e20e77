import type { DataSource } from 'typeorm';

/** One row of an office in every table that belongs to offices, past every trigger: what is looked at is who sees it. */
const rows = (office: string, number: number) => {
  const id = `00000000-0000-7000-8000-${String(number).padStart(12, '0')}`;
  return `
INSERT INTO audit_event (seq, actor_id, actor_name, office, verb, subject, request_id, facts, previous_hash, hash)
  VALUES (${number}, 'a', 'a', '${office}', 'v', 's', 'r', '{}', '', '');
INSERT INTO support_list (id, programme, choice, months, employer_name, employer_type, place_code, office_code, received_on,
    file_digest, rows, blocked, is_refused, created_by, created_by_name)
  VALUES ('${id}', 'covid-support', 'policy5', '{}', 'A', 'enterprise', '09163', '${office}', '2021-09-01', 'd', 1, 0, false, 'a', 'a');
INSERT INTO list_row (list_id, row_no, is_blocked, person_key, name, sealed, bank_bin, facts)
  VALUES ('${id}', 1, false, '${id}', 'A', '', '970405', '{}');
INSERT INTO list_finding (list_id, row_no, code) VALUES ('${id}', 1, 'REPEATED');
INSERT INTO list_cells (list_id, block_no, sealed) VALUES ('${id}', 0, '');
INSERT INTO access_log (actor_id, actor_name, actor_office, office, subject, first_row, last_row, numbers, purpose, note, request_id)
  VALUES ('a', 'a', '${office}', '${office}', 'support-list/${id}/list', 1, 1, 1, 'listCheck', 'of a test case', 'r');
INSERT INTO insurance_list (id, office_code, file_digest, rows, created_by, created_by_name)
  VALUES ('${id}', '${office}', 'd', 1, 'a', 'a');
INSERT INTO insurance_fact (person_key, month, employer_tax_code, list_id, row_no, is_insured)
  VALUES ('${id}', '2021-06-01', '1', '${id}', 1, true);
INSERT INTO insurance_cells (list_id, block_no, sealed) VALUES ('${id}', 0, '');
INSERT INTO insurance_finding (list_id, row_no, code, column_name, facts) VALUES ('${id}', 1, 'REPEATED', '', '{}');
INSERT INTO support_run (id, programme, office_code, decided_on, state, rows, created_by, created_by_name)
  VALUES ('${id}', 'covid-support', '${office}', '2022-06-01', 'deciding', 1, 'a', 'a');
INSERT INTO run_list (run_id, number, list_id) VALUES ('${id}', 1, '${id}');
INSERT INTO run_approval (run_id, verdict, digest, actor_id, actor_name) VALUES ('${id}', 'rejected', 'd', 'a', 'a');
INSERT INTO beneficiary (id, programme, person_key, name, sealed, sealed_for, place_code, office_code, first_month, created_by, created_by_name)
  VALUES ('${id}', 'monthly-allowance', '${id}', 'A', '', 'p', '09163', '${office}', '2022-03-01', 'a', 'a');
INSERT INTO beneficiary_statement (id, beneficiary_id, applies_from, facts, basis, recorded_by, recorded_by_name)
  VALUES ('${id}', '${id}', '2022-03-01', '{}', 'b', 'a', 'a');
INSERT INTO beneficiary_move (id, beneficiary_id, from_place_code, to_place_code, moved_on, basis, recorded_by, recorded_by_name)
  VALUES ('${id}', '${id}', '09163', '09169', '2022-03-01', 'b', 'a', 'a');
INSERT INTO registry_person (person_key, person_id, is_former, place_code, event_id, event_type)
  VALUES ('${id}', '${id}', false, '${office}', 'e', 'person.died');
INSERT INTO beneficiary_uncompared (beneficiary_id) VALUES ('${id}');
INSERT INTO beneficiary_told (beneficiary_id) VALUES ('${id}');
INSERT INTO run_uncompared (run_id) VALUES ('${id}');
INSERT INTO registry_notice (id, beneficiary_id, name, office_code, aspect, kind, is_open, event_id, event_type)
  VALUES ('${id}', '${id}', 'A', '${office}', 'death', 'deathTakenBack', true, 'e', 'person.died');
INSERT INTO registry_notice_answer (notice_id, answer, note, actor_id, actor_name) VALUES ('${id}', 'dismissed', 'n', 'a', 'a');
INSERT INTO member_block (run_id, block_no, members) VALUES ('${id}', 0, '{${id}}');
INSERT INTO decision (id, run_id, list_id, row_no, person_key, office_code, outcome, amount, rules, because, facts, digest)
  VALUES ('${id}', '${id}', '${id}', 1, '${id}', '${office}', 'granted', 1, '{}', '{}', '{}', '');
INSERT INTO entitlement (id, run_id, programme, choice, person_key, office_code, benefit, period, amount)
  VALUES ('${id}', '${id}', 'covid-support', 'policy5', '${id}', '${office}', 'policy5', '2022', 1);
INSERT INTO unpaid_entitlement (run_id, entitlement_id) VALUES ('${id}', '${id}');
INSERT INTO recovery (id, beneficiary_id, manner, amount, most_a_month, paper, reason, state)
  VALUES ('${id}', '${id}', 'instalments', 2, 1, 'p', 'r', 'proposed');
INSERT INTO recovery_move (record_id, number, kind, from_state, to_state, actor_id, actor_name)
  VALUES ('${id}', 1, 'proposed', 'none', 'proposed', 'a', 'a');
INSERT INTO recovery_entry (id, recovery_id, beneficiary_id, month, kind, amount, entitlement_id)
  VALUES ('${id}', '${id}', '${id}', '2022-03-01', 'deducted', 1, '${id}');
INSERT INTO poverty_review (id, year, place_code, office_code, reviewed_on, area, households, state)
  VALUES ('${id}', 2022, '${office}', '${office}', '2022-10-01', 'urban', 1, 'open');
INSERT INTO poverty_review_move (record_id, number, kind, from_state, to_state, actor_id, actor_name)
  VALUES ('${id}', 1, 'opened', 'none', 'open', 'a', 'a');
INSERT INTO review_telling (review_id, approval, told, unknown) VALUES ('${id}', 1, 0, 0);
INSERT INTO review_list (id, review_id, file_digest, rows, blocked, is_refused, brought_by, brought_by_name)
  VALUES ('${id}', '${id}', 'd', 1, 1, true, 'a', 'a');
INSERT INTO review_finding (list_id, row_no, code) VALUES ('${id}', 1, 'REPEATED');
INSERT INTO reviewed_household (id, review_id, year, office_code, person_key, name, sealed, members, facts, outcome, deprived_of,
    digest, recorded_by, recorded_by_name)
  VALUES ('${id}', '${id}', 2022, '${office}', '${id}', 'A', '', 1, '{}', 'incomplete', '{}', '', 'a', 'a');
INSERT INTO review_correction (id, review_id, household_id, reason, paper, state)
  VALUES ('${id}', '${id}', '${id}', 'r', 'p', 'proposed');
INSERT INTO review_correction_move (record_id, number, kind, from_state, to_state, actor_id, actor_name)
  VALUES ('${id}', 1, 'proposed', 'none', 'proposed', 'a', 'a');
INSERT INTO grievance (id, decision_id, office_code, raised_by, complainant, statement, received_on, due_on, state)
  VALUES ('${id}', '${id}', '${office}', 'citizen', 'A', 's', '2022-10-20', '2022-10-25', 'received');
INSERT INTO grievance_move (record_id, number, kind, from_state, to_state, actor_id, actor_name)
  VALUES ('${id}', 1, 'received', 'none', 'received', 'a', 'a');
INSERT INTO payout (id, office_code, fund_id, programme_code, purpose, period, channel, decided_by, rows, amount, list_digest)
  VALUES ('${id}', '${office}', '${id}', 'NQ68', 'p', '2022-06', 'iso20022-http', 'a', 1, 1, 'd');
INSERT INTO payout_block (payout_id, block_no, sealed) VALUES ('${id}', 0, '');
INSERT INTO run_payout (id, run_id, payout_id) VALUES ('${id}', '${id}', '${id}');
INSERT INTO payout_line (run_payout_id, row_no, entitlement_id) VALUES ('${id}', 1, '${id}');
INSERT INTO payout_outcome (payout_id, row_no, status, findings) VALUES ('${id}', 1, 'paid', '{}');`;
};

export async function plantRows(owner: DataSource, office: string, number: number): Promise<void> {
  await owner.transaction(async (tx) => {
    await tx.query('SET LOCAL session_replication_role = replica');
    await tx.query(rows(office, number));
  });
}
