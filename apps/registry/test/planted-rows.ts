import type { DataSource } from 'typeorm';

/** One row of an office in every table that belongs to offices, past every trigger: what is looked at is who sees it. */
const rows = (office: string, number: number) => {
  const id = `00000000-0000-7000-8000-${String(number).padStart(12, '0')}`;
  const other = id.replace('-8000-', '-9000-');
  return `
INSERT INTO audit_event (seq, actor_id, actor_name, office, verb, subject, request_id, facts, previous_hash, hash)
  VALUES (${number}, 'a', 'a', '${office}', 'v', 's', 'r', '{}', '', '');
INSERT INTO access_log (actor_id, actor_name, actor_office, office, subject, first_row, last_row, numbers, purpose, note, request_id)
  VALUES ('a', 'a', '27', '${office}', 's', 1, 1, 1, 'inspection', 'ten letters', 'r');
INSERT INTO name_form VALUES ('A', 'a', 'a') ON CONFLICT DO NOTHING;
INSERT INTO person (id, number_key, sealed, name, name_key, birth_year, sex, office_code, recorded_by)
  VALUES ('${id}', '${id}', '', 'A', 'A', 1985, 'male', '${office}', 'somebody');
INSERT INTO person (id, sealed, name, name_key, birth_year, sex, office_code, recorded_by)
  VALUES ('${other}', '', 'A', 'A', 1985, 'male', '${office}', 'somebody');
INSERT INTO person_number (person_id, kind, number_key, sealed, recorded_by) VALUES ('${id}', 'old', '${id}', '\\x0001', 'somebody');
INSERT INTO person_residence (person_id, place_code, valid_from, recorded_by) VALUES ('${id}', '09163', '2022-01-01', 'somebody');
INSERT INTO person_fact (person_id, kind, value, basis, valid_from, recorded_by)
  VALUES ('${id}', 'disabilityLevel', 'mild', 'b', '2022-01-01', 'somebody');
INSERT INTO person_account (id, person_id, bank_bin, account_key, sealed, holder, valid_from, recorded_by)
  VALUES ('${id}', '${id}', '970405', '${id}', '', 'A', '2022-01-01', 'somebody');
INSERT INTO household (id, head_id, office_code, recorded_by) VALUES ('${id}', '${id}', '${office}', 'somebody');
INSERT INTO household_member (household_id, person_id, relation, valid_from, recorded_by) VALUES ('${id}', '${id}', 'head', '2022-01-01', 'somebody');
INSERT INTO household_class (household_id, year, class, basis, recorded_by) VALUES ('${id}', 2022, 'poor', 'b', 'somebody');
INSERT INTO employer (id, tax_code, name, plain_name, kind, place_code, office_code, recorded_by)
  VALUES ('${id}', '${number}', 'A', 'a', 'enterprise', '09163', '${office}', 'somebody');
INSERT INTO employment (id, employer_id, person_id, contract_from, recorded_by) VALUES ('${id}', '${id}', '${id}', '2022-01-01', 'somebody');
INSERT INTO registry_import (id, kind, office_code, file_digest, rows, blocked, warned, created_by)
  VALUES ('${id}', 'people', '${office}', 'd', 1, 0, 0, 'a');
INSERT INTO import_row (import_id, row_no, record_id, is_blocked) VALUES ('${id}', 1, '${id}', false);
INSERT INTO import_chunk (import_id, first_row, last_row) VALUES ('${id}', 1, 1);
INSERT INTO import_cells (import_id, block_no, sealed) VALUES ('${id}', 0, '');
INSERT INTO import_finding (import_id, row_no, code, is_blocking) VALUES ('${id}', 1, 'REPEATED', true);
INSERT INTO dossier (id, code, procedure_code, procedure_from, office_code, holder_code, place_code, applicant_name, presented_at)
  VALUES ('${id}', 'H05-${office}', 'SP-MONTHLY', '2021-07-01', '${office}', '${office}', '09169', 'A', now());
INSERT INTO dossier_move (dossier_id, number, kind, at, holder_code, actor_id, actor_name)
  VALUES ('${id}', 1, 'presented', now(), '${office}', 'a', 'a');
INSERT INTO event (seq, type, person_id) VALUES (${number}, 'person.died', '${id}');
INSERT INTO dossier_attachment (dossier_id, number, id, media_type, bytes, sha256, object_name, sealed_key, scan, added_by, added_by_name)
  VALUES ('${id}', 1, '${id}', 'image/png', 1, repeat('0', 64), lpad('${number}', 64, '0'), '\\x0001', 'clean', 'a', 'a');
INSERT INTO dossier_attachment_removal (dossier_id, number, reason, removed_by, removed_by_name)
  VALUES ('${id}', 1, 'r', 'a', 'a');
INSERT INTO person_merge (id, survivor_id, absorbed_id, reason, choices, merged_by, merged_by_name)
  VALUES ('${id}', '${id}', '${other}', 'r', '[]', 'a', 'a');
INSERT INTO person_merge_member (merge_id, person_id, office_before) VALUES ('${id}', '${other}', '${office}');
INSERT INTO person_merge_aside (merge_id, fact_id) VALUES ('${id}', ${number});
INSERT INTO person_merge_undoing (merge_id, reason, undone_by, undone_by_name) VALUES ('${id}', 'r', 'a', 'a');
INSERT INTO person_contact (person_id, kind, contact_key) VALUES ('${id}', 'phone', '${id}');
INSERT INTO duplicate_pair (id, one_id, other_id, score, reasons) VALUES ('${id}', '${id}', '${other}', 50, '{}');
INSERT INTO duplicate_verdict (pair_id, number, verdict, reason, reasons, actor_id, actor_name)
  VALUES ('${id}', 1, 'same', 'r', '{}', 'a', 'a');
INSERT INTO duplicate_run (id, office_code, communes, started_by) VALUES ('${id}', '${office}', '{}', 'a');`;
};

export async function plantRows(owner: DataSource, office: string, number: number): Promise<void> {
  await owner.transaction(async (tx) => {
    await tx.query('SET LOCAL session_replication_role = replica');
    await tx.query(rows(office, number));
  });
}
