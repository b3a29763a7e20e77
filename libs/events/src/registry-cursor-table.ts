import { open } from '@ansinh/database';

/** DDL of the cursor, for a service's migration. The trigger function `refuse_change()` must exist. */
export const registryCursorTable = `
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
${open('registry_cursor', 'says how far the registry was read, and names nobody', {
  office: 'SELECT',
  system: 'SELECT, UPDATE',
})}`;
