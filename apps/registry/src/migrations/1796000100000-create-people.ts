import type { MigrationInterface, QueryRunner } from 'typeorm';
import { accessLogTable } from '@ansinh/access-log';
import { of, ofOffice, open, protect, unprotect } from '@ansinh/database';
import { accountStates } from '../person/account.states.js';

const ofPerson = of('person', 'id', 'person_id');

const protectedTables: Record<string, string> = {
  person: ofOffice('office_code'),
  person_number: ofPerson,
  person_residence: ofPerson,
  person_fact: ofPerson,
  person_account: ofPerson,
  access_log: ofOffice('office'),
};

const edges = Object.entries(accountStates).flatMap(([from, tos]) =>
  tos.map((to) => `('account', '${from}', '${to}')`),
);

/** People, what decides money about them with both times, and the forms that their names are searched by. */
export class CreatePeople1796000100000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- The names that there are, each once: a search ranks some ten thousand names, not a million people.
CREATE TABLE name_form (
  name_key text COLLATE "C" PRIMARY KEY,
  plain text COLLATE "C" NOT NULL,
  initials text COLLATE "C" NOT NULL
);
CREATE INDEX name_form_plain ON name_form USING gin (plain gin_trgm_ops);
CREATE INDEX name_form_initials ON name_form (initials);

CREATE TABLE person (
  id uuid PRIMARY KEY,
  -- HMAC of the citizen number; null: has none yet.
  number_key uuid CONSTRAINT person_number_once UNIQUE,
  -- Citizen number, insurance number and telephone, sealed as one text.
  sealed bytea NOT NULL,
  name text NOT NULL CONSTRAINT person_name CHECK (name <> ''),
  name_key text COLLATE "C" NOT NULL REFERENCES name_form,
  birth_year smallint NOT NULL CONSTRAINT person_birth_year CHECK (birth_year BETWEEN 1880 AND 2200),
  born_on date CONSTRAINT person_born_on CHECK (extract(year FROM born_on) = birth_year),
  sex text NOT NULL CONSTRAINT person_sex CHECK (sex IN ('male', 'female')),
  ethnicity text,
  died_on date CONSTRAINT person_died_on CHECK (died_on >= born_on),
  -- The commune of today that the person belongs to: codes of the time are in person_residence.
  office_code text NOT NULL,
  version int NOT NULL DEFAULT 1,
  recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  recorded_by text NOT NULL
);
CREATE INDEX person_name_form ON person (name_key, birth_year, id);
CREATE INDEX person_office ON person (office_code, id);

-- Numbers that a person had, or has beside the citizen number.
CREATE TABLE person_number (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  person_id uuid NOT NULL REFERENCES person,
  kind text NOT NULL CONSTRAINT person_number_kind CHECK (kind IN ('citizen', 'old')),
  number_key uuid NOT NULL,
  sealed bytea NOT NULL,
  valid_until date,
  recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  recorded_by text NOT NULL,
  CONSTRAINT person_number_of_one UNIQUE (number_key, person_id)
);
CREATE INDEX person_number_person ON person_number (person_id);

-- Valid time and recorded time. What was recorded later holds for its days; a row without a value takes back.
CREATE TABLE person_residence (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  person_id uuid NOT NULL REFERENCES person,
  place_code text NOT NULL,
  address text NOT NULL DEFAULT '',
  valid_from date NOT NULL,
  valid_until date CONSTRAINT person_residence_days CHECK (valid_until > valid_from),
  recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  recorded_by text NOT NULL
);
CREATE INDEX person_residence_person ON person_residence (person_id, id);

CREATE TABLE person_fact (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  person_id uuid NOT NULL REFERENCES person,
  kind text NOT NULL,
  value text,
  basis text NOT NULL CONSTRAINT person_fact_basis CHECK (basis <> ''),
  valid_from date NOT NULL,
  valid_until date CONSTRAINT person_fact_days CHECK (valid_until > valid_from),
  recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  recorded_by text NOT NULL
);
CREATE INDEX person_fact_person ON person_fact (person_id, kind, id);

CREATE TABLE person_account (
  id uuid PRIMARY KEY,
  person_id uuid NOT NULL REFERENCES person,
  bank_bin text NOT NULL,
  account_key uuid NOT NULL,
  sealed bytea NOT NULL,
  holder text NOT NULL,
  valid_from date NOT NULL,
  valid_until date CONSTRAINT person_account_days CHECK (valid_until > valid_from),
  state text NOT NULL DEFAULT 'unverified',
  recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  recorded_by text NOT NULL
);
CREATE INDEX person_account_person ON person_account (person_id);
INSERT INTO state_edge VALUES ${edges.join(', ')};
CREATE TRIGGER person_account_state BEFORE INSERT OR UPDATE ON person_account
  FOR EACH ROW EXECUTE FUNCTION guard_state('account', 'unverified');`);
    await runner.query(accessLogTable);
    for (const table of ['person_number', 'person_residence', 'person_fact']) {
      await runner.query(
        `CREATE TRIGGER ${table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ${table}
           FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()`,
      );
    }
    for (const [table, isVisible] of Object.entries(protectedTables)) {
      await runner.query(protect(table, isVisible));
    }
    const ofNobody = 'a name alone is nobody in particular: who has it is asked of person';
    await runner.query(open('name_form', ofNobody, { office: 'SELECT, INSERT', system: 'SELECT, INSERT' }));
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of [...Object.keys(protectedTables), 'name_form']) await runner.query(unprotect(table));
    await runner.query(`
DROP TABLE access_log, person_account, person_fact, person_residence, person_number, person, name_form;
DELETE FROM state_edge WHERE machine = 'account';`);
  }
}
