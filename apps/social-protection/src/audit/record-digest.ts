import { recordDigests, recordDigestsOfMany } from '@ansinh/audit';

/** Whole rows, so that nothing is forgotten when a table grows. Numbers of people are in them sealed. */
const records = {
  list: 'SELECT to_jsonb(support_list) FROM support_list WHERE id = $1',
  grievance: `
    SELECT to_jsonb(grievance) || jsonb_build_object(
      'moves', (SELECT jsonb_agg(move ORDER BY move.number) FROM grievance_move move WHERE record_id = grievance.id))
    FROM grievance WHERE id = $1`,
  beneficiary: `
    SELECT to_jsonb(beneficiary) || jsonb_build_object(
      'statements', (SELECT jsonb_agg(stated ORDER BY stated.id) FROM beneficiary_statement stated WHERE beneficiary_id = beneficiary.id),
      'moves', (SELECT jsonb_agg(move ORDER BY move.id) FROM beneficiary_move move WHERE beneficiary_id = beneficiary.id))
    FROM beneficiary WHERE id = $1`,
  insuranceList: 'SELECT to_jsonb(insurance_list) FROM insurance_list WHERE id = $1',
  lawRow: `
    SELECT to_jsonb(law_row) || jsonb_build_object(
      'verdict', (SELECT to_jsonb(verdict) FROM law_verdict verdict WHERE row_id = law_row.id))
    FROM law_row WHERE id = $1`,
  payoutsOfRun: `
    SELECT jsonb_agg(to_jsonb(way) || jsonb_build_object('payout', (SELECT to_jsonb(payout) FROM payout WHERE id = way.payout_id),
      'lines', (SELECT count(*) FROM payout_line WHERE run_payout_id = way.id)) ORDER BY way.id)
    FROM run_payout way WHERE run_id = $1`,
  // Of its households the digests: facts and classes are in them.
  povertyReview: `
    SELECT to_jsonb(review) || jsonb_build_object(
      'moves', (SELECT jsonb_agg(move ORDER BY move.number) FROM poverty_review_move move WHERE record_id = review.id),
      'households', (SELECT encode(sha256(string_agg(uuid_send(person_key) || digest, ''::bytea ORDER BY person_key)), 'hex')
        FROM reviewed_household WHERE review_id = review.id AND is_current))
    FROM poverty_review review WHERE id = $1`,
  reviewCorrection: `
    SELECT to_jsonb(correction) || jsonb_build_object(
      'moves', (SELECT jsonb_agg(move ORDER BY move.number) FROM review_correction_move move WHERE record_id = correction.id))
    FROM review_correction correction WHERE id = $1`,
  registryNotice: `
    SELECT to_jsonb(notice) || jsonb_build_object(
      'answer', (SELECT to_jsonb(answer) FROM registry_notice_answer answer WHERE notice_id = notice.id))
    FROM registry_notice notice WHERE id = $1`,
  recovery: `
    SELECT to_jsonb(recovery) || jsonb_build_object(
      'moves', (SELECT jsonb_agg(move ORDER BY move.number) FROM recovery_move move WHERE record_id = recovery.id),
      'entries', (SELECT jsonb_agg(entry ORDER BY entry.id) FROM recovery_entry entry WHERE recovery_id = recovery.id))
    FROM recovery WHERE id = $1`,
  run: `
    SELECT to_jsonb(support_run) || jsonb_build_object(
      'lists', (SELECT jsonb_agg(list ORDER BY list.number) FROM run_list list WHERE run_id = support_run.id),
      'approval', (SELECT to_jsonb(approval) FROM run_approval approval WHERE run_id = support_run.id))
    FROM support_run WHERE id = $1`,
};

export const digestOf = recordDigests(records);
/** Of many records by one statement. */
export const digestsOf = recordDigestsOfMany(records, 'uuid');
