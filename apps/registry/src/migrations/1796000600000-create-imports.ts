import type { MigrationInterface, QueryRunner } from 'typeorm';
import { of, ofOffice, protect, unprotect } from '@ansinh/database';

const ofImport = of('registry_import', 'id', 'import_id');

const protectedTables: Record<string, string> = {
  registry_import: ofOffice('office_code'),
  import_row: ofImport,
  import_cells: ofImport,
  import_finding: ofImport,
};

/** Lists that are to enter the registry: whole, checked, and then entered chunk by chunk. */
export class CreateImports1796000600000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
CREATE TABLE registry_import (
  id uuid PRIMARY KEY,
  kind text NOT NULL CONSTRAINT registry_import_kind CHECK (kind IN ('people', 'households', 'employers', 'employment')),
  office_code text NOT NULL,
  file_digest text NOT NULL,
  rows int NOT NULL,
  blocked int NOT NULL,
  warned int NOT NULL,
  -- Rows up to this one were taken up: in the registry, or left out with a remark.
  applied int NOT NULL DEFAULT 0 CONSTRAINT registry_import_applied CHECK (applied BETWEEN 0 AND rows),
  entered int NOT NULL DEFAULT 0,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX registry_import_office ON registry_import (office_code, id);

-- A row as it will stand in the registry; what its kind does not have is null.
CREATE TABLE import_row (
  import_id uuid NOT NULL REFERENCES registry_import,
  row_no int NOT NULL,
  record_id uuid NOT NULL,
  is_blocked boolean NOT NULL,
  number_key uuid,
  sealed bytea,
  tax_code text,
  household_code text,
  name text,
  name_key text COLLATE "C",
  plain_name text COLLATE "C",
  initials text COLLATE "C",
  birth_year smallint,
  born_on date,
  sex text,
  ethnicity text,
  relation text,
  kind text,
  park text,
  place_code text,
  office_code text,
  address text,
  valid_from date,
  valid_until date,
  insured_from date,
  insured_until date,
  PRIMARY KEY (import_id, row_no)
);

CREATE INDEX import_row_head ON import_row (import_id, household_code) WHERE relation = 'head';

-- Cells as they came, sealed by block of rows: the list is given back with its remarks.
CREATE TABLE import_cells (
  import_id uuid NOT NULL REFERENCES registry_import,
  block_no int NOT NULL,
  sealed bytea NOT NULL,
  PRIMARY KEY (import_id, block_no)
);

CREATE TABLE import_finding (
  import_id uuid NOT NULL REFERENCES registry_import,
  row_no int NOT NULL,
  code text NOT NULL,
  column_name text NOT NULL DEFAULT '',
  is_blocking boolean NOT NULL,
  facts jsonb NOT NULL DEFAULT '{}',
  PRIMARY KEY (import_id, row_no, code, column_name)
);`);
    for (const [table, isVisible] of Object.entries(protectedTables)) {
      await runner.query(protect(table, isVisible));
    }
    await runner.query('GRANT MAINTAIN ON import_row, import_finding TO ansinh_system');
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of Object.keys(protectedTables)) await runner.query(unprotect(table));
    await runner.query('DROP TABLE import_finding, import_cells, import_row, registry_import');
  }
}
