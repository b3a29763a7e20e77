import type { DataSource } from 'typeorm';
import { officeRole, systemRole } from './scope.js';

/**
 * DDL of the roles and of the function that policies ask, for a service's migration. Roles belong to the whole server, so
 * they may be there. Making the system role needs a superuser, or whoever may pass BYPASSRLS on: COPY, and statements over
 * whole batches, are not for policies to look at row by row.
 */
export const officeRoles = `
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${officeRole}') THEN
    CREATE ROLE ${officeRole} NOLOGIN;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${systemRole}') THEN
    CREATE ROLE ${systemRole} NOLOGIN BYPASSRLS;
  END IF;
-- Another database of this server makes them at this moment.
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;

-- Without a scope the setting is not there, or empty once it was there: then no office is seen.
CREATE FUNCTION offices_in_scope() RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT coalesce(nullif(current_setting('ansinh.offices', true), ''), '{}')::text[]
$$;`;

/**
 * Lets a login work on the database as a service: by taking on the roles, and with nothing of its own but what lies in
 * `schemas`, which hold nothing of people (a queue makes sequences there while it works).
 */
export async function admitServiceLogin(owner: DataSource, login: string, schemas: string[]): Promise<void> {
  const [found] = (await owner.query('SELECT quote_ident(rolname) AS name FROM pg_roles WHERE rolname = $1', [
    login,
  ])) as { name: string }[];
  if (!found) {
    throw new Error(
      `the login of DATABASE_URL is not there: CREATE ROLE "${login}" LOGIN NOINHERIT PASSWORD '…'`,
    );
  }
  await owner.query(`GRANT ${officeRole}, ${systemRole} TO ${found.name}`);
  for (const schema of schemas) {
    await owner.query(`GRANT USAGE, CREATE ON SCHEMA ${schema} TO ${found.name}`);
    await owner.query(
      `GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${schema} TO ${found.name}`,
    );
    await owner.query(`GRANT USAGE ON ALL SEQUENCES IN SCHEMA ${schema} TO ${found.name}`);
  }
}

/**
 * A service that works under a login with rights of its own would see everything wherever a scope was forgotten.
 * @throws Error that says what is wrong with the login of DATABASE_URL
 */
export async function requireServiceLogin(dataSource: DataSource): Promise<void> {
  const [login] = (await dataSource.query(
    `SELECT rolname AS name, rolsuper OR rolbypassrls AS is_above_policies,
            pg_has_role(rolname, '${officeRole}', 'USAGE') OR pg_has_role(rolname, '${systemRole}', 'USAGE') AS inherits,
            pg_has_role(rolname, '${officeRole}', 'MEMBER') AND pg_has_role(rolname, '${systemRole}', 'MEMBER') AS is_member,
            EXISTS (SELECT FROM pg_tables WHERE schemaname = current_schema() AND tableowner = rolname) AS is_owner
     FROM pg_roles WHERE rolname = session_user`,
  )) as {
    name: string;
    is_above_policies: boolean;
    inherits: boolean;
    is_member: boolean;
    is_owner: boolean;
  }[];
  const wrongs = [
    login!.is_above_policies && 'is above row-level security',
    login!.is_owner && 'owns the tables',
    login!.inherits && `inherits the rights of ${officeRole} and ${systemRole}: it must be NOINHERIT`,
    !login!.is_member && `is not a member of ${officeRole} and ${systemRole}: run the migrations with it`,
  ].filter((wrong) => wrong !== false);
  if (wrongs.length > 0) throw new Error(`DATABASE_URL: the login "${login!.name}" ${wrongs.join('; ')}`);
}
