import type { MigrationInterface, QueryRunner } from 'typeorm';
import { of, protect, unprotect } from '@ansinh/database';

/** Papers of a dossier as files: what they are, and the key under which each is sealed in the object store. */
export class CreateAttachments1796000900000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
CREATE TABLE dossier_attachment (
  dossier_id uuid NOT NULL REFERENCES dossier,
  number int NOT NULL CHECK (number > 0),
  id uuid NOT NULL UNIQUE,
  -- A paper of the procedure; null: another one.
  document text,
  media_type text NOT NULL CHECK (media_type IN ('application/pdf', 'image/jpeg', 'image/png')),
  bytes int NOT NULL CHECK (bytes > 0),
  sha256 text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  -- SHA-256 of the sealed bytes: its name in the store.
  object_name text NOT NULL UNIQUE CHECK (object_name ~ '^[0-9a-f]{64}$'),
  -- Its own key, sealed under the key of the service.
  sealed_key bytea NOT NULL,
  scan text NOT NULL CHECK (scan IN ('clean', 'notScanned')),
  added_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  added_by text NOT NULL,
  added_by_name text NOT NULL,
  PRIMARY KEY (dossier_id, number)
);
CREATE TRIGGER dossier_attachment_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON dossier_attachment
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- What was taken off a dossier stays in the store: it may be why the dossier was decided as it was.
CREATE TABLE dossier_attachment_removal (
  dossier_id uuid NOT NULL,
  number int NOT NULL,
  reason text NOT NULL CHECK (reason <> ''),
  removed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  removed_by text NOT NULL,
  removed_by_name text NOT NULL,
  PRIMARY KEY (dossier_id, number),
  FOREIGN KEY (dossier_id, number) REFERENCES dossier_attachment
);
CREATE TRIGGER dossier_attachment_removal_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON dossier_attachment_removal
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Nothing is added to a dossier, or taken off it, once it is decided or has ended.
CREATE FUNCTION guard_attachment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM dossier WHERE id = NEW.dossier_id
             AND state NOT IN ('presented', 'incomplete', 'received', 'processing', 'awaitingSupplement', 'onHold')) THEN
    RAISE EXCEPTION 'the papers of a dossier are closed with it'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'dossier_papers_closed';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER dossier_attachment_open BEFORE INSERT ON dossier_attachment
  FOR EACH ROW EXECUTE FUNCTION guard_attachment();
CREATE TRIGGER dossier_attachment_removal_open BEFORE INSERT ON dossier_attachment_removal
  FOR EACH ROW EXECUTE FUNCTION guard_attachment();`);
    await runner.query(protect('dossier_attachment', of('dossier', 'id', 'dossier_id')));
    await runner.query(protect('dossier_attachment_removal', of('dossier', 'id', 'dossier_id')));
  }

  async down(runner: QueryRunner): Promise<void> {
    const tables = ['dossier_attachment_removal', 'dossier_attachment'];
    for (const table of tables) await runner.query(unprotect(table));
    await runner.query(`DROP TABLE ${tables.join(', ')}; DROP FUNCTION guard_attachment();`);
  }
}
