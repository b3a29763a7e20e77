import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ofOffice, protect, unprotect } from '@ansinh/database';
import { registryCursorTable } from '@ansinh/events';

/** What the check needs to know of people, by the key of the number that a list pays to. */
export class CreateRegistryProjection1796000710000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(registryCursorTable);
    await runner.query(`
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
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['registry_payee', 'registry_cursor']) await runner.query(unprotect(table));
    await runner.query('DROP TABLE registry_payee, registry_cursor');
  }
}
