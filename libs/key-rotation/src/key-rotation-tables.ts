import { open } from '@ansinh/database';

/** DDL for a service's migration. The trigger functions `refuse_change()` and `guard_state()` must exist. */
export const keyRotationTables = `
-- The version stands in the first two bytes; cut out first, so that no long value is read for it.
CREATE FUNCTION key_version(sealed bytea) RETURNS int LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT get_byte(substring(sealed FROM 1 FOR 2), 0) * 256 + get_byte(substring(sealed FROM 1 FOR 2), 1)
$$;

INSERT INTO state_edge (machine, from_state, to_state) VALUES ('keyRotation', 'running', 'finished');
CREATE TABLE key_rotation (
  id uuid PRIMARY KEY,
  -- Everything under an older version goes to this one, or to a newer one that the worker has by then.
  to_version int NOT NULL,
  state text NOT NULL DEFAULT 'running',
  -- The last row that was written: a worker that takes over goes on behind it.
  position_table text,
  position_key text[],
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
${open('key_rotation', 'one key seals the rows of every office', {
  office: 'SELECT',
  system: 'SELECT, INSERT, UPDATE',
})}

-- The one change that a row of an append-only table may see: its sealed column (the argument), by a rotation that runs, under a
-- newer key and of the same length (GCM adds nothing to a text). That it is the same text, whoever has the keys can see.
CREATE FUNCTION guard_resealed_row() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  earlier bytea := (to_jsonb(OLD) ->> TG_ARGV[0])::bytea;
  later bytea := (to_jsonb(NEW) ->> TG_ARGV[0])::bytea;
BEGIN
  IF to_jsonb(OLD) - TG_ARGV[0] IS DISTINCT FROM to_jsonb(NEW) - TG_ARGV[0]
     OR octet_length(later) IS DISTINCT FROM octet_length(earlier) OR key_version(later) <= key_version(earlier)
     OR NOT EXISTS (SELECT FROM key_rotation WHERE state = 'running' AND to_version <= key_version(later)) THEN
    RAISE EXCEPTION '% is append-only: a seal changes only by a rotation of its key', TG_TABLE_NAME
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'append_only';
  END IF;
  RETURN NEW;
END $$;`;
