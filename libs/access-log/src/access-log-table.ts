/** DDL of the log, for a service's migration: every reading of whole numbers. `refuse_change()` must exist. */
export const accessLogTable = `
CREATE TABLE access_log (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  actor_id text NOT NULL,
  actor_name text NOT NULL,
  actor_office text NOT NULL,
  -- Whose record it is: its office, and those above it, may read the row.
  office text NOT NULL,
  subject text NOT NULL,
  first_row int NOT NULL,
  last_row int NOT NULL,
  numbers int NOT NULL CONSTRAINT access_log_numbers CHECK (numbers >= 0),
  purpose text NOT NULL CONSTRAINT access_log_purpose CHECK (purpose <> ''),
  note text NOT NULL CONSTRAINT access_log_note CHECK (length(note) >= 10),
  request_id text NOT NULL
);
CREATE INDEX access_log_office ON access_log (office, id);
CREATE INDEX access_log_actor ON access_log (actor_id, id);
CREATE TRIGGER access_log_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON access_log
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();`;
