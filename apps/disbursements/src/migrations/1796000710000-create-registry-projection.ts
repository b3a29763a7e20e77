import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ofOffice, open, protect, unprotect } from '@ansinh/database';

const cursor: Parameters<typeof open> = [
  'registry_cursor',
  'says how far the registry was read, and names nobody',
  { office: 'SELECT', system: 'SELECT, UPDATE' },
];

/** What the check needs to know of people, by the key of the number that a list pays to. */
export class CreateRegistryProjection1796000710000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
CREATE TABLE registry_cursor (
  is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
  -- Behind the last event that is taken in; null: none yet.
  cursor text,
  -- When there was nothing behind it; null: it was never read to its end.
  read_at timestamptz
);
INSERT INTO registry_cursor DEFAULT VALUES;
CREATE TRIGGER registry_cursor_kept BEFORE DELETE OR TRUNCATE ON registry_cursor
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- No number: its keyed hash, which is that of the lines. Written by the worker alone, from the events of the registry.
CREATE TABLE registry_payee (
  payee_key uuid NOT NULL,
  person_id uuid NOT NULL,
  -- A number of before, which may be somebody else's by now.
  is_former boolean NOT NULL,
  name text NOT NULL,
  name_key text NOT NULL,
  -- Without marks: most lists have names so, and nothing is worked out for those.
  plain_key text NOT NULL,
  -- The commune of today, and since when.
  place_code text NOT NULL,
  resident_from date,
  died_on date,
  PRIMARY KEY (payee_key, person_id)
);
CREATE INDEX registry_payee_person ON registry_payee (person_id);
CREATE INDEX registry_payee_dead ON registry_payee (payee_key) WHERE died_on IS NOT NULL;`);
    await runner.query(protect('registry_payee', ofOffice('place_code')));
    await runner.query('GRANT MAINTAIN ON registry_payee TO ansinh_system');
    await runner.query(open(...cursor));
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['registry_payee', 'registry_cursor']) await runner.query(unprotect(table));
    await runner.query('DROP TABLE registry_payee, registry_cursor');
  }
}
