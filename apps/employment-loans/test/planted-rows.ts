import type { DataSource } from 'typeorm';

/** One row of an office in every table that belongs to offices, past every trigger: what is looked at is who sees it. */
const rows = (office: string, number: number) => {
  const id = `00000000-0000-7000-8000-${String(number).padStart(12, '0')}`;
  return `
INSERT INTO audit_event (seq, actor_id, actor_name, office, verb, subject, request_id, facts, previous_hash, hash)
  VALUES (${number}, 'a', 'a', '${office}', 'v', 's', 'r', '{}', '', '');
INSERT INTO capital_plan (id, place_code, year, source, created_by) VALUES ('${id}', '${office}', 2022, 'central', 'a');
INSERT INTO capital_account (plan_id, kind) VALUES ('${id}', 'planned'), ('${id}', 'available');
INSERT INTO capital_transaction (id, plan_id, kind, reference) OVERRIDING SYSTEM VALUE VALUES (${number}, '${id}', 'plan', 'r');
INSERT INTO capital_posting (transaction_id, plan_id, kind, amount) VALUES (${number}, '${id}', 'available', 1);
INSERT INTO loan (id, product_code, place_code, office_code, borrower_kind, borrower_name, person_id, is_priority, amount,
                  term_months, project)
  VALUES ('${id}', 'EL-WORKER', '${office}', '${office}', 'worker', 'A', '${id}', false, 1, 12, '{}');
INSERT INTO loan_move (loan_id, number, kind, to_state, actor_id, actor_name) VALUES ('${id}', 1, 'apply', 'applied', 'a', 'a');
INSERT INTO loan_worker (loan_id, person_id, name, kind) VALUES ('${id}', '${id}', 'A', 'created');
INSERT INTO loan_job (person_id, loan_id, move, counted_on) VALUES ('${id}', '${id}', 1, '2022-01-01');
INSERT INTO job_finding (loan_id, move, person_id, outcome, found_on, answered_at, unconfirmed)
  VALUES ('${id}', 1, '${id}', 'counted', '2022-01-01', now(), '{}');
INSERT INTO loan_contract (loan_id, number, move, contract_number, signed_on, product_from, terms, account_bin, account_holder,
                           sealed_payee)
  VALUES ('${id}', 1, 1, 'c', '2022-01-01', '2022-01-01', '{}', '970405', 'A', '');
INSERT INTO disbursement (id, loan_id, number, contract, move, amount, ordinal) VALUES ('${id}', '${id}', 1, 1, 1, 1, 1);
INSERT INTO payout (id, office_code, fund_id, programme_code, purpose, period, channel, decided_by, rows, amount, list_digest)
  VALUES ('${id}', '${office}', '${id}', 'p', 'p', '2022', 'c', 'a', 1, 1, 'd');
INSERT INTO payout_block (payout_id, block_no, sealed) VALUES ('${id}', 0, '');
INSERT INTO loan_event (loan_id, number, kind, counts_on, recorded_on, facts, move)
  VALUES ('${id}', 1, 'disbursed', '2022-01-01', '2022-01-01', '{}', 1);
INSERT INTO loan_book (loan_id, booked_through) VALUES ('${id}', '2022-01-01');
INSERT INTO event (seq, type, loan_id, due_on) VALUES (${number}, 'instalment.dueSoon', '${id}', '2022-01-11');
INSERT INTO debt_group_change (loan_id, changed_on, was, becomes) VALUES ('${id}', '2022-01-11', '1', '2');
INSERT INTO book_account (loan_id, kind) VALUES ('${id}', 'capital'), ('${id}', 'principal');
INSERT INTO book_transaction (id, loan_id, kind, reference, counts_on, cause) OVERRIDING SYSTEM VALUE
  VALUES (${number}, '${id}', 'disbursed', '1', '2022-01-01', '1');
INSERT INTO book_posting (transaction_id, loan_id, kind, amount) VALUES (${number}, '${id}', 'principal', 1);
INSERT INTO bank_file (id, kind, office_code, file_digest, created_by, created_by_name)
  VALUES ('${id}', 'repayments', '${office}', 'd', 'a', 'a');
INSERT INTO bank_file_row (file_id, row_no, cells, findings, is_blocked) VALUES ('${id}', 1, '[]', '[]', false);
INSERT INTO bank_repayment (payment_key, loan_id, event, amount, counts_on, file_id, row_no)
  VALUES ('${number}', '${id}', 1, 1, '2022-01-01', '${id}', 1);
INSERT INTO bank_exception (id, source, code, office_code, file_id, loan_code, counts_on, reference)
  VALUES ('${id}', 'repayments', 'LOAN_UNKNOWN', '${office}', '${id}', 'x', '2022-01-01', 'x');`;
};

export async function plantRows(owner: DataSource, office: string, number: number): Promise<void> {
  await owner.transaction(async (tx) => {
    await tx.query('SET LOCAL session_replication_role = replica');
    await tx.query(rows(office, number));
  });
}
