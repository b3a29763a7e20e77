import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Written out: a migration says what it did, whatever the code says later. */
const typesBefore = `'person.registered', 'person.changed', 'person.moved', 'person.died', 'person.merged', 'person.unmerged',
  'employer.closed', 'dossier.decided'`;

const guardWith = (columns: string[]) => `
CREATE OR REPLACE FUNCTION guard_dossier() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.moves <> OLD.moves + 1
     OR (${columns.map((column) => `NEW.${column}`).join(', ')})
        IS DISTINCT FROM (${columns.map((column) => `OLD.${column}`).join(', ')}) THEN
    RAISE EXCEPTION 'a dossier changes by a move, and never what it is'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'dossier_moved';
  END IF;
  RETURN NEW;
END $$;`;

const fixed = ['id', 'code', 'procedure_code', 'procedure_from', 'office_code', 'presented_at'];

/** Programme services open and decide dossiers in the name of officials; others hear when one is received or withdrawn. */
export class NameServices1796001120000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
-- The service that opened it, and what it calls it: by that it finds the dossier again when it lost the answer.
ALTER TABLE dossier ADD service text, ADD reference text, ADD CHECK (reference IS NULL OR service IS NOT NULL);
CREATE UNIQUE INDEX dossier_reference ON dossier (service, reference) WHERE reference IS NOT NULL;
-- The service by whose word the official made the move.
ALTER TABLE dossier_move ADD service text;
${guardWith([...fixed, 'service', 'reference'])}
ALTER TABLE event DROP CONSTRAINT event_type, ADD CONSTRAINT event_type CHECK (type IN (${typesBefore},
  'dossier.received', 'dossier.withdrawn'));`);
  }

  /** Only where nobody heard of a reception or a withdrawal: their type would not be known. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
ALTER TABLE event DROP CONSTRAINT event_type, ADD CONSTRAINT event_type CHECK (type IN (${typesBefore}));
${guardWith(fixed)}
ALTER TABLE dossier_move DROP service;
DROP INDEX dossier_reference;
ALTER TABLE dossier DROP service, DROP reference;`);
  }
}
