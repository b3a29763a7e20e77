import { recordDigests } from '@ansinh/audit';

/**
 * What before and after digests in the audit log are of, by the key $1: whole rows, so that nothing is forgotten when a
 * table grows. Digests are compared within one event, and with its neighbours under the same schema.
 */
export const digestOf = recordDigests({
  batch: `
    SELECT to_jsonb(batch) || jsonb_build_object(
      'decisions', (SELECT jsonb_agg(decision ORDER BY at) FROM decision WHERE batch_number = batch.number),
      'waivers', (SELECT jsonb_agg(waiver ORDER BY id) FROM waiver WHERE batch_number = batch.number),
      'chunks', (SELECT jsonb_object_agg(state, count) FROM (
                   SELECT state, count(*) FROM chunk WHERE batch_number = batch.number GROUP BY state) counted))
    FROM batch WHERE id = $1`,
  exception: `SELECT to_jsonb(exception) FROM payment_exception exception WHERE id = $1`,
  fund: `
    SELECT to_jsonb(fund) || jsonb_build_object(
      'balances', (SELECT jsonb_object_agg(kind, balance) FROM ledger_account WHERE fund_id = fund.id))
    FROM fund WHERE id = $1`,
  message: `SELECT to_jsonb(chunk) FROM chunk WHERE message_id = $1`,
  programme: `SELECT to_jsonb(programme) FROM programme WHERE code = $1`,
  refusedDocument: `SELECT to_jsonb(refused_document) FROM refused_document WHERE id = $1`,
  recovery: `
    SELECT to_jsonb(recovery) || jsonb_build_object(
      'messages', (SELECT jsonb_object_agg(verdict, count) FROM (
                     SELECT verdict, count(*) FROM recovery_message WHERE recovery_number = recovery.number
                     GROUP BY verdict) counted))
    FROM recovery WHERE number = $1::int`,
  sample: `
    SELECT to_jsonb(sample) || jsonb_build_object(
      'results', (SELECT jsonb_agg(result ORDER BY result) FROM sample_result result WHERE sample_id = sample.id))
    FROM sample WHERE id = $1`,
  schedule: `
    SELECT to_jsonb(schedule) || jsonb_build_object(
      'months', (SELECT jsonb_agg(month ORDER BY period) FROM schedule_month month WHERE schedule_id = schedule.id))
    FROM schedule WHERE id = $1`,
  /** By the digest of the file: it may hold several statements. */
  statement: `SELECT jsonb_agg(statement ORDER BY id) FROM statement WHERE digest = $1`,
});
