import type { MigrationInterface, QueryRunner } from 'typeorm';
import { of, protect, unprotect } from '@ansinh/database';

/**
 * Chunks of a list that wait to be entered, so that several may be on their way: one is gone with the commit that enters it.
 * What was taken up is no place any more but a count, and has another name: a service of before, which goes by the place, gives
 * the list up instead of entering rows twice.
 */
export class ClaimChunks1796001220000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // The column first: it takes the lock that keeps everybody out, which a chunk under way would not let it take later.
    await runner.query(`
ALTER TABLE registry_import RENAME COLUMN applied TO taken_up;
CREATE TABLE import_chunk (
  import_id uuid NOT NULL REFERENCES registry_import,
  first_row int NOT NULL,
  last_row int NOT NULL CONSTRAINT import_chunk_rows CHECK (last_row >= first_row),
  PRIMARY KEY (import_id, first_row)
);`);
    await runner.query(protect('import_chunk', of('registry_import', 'id', 'import_id')));
    // Of lists that are half entered. The first chunk of a list brings the names of it all; these have theirs behind them.
    await runner.query(`
SET LOCAL ROLE ansinh_system;
INSERT INTO import_chunk (import_id, first_row, last_row)
SELECT id, first_row, least(first_row + 9999, rows)
FROM registry_import, generate_series(taken_up + 1, rows, 10000) AS first_row
WHERE taken_up BETWEEN 1 AND rows - 1 AND swept_at IS NULL;
INSERT INTO name_form (name_key, plain, initials)
SELECT DISTINCT ON (name_key) name_key, plain_name, import_row.initials
FROM import_chunk JOIN import_row ON import_row.import_id = import_chunk.import_id AND row_no BETWEEN first_row AND last_row
WHERE name_key IS NOT NULL AND NOT is_blocked
  AND NOT EXISTS (SELECT FROM name_form known WHERE known.name_key = import_row.name_key) ORDER BY name_key
ON CONFLICT DO NOTHING;
RESET ROLE;`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
SET LOCAL ROLE ansinh_system;
DO $$ BEGIN
  IF EXISTS (SELECT FROM registry_import JOIN import_chunk ON import_id = id WHERE swept_at IS NULL
             GROUP BY id HAVING min(first_row) <> taken_up + 1) THEN
    RAISE EXCEPTION 'a list has chunks entered out of order: enter the rest of it first';
  END IF;
END $$;
RESET ROLE;`);
    await runner.query(unprotect('import_chunk'));
    await runner.query(
      'DROP TABLE import_chunk; ALTER TABLE registry_import RENAME COLUMN taken_up TO applied',
    );
  }
}
