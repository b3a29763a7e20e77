import type { DataSource } from 'typeorm';

/** A digest of every table's rows, whatever tables there are. */
export async function databaseDigest(
  dataSource: DataSource,
  except: string[] = [],
): Promise<Record<string, string>> {
  const tables = (await dataSource.query(
    `SELECT table_name AS name FROM information_schema.tables
     WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND table_name <> ALL ($1) ORDER BY 1`,
    [except],
  )) as { name: string }[];
  const digests: Record<string, string> = {};
  for (const { name } of tables) {
    const [row] = (await dataSource.query(
      `SELECT count(*) || ' ' || coalesce(md5(string_agg(line, '' ORDER BY line)), '') AS digest
       FROM (SELECT stored::text AS line FROM "${name}" stored) lines`,
    )) as { digest: string }[];
    digests[name] = row!.digest;
  }
  return digests;
}
