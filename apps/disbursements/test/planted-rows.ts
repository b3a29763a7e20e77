import type { DataSource } from 'typeorm';

/**
 * One row of an office in every table that belongs to offices, past every trigger. Not a life that a batch could have: what
 * is looked at is who sees which row.
 */
const rows = (office: string, number: number) => {
  const id = `00000000-0000-7000-8000-${String(number).padStart(12, '0')}`;
  return `
INSERT INTO programme (code, name, min_amount, max_amount, severities, approval_bands)
  VALUES ('NQ68', 'NQ68', 1, 9, '{}', '[]') ON CONFLICT DO NOTHING;
INSERT INTO fund (id, code, name, budget_source, programme_codes, channel, account_bin, account_number, account_name, office_code, created_by)
  VALUES ('${id}', 'F-${number}', 'Fund', 'NSNN', '{NQ68}', 'c', '970405', '${number}', 'A', '${office}', 'somebody');
INSERT INTO batch (id, number, fund_id, programme_code, purpose, period, channel, office_code, created_by, makers) OVERRIDING SYSTEM VALUE
  VALUES ('${id}', ${number}, '${id}', 'NQ68', 'p', '2022-03', 'c', '${office}', 'somebody', '{somebody}');
INSERT INTO schedule (id, fund_id, programme_code, purpose, channel, office_code, cycle, days_ahead, first_period, created_by)
  VALUES ('${id}', '${id}', 'NQ68', 'p', 'c', '${office}', '{}', 1, '2022-03', 'somebody');
INSERT INTO schedule_month (schedule_id, period, batch_number) VALUES ('${id}', '2022-03', ${number});
INSERT INTO access_log (actor_id, actor_name, actor_office, office, subject, first_row, last_row, numbers, purpose, note, request_id)
  VALUES ('a', 'a', '27', '${office}', 's', 1, 1, 1, 'inspection', 'ten letters', 'r');
INSERT INTO audit_event (seq, actor_id, actor_name, office, verb, subject, request_id, facts, previous_hash, hash)
  VALUES (${number}, 'a', 'a', '${office}', 'v', 's', 'r', '{}', '', '');
INSERT INTO ledger_account (fund_id, kind) VALUES ('${id}', 'available');
INSERT INTO ledger_transaction (id, fund_id, kind, reference) OVERRIDING SYSTEM VALUE VALUES (${number}, '${id}', 'allotment', 'r');
INSERT INTO ledger_posting (transaction_id, fund_id, kind, amount) VALUES (${number}, '${id}', 'available', 1);
INSERT INTO statement (id, fund_id, kind, document_id, digest, imported_by) VALUES ('${id}', '${id}', 'k', 'd', 'd', 'somebody');
INSERT INTO statement_entry (statement_id, entry_no, direction, amount, reference) VALUES ('${id}', 1, 'debit', 1, 'r');
INSERT INTO refused_document (id, fund_id, bank_document, code, reason, is_waiting) VALUES ('${id}', '${id}', 'd', 'c', '{}', true);
INSERT INTO bank_cursor (fund_id, cursor) VALUES ('${id}', '0');
INSERT INTO payment_exception (id, fund_id, code, batch_number, row_no, end_to_end_id, direction, observed_amount, reference, statement_id)
  VALUES ('${id}', '${id}', 'c', ${number}, 1, 'e', 'debit', 1, 'r', '${id}'),
         (gen_random_uuid(), '${id}', 'UNKNOWN_PAYMENT', NULL, NULL, 'f', 'debit', 1, 'r', '${id}');
INSERT INTO payment_line (batch_number, row_no, place_code) VALUES (${number}, 1, '${office}');
INSERT INTO sealed_block VALUES (${number}, 0, '\\x0001');
INSERT INTO block_reseal (rotation_id, batch_number, block_no, before_digest, after_digest) VALUES ('${id}', ${number}, 0, '', '');
INSERT INTO registry_payee (payee_key, person_id, is_former, name, name_key, plain_key, place_code)
  VALUES ('${id}', '${id}', false, 'A', 'A', 'A', '${office}');
INSERT INTO finding (batch_number, row_no, code, severity) VALUES (${number}, 1, 'c', 'warn');
INSERT INTO waiver (batch_number, import_number, code, reason, actor_id, actor_name) VALUES (${number}, 1, 'c', 'r', 'a', 'a');
INSERT INTO decision (batch_number, submission_number, actor_id, actor_name, verdict, digest) VALUES (${number}, 1, 'a', 'a', 'approved', 'd');
INSERT INTO chunk (batch_number, chunk_no, first_row, last_row, payments, amount, message_id) VALUES (${number}, 1, 1, 1, 1, 1, 'm${number}');
INSERT INTO payment (batch_number, row_no, chunk_no, amount, payee_key, account_key, obligation_key)
  VALUES (${number}, 1, 1, 1, '${id}', '${id}', '${id}');
INSERT INTO payment_outcome (batch_number, row_no, kind, amount) VALUES (${number}, 1, 'paid', 1);
INSERT INTO follow_up_line (batch_number, row_no, source_batch, source_row) VALUES (${number}, 1, ${number}, 1);
INSERT INTO sample (id, batch_number, seed, confidence, expected_error_rate, districts, bands, list_digest, lines, amount, drawn_by, drawn_by_name, drawn_at)
  VALUES ('${id}', ${number}, 's', 0.9, 0, '{}', '{1}', 'd', 1, 1, 'a', 'a', now());
INSERT INTO sample_stratum VALUES ('${id}', 1, '${office}', 1, 1, 1, 1, 1);
INSERT INTO sample_line VALUES ('${id}', 1, 1);
INSERT INTO sample_result (sample_id, row_no, outcome, recorded_by, recorded_by_name) VALUES ('${id}', 1, 'correct', 'a', 'a');`;
};

export async function plantRows(owner: DataSource, office: string, number: number): Promise<void> {
  await owner.transaction(async (tx) => {
    await tx.query('SET LOCAL session_replication_role = replica');
    await tx.query(rows(office, number));
  });
}
