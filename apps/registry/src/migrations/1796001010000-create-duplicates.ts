import type { MigrationInterface, QueryRunner } from 'typeorm';
import { of, ofOffice, protect, unprotect } from '@ansinh/database';
import { pairStates } from '../duplicate/pair.states.js';

const protectedTables: Record<string, string> = {
  person_contact: of('person', 'id', 'person_id'),
  // A pair is for those who see both: what it says of one would be said of the other.
  duplicate_pair: `(${of('person', 'id', 'one_id')} AND ${of('person', 'id', 'other_id')})`,
  duplicate_verdict: of('duplicate_pair', 'id', 'pair_id'),
  duplicate_run: ofOffice('office_code'),
};

const edges = Object.entries(pairStates).flatMap(([from, tos]) =>
  tos.map((to) => `('duplicatePair', '${from}', '${to}')`),
);

/** People who may be one person: what they are found by, the pairs with their reasons, and what was said of each. */
export class CreateDuplicates1796001010000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
-- People of one day of birth, all over the province: some dozens.
CREATE INDEX person_born_on ON person (born_on) WHERE born_on IS NOT NULL;
CREATE INDEX person_account_key ON person_account (account_key);

-- Keyed hashes of telephone and insurance number, which stand sealed with the person. Written when pairs are looked for.
CREATE TABLE person_contact (
  person_id uuid NOT NULL REFERENCES person,
  kind text NOT NULL CONSTRAINT person_contact_kind CHECK (kind IN ('phone', 'insurance')),
  contact_key uuid NOT NULL,
  PRIMARY KEY (person_id, kind)
);
CREATE INDEX person_contact_key ON person_contact (contact_key);

CREATE TABLE duplicate_pair (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  one_id uuid NOT NULL REFERENCES person,
  other_id uuid NOT NULL REFERENCES person,
  score smallint NOT NULL,
  -- Codes, in their order; weights and sentences belong to the code.
  reasons text[] NOT NULL,
  state text NOT NULL DEFAULT 'open',
  -- The reasons that the last verdict was given on.
  judged_on text[] NOT NULL DEFAULT '{}',
  found_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT duplicate_pair_once UNIQUE (one_id, other_id),
  CONSTRAINT duplicate_pair_order CHECK (one_id < other_id)
);
CREATE INDEX duplicate_pair_queue ON duplicate_pair (state, score DESC, id);
CREATE INDEX duplicate_pair_other ON duplicate_pair (other_id);
INSERT INTO state_edge VALUES ${edges.join(', ')};
CREATE TRIGGER duplicate_pair_state BEFORE INSERT OR UPDATE OF state ON duplicate_pair
  FOR EACH ROW EXECUTE FUNCTION guard_state('duplicatePair', 'open');

CREATE TABLE duplicate_verdict (
  pair_id uuid NOT NULL REFERENCES duplicate_pair,
  number int NOT NULL,
  verdict text NOT NULL CHECK (verdict IN ('open', 'same', 'different')),
  reason text NOT NULL CHECK (reason <> ''),
  -- What the pair was found by when it was judged.
  reasons text[] NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  actor_id text NOT NULL,
  actor_name text NOT NULL,
  PRIMARY KEY (pair_id, number)
);
CREATE TRIGGER duplicate_verdict_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON duplicate_verdict
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- A search for pairs, commune by commune.
CREATE TABLE duplicate_run (
  id uuid PRIMARY KEY,
  office_code text NOT NULL,
  communes text[] NOT NULL,
  searched int NOT NULL DEFAULT 0 CHECK (searched BETWEEN 0 AND cardinality(communes)),
  people int NOT NULL DEFAULT 0,
  pairs int NOT NULL DEFAULT 0,
  -- Keys that too many people share to say anything, by reason.
  passed_over jsonb NOT NULL DEFAULT '{}',
  started_by text NOT NULL,
  started_at timestamptz NOT NULL DEFAULT clock_timestamp()
);`);
    for (const [table, isVisible] of Object.entries(protectedTables)) {
      await runner.query(protect(table, isVisible));
    }
    // Statistics follow each bulk change.
    await runner.query('GRANT MAINTAIN ON person_contact, duplicate_pair TO ansinh_system, ansinh_office');
  }

  async down(runner: QueryRunner): Promise<void> {
    const tables = ['duplicate_run', 'duplicate_verdict', 'duplicate_pair', 'person_contact'];
    for (const table of tables) await runner.query(unprotect(table));
    await runner.query(`
DROP TABLE ${tables.join(', ')};
DELETE FROM state_edge WHERE machine = 'duplicatePair';
DROP INDEX person_account_key;
DROP INDEX person_born_on;`);
  }
}
