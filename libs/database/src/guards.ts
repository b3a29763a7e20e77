/** DDL that later tables of a service lean on, for its first migration: append-only tables, guarded states. */
export const guards = `
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
    USING ERRCODE = 'integrity_constraint_violation';
END $$;

-- The edges of every state machine. A trigger refuses what is not here, also from psql.
CREATE TABLE state_edge (
  machine text NOT NULL,
  from_state text NOT NULL,
  to_state text NOT NULL,
  PRIMARY KEY (machine, from_state, to_state)
);

-- Arguments: the machine, and the one state in which a row may begin.
CREATE FUNCTION guard_state() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> TG_ARGV[1] THEN
      RAISE EXCEPTION '% begins as %, not as %', TG_ARGV[0], TG_ARGV[1], NEW.state
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'state_edge';
    END IF;
  ELSIF NEW.state <> OLD.state AND NOT EXISTS (
    SELECT FROM state_edge
    WHERE machine = TG_ARGV[0] AND from_state = OLD.state AND to_state = NEW.state
  ) THEN
    RAISE EXCEPTION '% may not go from % to %', TG_ARGV[0], OLD.state, NEW.state
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'state_edge';
  END IF;
  RETURN NEW;
END $$;`;

/** Takes `guards` back. */
export const unguard = `
DROP FUNCTION guard_state();
DROP TABLE state_edge;
DROP FUNCTION refuse_change();`;
