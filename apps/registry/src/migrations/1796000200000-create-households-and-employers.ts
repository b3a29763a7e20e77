import type { MigrationInterface, QueryRunner } from 'typeorm';
import { of, ofOffice, protect, unprotect } from '@ansinh/database';

const ofHousehold = of('household', 'id', 'household_id');

const protectedTables: Record<string, string> = {
  household: ofOffice('office_code'),
  household_member: ofHousehold,
  household_class: ofHousehold,
  employer: ofOffice('office_code'),
  // Where somebody works is known to the office of the employer and to his own.
  employment: `(${of('employer', 'id', 'employer_id')} OR ${of('person', 'id', 'person_id')})`,
};

/** Who lives together, and who works for whom, with days. */
export class CreateHouseholdsAndEmployers1796000200000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
CREATE TABLE household (
  id uuid PRIMARY KEY,
  head_id uuid NOT NULL REFERENCES person,
  office_code text NOT NULL,
  version int NOT NULL DEFAULT 1,
  recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  recorded_by text NOT NULL
);
CREATE INDEX household_office ON household (office_code, id);

CREATE TABLE household_member (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  household_id uuid NOT NULL REFERENCES household,
  person_id uuid NOT NULL REFERENCES person,
  relation text NOT NULL,
  valid_from date NOT NULL,
  valid_until date CONSTRAINT household_member_days CHECK (valid_until > valid_from),
  recorded_by text NOT NULL
);
CREATE INDEX household_member_household ON household_member (household_id);
CREATE INDEX household_member_person ON household_member (person_id);
-- Nobody lives in two households at a time.
CREATE UNIQUE INDEX household_member_once ON household_member (person_id) WHERE valid_until IS NULL;

-- The class of a year, as the review found it; a later record of the same year corrects it.
CREATE TABLE household_class (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  household_id uuid NOT NULL REFERENCES household,
  year smallint NOT NULL,
  class text NOT NULL CONSTRAINT household_class_known CHECK (class IN ('poor', 'nearPoor', 'neither')),
  basis text NOT NULL CONSTRAINT household_class_basis CHECK (basis <> ''),
  recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  recorded_by text NOT NULL
);
CREATE INDEX household_class_household ON household_class (household_id, year, id);
CREATE TRIGGER household_class_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON household_class
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE employer (
  id uuid PRIMARY KEY,
  tax_code text NOT NULL CONSTRAINT employer_tax_code UNIQUE,
  name text NOT NULL CONSTRAINT employer_name CHECK (name <> ''),
  plain_name text COLLATE "C" NOT NULL,
  kind text NOT NULL CONSTRAINT employer_kind
    CHECK (kind IN ('enterprise', 'cooperative', 'businessHousehold', 'publicUnit', 'association')),
  park text,
  place_code text NOT NULL,
  office_code text NOT NULL,
  closed_on date,
  version int NOT NULL DEFAULT 1,
  recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  recorded_by text NOT NULL
);
CREATE INDEX employer_office ON employer (office_code, id);

CREATE TABLE employment (
  id uuid PRIMARY KEY,
  employer_id uuid NOT NULL REFERENCES employer,
  person_id uuid NOT NULL REFERENCES person,
  contract_from date NOT NULL,
  contract_until date CONSTRAINT employment_contract_days CHECK (contract_until > contract_from),
  insured_from date,
  insured_until date CONSTRAINT employment_insured_days CHECK (insured_until > insured_from),
  recorded_by text NOT NULL
);
CREATE INDEX employment_employer ON employment (employer_id, id);
CREATE INDEX employment_person ON employment (person_id);`);
    for (const [table, isVisible] of Object.entries(protectedTables)) {
      await runner.query(protect(table, isVisible));
    }
    // Statistics follow each bulk change.
    await runner.query(`
GRANT MAINTAIN ON person, person_residence, person_fact, name_form, household, household_member, household_class,
  employer, employment TO ansinh_system`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of Object.keys(protectedTables)) await runner.query(unprotect(table));
    await runner.query('DROP TABLE employment, employer, household_class, household_member, household');
  }
}
