import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Columns whose rows come by the thousand, and what they refer to. */
const references = [
  ['person', 'name_key', 'name_form', 'name_key'],
  ['person_residence', 'person_id', 'person', 'id'],
  ['event', 'person_id', 'person', 'id'],
  ['event', 'employer_id', 'employer', 'id'],
  ['event', 'dossier_id', 'dossier', 'id'],
] as const;
/** A staged row without its import is of no office, so nobody would see it; it is checked by nothing but that. */
const staged = ['import_row', 'import_finding'] as const;

/** What is referred to, and the column by which. */
const kept = {
  name_form: 'name_key',
  person: 'id',
  employer: 'id',
  dossier: 'id',
  registry_import: 'id',
} as const;

/**
 * A foreign key asks row by row, which was a third of the time in which a list of people enters the registry. Here the rows of
 * a statement are asked together; and what is referred to is neither deleted nor renamed, so it needs no lock. An office's
 * rows are asked under its policies, which let it refer to nothing but what it sees.
 */
export class CheckReferencesByStatement1796001110000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
-- Arguments: the column, and the table and column that it refers to.
CREATE FUNCTION require_referred() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE is_missing boolean;
BEGIN
  EXECUTE format('SELECT EXISTS (SELECT FROM entered WHERE %1$I IS NOT NULL
      AND NOT EXISTS (SELECT FROM %2$I referred WHERE referred.%3$I = entered.%1$I))',
    TG_ARGV[0], TG_ARGV[1], TG_ARGV[2]) INTO is_missing;
  IF is_missing THEN
    RAISE EXCEPTION '% refers to no row of %', TG_TABLE_NAME, TG_ARGV[1] USING ERRCODE = 'foreign_key_violation';
  END IF;
  RETURN NULL;
END $$;`);
    for (const [table, column, referred, key] of references) {
      await runner.query(`
ALTER TABLE ${table} DROP CONSTRAINT ${table}_${column}_fkey;
CREATE TRIGGER ${table}_${column}_referred AFTER INSERT ON ${table} REFERENCING NEW TABLE AS entered
  FOR EACH STATEMENT EXECUTE FUNCTION require_referred('${column}', '${referred}', '${key}');`);
    }
    for (const table of staged) {
      await runner.query(`ALTER TABLE ${table} DROP CONSTRAINT ${table}_import_id_fkey`);
    }
    for (const [table, key] of Object.entries(kept)) {
      await runner.query(`
CREATE TRIGGER ${table}_referred_to BEFORE DELETE OR TRUNCATE OR UPDATE OF ${key} ON ${table}
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();`);
    }
    // Of a person another name may be recorded.
    await runner.query(`
CREATE TRIGGER person_name_key_changed AFTER UPDATE ON person REFERENCING NEW TABLE AS entered
  FOR EACH STATEMENT EXECUTE FUNCTION require_referred('name_key', 'name_form', 'name_key');`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TRIGGER person_name_key_changed ON person');
    for (const table of Object.keys(kept))
      await runner.query(`DROP TRIGGER ${table}_referred_to ON ${table}`);
    for (const table of staged) {
      await runner.query(
        `ALTER TABLE ${table} ADD CONSTRAINT ${table}_import_id_fkey FOREIGN KEY (import_id) REFERENCES registry_import`,
      );
    }
    for (const [table, column, referred] of references) {
      await runner.query(`
DROP TRIGGER ${table}_${column}_referred ON ${table};
ALTER TABLE ${table} ADD CONSTRAINT ${table}_${column}_fkey FOREIGN KEY (${column}) REFERENCES ${referred};`);
    }
    await runner.query('DROP FUNCTION require_referred()');
  }
}
