/** Rows of the caller's offices. The array is asked for once a statement, not once a row. */
export const ofOffice = (column: string) => `${column} = ANY ((SELECT offices_in_scope())::text[])`;

/**
 * The same where many rows are looked at and no index leads to the codes: the codes are hashed once a statement. An office of the
 * province has 328 of them, and `ofOffice` compares those one by one with each row.
 */
export const ofOfficeInBulk = (column: string) => `${column} IN (SELECT unnest(offices_in_scope()))`;

/** Rows of a record that is seen: the policies of its table decide. */
export const of = (table: string, key: string, column: string) =>
  `EXISTS (SELECT FROM ${table} seen WHERE seen.${key} = ${column})`;

/**
 * A table of rows that name a person, or lead to one: an office sees and writes what `isVisible` says, the owner nothing but
 * by a role, and the system role all.
 */
export const protect = (table: string, isVisible: string) => `
ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON ${table} TO ansinh_office, ansinh_system;
CREATE POLICY ${table}_of_office ON ${table} TO ansinh_office USING (${isVisible});`;

type Rights = Partial<Record<'office' | 'system', string>>;

/** A table that every office may see, and why: the reason stands in the catalogue, with a policy that nobody has to ask. */
export const open = (table: string, reason: string, rights: Rights) =>
  [
    `CREATE POLICY ${table}_open ON ${table} USING (true); COMMENT ON POLICY ${table}_open ON ${table} IS '${reason}';`,
    ...Object.entries(rights).map(([role, granted]) => `GRANT ${granted} ON ${table} TO ansinh_${role};`),
  ].join('\n');

/** Takes `protect` or `open` back. */
export const unprotect = (table: string) => `
REVOKE ALL ON ${table} FROM ansinh_office, ansinh_system;
DROP POLICY IF EXISTS ${table}_of_office ON ${table};
DROP POLICY IF EXISTS ${table}_open ON ${table};
ALTER TABLE ${table} DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY;`;
