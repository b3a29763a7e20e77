import { of, open, protect, unprotect } from '@ansinh/database';

/** What may happen to a record: by which kind of move it goes from where to where. `none` is before there was one. */
export interface MoveRule {
  kind: string;
  from: string;
  to: string;
}

/** Functions of all records that change by moves; once a database. */
export const moveGuards = `
-- A record goes on by its moves alone, one after the other.
CREATE FUNCTION guard_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.moves NOT IN (OLD.moves, OLD.moves + 1) OR (NEW.state <> OLD.state AND NEW.moves = OLD.moves) THEN
    RAISE EXCEPTION '% changes its state by a move', TG_TABLE_NAME
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'changes_by_moves';
  END IF;
  RETURN NEW;
END $$;

-- Argument: the table of the record. A move begins where the one before ended.
CREATE FUNCTION guard_move() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  stands record;
BEGIN
  EXECUTE format('SELECT state, moves FROM %I WHERE id = $1', TG_ARGV[0]) INTO stands USING NEW.record_id;
  IF NEW.number > 1 AND (NEW.from_state, NEW.number) IS DISTINCT FROM (stands.state, stands.moves + 1) THEN
    RAISE EXCEPTION 'a move of % begins where the last one ended', TG_ARGV[0]
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'changes_by_moves';
  END IF;
  RETURN NEW;
END $$;`;

export const dropMoveGuards = 'DROP FUNCTION guard_moved(), guard_move();';

/**
 * The moves of a table with the columns `id`, `state` and `moves`: what may happen as a table of rules, each move as a row that
 * keeps to it, and no other state of the record than that of its last move.
 */
export const moveTables = (record: string, rules: readonly MoveRule[]) => `
CREATE TABLE ${record}_rule (
  kind text NOT NULL,
  from_state text NOT NULL,
  to_state text NOT NULL,
  PRIMARY KEY (kind, from_state, to_state)
);
INSERT INTO ${record}_rule VALUES ${rules.map(({ kind, from, to }) => `('${kind}', '${from}', '${to}')`).join(', ')};

CREATE TABLE ${record}_move (
  record_id uuid NOT NULL REFERENCES ${record},
  number int NOT NULL CHECK (number > 0),
  kind text NOT NULL,
  from_state text NOT NULL CHECK ((from_state = 'none') = (number = 1)),
  to_state text NOT NULL,
  -- Minutes, or a decision: by what it was done.
  paper text,
  note text,
  actor_id text NOT NULL,
  actor_name text NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (record_id, number),
  UNIQUE (record_id, number, to_state),
  CONSTRAINT ${record}_move_rule FOREIGN KEY (kind, from_state, to_state) REFERENCES ${record}_rule
);
ALTER TABLE ${record} ADD CONSTRAINT ${record}_moved FOREIGN KEY (id, moves, state)
  REFERENCES ${record}_move (record_id, number, to_state) DEFERRABLE INITIALLY DEFERRED;
CREATE TRIGGER ${record}_moves BEFORE UPDATE ON ${record} FOR EACH ROW EXECUTE FUNCTION guard_moved();
CREATE TRIGGER ${record}_move_follows BEFORE INSERT ON ${record}_move
  FOR EACH ROW EXECUTE FUNCTION guard_move('${record}');
CREATE TRIGGER ${record}_move_append_only BEFORE UPDATE OR DELETE ON ${record}_move
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ${record}_rule_append_only BEFORE UPDATE OR DELETE ON ${record}_rule
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
${protect(`${record}_move`, of(record, 'id', 'record_id'))}
${open(`${record}_rule`, 'what may happen to a record, and names nobody', { office: 'SELECT', system: 'SELECT' })}`;

export const dropMoveTables = (record: string) => `
${unprotect(`${record}_move`)}
${unprotect(`${record}_rule`)}
ALTER TABLE ${record} DROP CONSTRAINT ${record}_moved;
DROP TABLE ${record}_move, ${record}_rule;`;
