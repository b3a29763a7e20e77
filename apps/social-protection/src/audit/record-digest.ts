import { recordDigests } from '@ansinh/audit';

/** Whole rows, so that nothing is forgotten when a table grows. */
export const digestOf = recordDigests({
  lawRow: `
    SELECT to_jsonb(law_row) || jsonb_build_object(
      'verdict', (SELECT to_jsonb(verdict) FROM law_verdict verdict WHERE row_id = law_row.id))
    FROM law_row WHERE id = $1`,
  lawConfirmation: `
    SELECT jsonb_agg(confirmation ORDER BY confirmation.digest) FROM law_confirmation confirmation
    WHERE row_code = $1`,
});
