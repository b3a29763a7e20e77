import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Rotation of the sealing key: the one change that a sealed block of a signed list may see. */
export class CreateKeyRotation1795500800100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
-- The version stands in the first two bytes; cut out first, so that no whole block is read for it.
CREATE FUNCTION key_version(sealed bytea) RETURNS int LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT get_byte(substring(sealed FROM 1 FOR 2), 0) * 256 + get_byte(substring(sealed FROM 1 FOR 2), 1)
$$;
CREATE INDEX sealed_block_version ON sealed_block (key_version(sealed), batch_number, block_no);

INSERT INTO state_edge (machine, from_state, to_state) VALUES ('keyRotation', 'running', 'finished');
CREATE TABLE key_rotation (
  id uuid PRIMARY KEY,
  -- Every block under an older version goes to this one, or to a newer one that the worker has by then.
  to_version int NOT NULL,
  state text NOT NULL DEFAULT 'running',
  -- The last block that was written: a worker that takes over goes on behind it.
  position_batch bigint NOT NULL DEFAULT 0,
  position_block int NOT NULL DEFAULT -1,
  blocks int NOT NULL,
  resealed int NOT NULL DEFAULT 0,
  problem text,
  started_by text NOT NULL,
  started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  finished_at timestamptz
);
CREATE UNIQUE INDEX key_rotation_one ON key_rotation ((true)) WHERE state = 'running';
CREATE TRIGGER key_rotation_state BEFORE INSERT OR UPDATE OF state ON key_rotation
  FOR EACH ROW EXECUTE FUNCTION guard_state('keyRotation', 'running');
CREATE TRIGGER key_rotation_kept BEFORE DELETE OR TRUNCATE ON key_rotation
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- What each block was and became, by SHA-256 of its bytes.
CREATE TABLE block_reseal (
  rotation_id uuid NOT NULL REFERENCES key_rotation,
  batch_number bigint NOT NULL,
  block_no int NOT NULL,
  before_digest bytea NOT NULL,
  after_digest bytea NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (batch_number, block_no, after_digest)
);
CREATE TRIGGER block_reseal_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON block_reseal
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE FUNCTION guard_reseal_note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM noted LEFT JOIN key_rotation ON key_rotation.id = noted.rotation_id
             WHERE key_rotation.state IS DISTINCT FROM 'running') THEN
    RAISE EXCEPTION 'blocks are sealed anew only by a rotation that runs'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'list_frozen';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER block_reseal_insert AFTER INSERT ON block_reseal
  REFERENCING NEW TABLE AS noted FOR EACH STATEMENT EXECUTE FUNCTION guard_reseal_note();

-- A block is never updated but by a rotation that noted exactly these bytes. The database cannot read them, but it sees
-- that the place is the same, the key newer, and the length that of the same text (GCM adds nothing to it). That the
-- numbers are the same, whoever has the keys can see at any time: payment_line holds their keyed hashes, and those are
-- what the checkers signed.
CREATE FUNCTION guard_reseal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT FROM later LEFT JOIN earlier USING (batch_number, block_no)
    WHERE earlier.sealed IS NULL OR octet_length(later.sealed) <> octet_length(earlier.sealed)
       OR key_version(later.sealed) <= key_version(earlier.sealed)
       OR NOT EXISTS (SELECT FROM block_reseal note
                      WHERE note.batch_number = later.batch_number AND note.block_no = later.block_no
                        AND note.before_digest = sha256(earlier.sealed) AND note.after_digest = sha256(later.sealed))
  ) THEN
    RAISE EXCEPTION 'a sealed block changes only by a noted rotation of its key: % on % refused', TG_OP, TG_TABLE_NAME
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'list_frozen';
  END IF;
  RETURN NULL;
END $$;
DROP TRIGGER sealed_block_update ON sealed_block;
DROP TRIGGER sealed_block_update_into ON sealed_block;
CREATE TRIGGER sealed_block_update AFTER UPDATE ON sealed_block
  REFERENCING OLD TABLE AS earlier NEW TABLE AS later FOR EACH STATEMENT EXECUTE FUNCTION guard_reseal();`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
DROP TRIGGER sealed_block_update ON sealed_block;
CREATE TRIGGER sealed_block_update AFTER UPDATE ON sealed_block
  REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION guard_list();
CREATE TRIGGER sealed_block_update_into AFTER UPDATE ON sealed_block
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION guard_list();
DROP FUNCTION guard_reseal();
DROP TABLE block_reseal;
DROP FUNCTION guard_reseal_note();
DROP TABLE key_rotation;
DELETE FROM state_edge WHERE machine = 'keyRotation';
DROP INDEX sealed_block_version;
DROP FUNCTION key_version(bytea);`);
  }
}
