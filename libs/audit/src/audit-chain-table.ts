/**
 * DDL that makes a chain of the log of `auditTable`, with the events that it has already. `@ansinh/audit-chain` says the
 * same in TypeScript; a test compares the two.
 */
export const auditChain = `
-- Where the chain ends. One row: whoever appends holds its lock to the commit, so numbers have no gap and no fork.
CREATE TABLE audit_head (
  is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
  seq bigint NOT NULL,
  hash text NOT NULL,
  -- No event is dated before the one before it, nor into a day that is signed, whatever the clock does.
  not_before timestamptz NOT NULL
) WITH (fillfactor = 10);
CREATE TRIGGER audit_head_kept BEFORE DELETE OR TRUNCATE ON audit_head
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

ALTER TABLE audit_event RENAME COLUMN id TO seq;
ALTER TABLE audit_event ALTER COLUMN seq DROP IDENTITY;
-- json keeps its characters as they were given, and it is these that are hashed.
ALTER TABLE audit_event ALTER COLUMN facts TYPE json USING facts::text::json;
ALTER TABLE audit_event ADD before_digest text, ADD after_digest text, ADD previous_hash text, ADD hash text;
CREATE INDEX audit_event_actor ON audit_event (actor_id, seq);
CREATE INDEX audit_event_at ON audit_event (at);

-- One text of a canonical row of texts: a netstring, or '-,' for what is not there.
CREATE FUNCTION netstring(content text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN content IS NULL THEN '-,' ELSE octet_length(content) || ':' || content || ',' END
$$;

CREATE FUNCTION audit_hash(event audit_event) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT encode(sha256(convert_to(
    netstring('ansinh-audit-event-1') || netstring(event.seq::text)
    || netstring(to_char(event.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))
    || netstring(event.actor_id) || netstring(event.actor_name) || netstring(event.office)
    || netstring(event.verb) || netstring(event.subject) || netstring(event.request_id)
    || netstring(event.before_digest) || netstring(event.after_digest)
    || netstring(event.facts::text) || netstring(event.previous_hash), 'UTF8')), 'hex')
$$;

-- The events that are there already, in the order of their instants: numbers of rolled-back commands leave no gap.
ALTER TABLE audit_event DISABLE TRIGGER audit_event_append_only;
DO $$
DECLARE
  event audit_event;
  written_as bigint;
  head audit_head := (true, 0, repeat('0', 64), '-infinity');
BEGIN
  FOR event IN SELECT * FROM audit_event ORDER BY at, seq LOOP
    written_as := event.seq;
    event.seq := head.seq + 1;
    event.previous_hash := head.hash;
    head := (true, event.seq, audit_hash(event), event.at);
    UPDATE audit_event SET seq = -head.seq, previous_hash = event.previous_hash, hash = head.hash
    WHERE seq = written_as;
  END LOOP;
  UPDATE audit_event SET seq = -seq;
  INSERT INTO audit_head SELECT head.*;
END $$;
ALTER TABLE audit_event ENABLE TRIGGER audit_event_append_only;
ALTER TABLE audit_event ALTER COLUMN previous_hash SET NOT NULL, ALTER COLUMN hash SET NOT NULL;

-- In the database, so that an event that is written by hand joins the chain as well. As the owner of the head, because
-- nobody else has to write there.
CREATE FUNCTION chain_audit_event() RETURNS trigger LANGUAGE plpgsql
  SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  head audit_head;
BEGIN
  SELECT * INTO STRICT head FROM audit_head FOR UPDATE;
  NEW.seq := head.seq + 1;
  NEW.at := greatest(clock_timestamp(), head.not_before);
  NEW.previous_hash := head.hash;
  NEW.hash := audit_hash(NEW);
  UPDATE audit_head SET seq = NEW.seq, hash = NEW.hash, not_before = NEW.at;
  RETURN NEW;
END $$;
CREATE TRIGGER audit_event_chain BEFORE INSERT ON audit_event
  FOR EACH ROW EXECUTE FUNCTION chain_audit_event();

CREATE TABLE audit_key (
  fingerprint text PRIMARY KEY,
  public_key text NOT NULL,
  since timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE TABLE audit_root (
  day date PRIMARY KEY,
  first_seq bigint NOT NULL,
  events int NOT NULL,
  tree_root text NOT NULL,
  chain_hash text NOT NULL,
  previous_root text NOT NULL,
  key_fingerprint text NOT NULL REFERENCES audit_key,
  signature text NOT NULL,
  signed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE TRIGGER audit_key_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_key
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_root_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_root
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();`;

/** Takes `auditChain` back. The events keep the numbers that they have in the chain. */
export const auditUnchain = `
DROP TABLE audit_root, audit_key;
DROP TRIGGER audit_event_chain ON audit_event;
DROP FUNCTION chain_audit_event();
DROP FUNCTION audit_hash(audit_event);
DROP FUNCTION netstring(text);
DROP INDEX audit_event_actor, audit_event_at;
ALTER TABLE audit_event DROP before_digest, DROP after_digest, DROP previous_hash, DROP hash;
ALTER TABLE audit_event ALTER COLUMN facts TYPE jsonb USING facts::text::jsonb;
ALTER TABLE audit_event RENAME COLUMN seq TO id;
ALTER TABLE audit_event ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY;
SELECT setval(pg_get_serial_sequence('audit_event', 'id'), (SELECT greatest(seq, 1) FROM audit_head));
DROP TABLE audit_head;`;
