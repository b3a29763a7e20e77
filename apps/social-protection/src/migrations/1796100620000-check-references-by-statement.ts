import type { MigrationInterface, QueryRunner } from 'typeorm';

interface Reference {
  table: string;
  columns: readonly string[];
  to: string;
  keys: readonly string[];
}

const reference = (table: string, column: string, to: string): Reference => ({
  table,
  columns: [column],
  to,
  keys: ['id'],
});

/** Of tables whose rows come by the thousand. */
const references: readonly Reference[] = [
  reference('list_row', 'list_id', 'support_list'),
  reference('insurance_fact', 'list_id', 'insurance_list'),
  reference('beneficiary', 'list_id', 'support_list'),
  reference('beneficiary_statement', 'beneficiary_id', 'beneficiary'),
  reference('run_member', 'run_id', 'support_run'),
  reference('run_member', 'beneficiary_id', 'beneficiary'),
  reference('decision', 'run_id', 'support_run'),
  reference('decision', 'beneficiary_id', 'beneficiary'),
  { table: 'decision', columns: ['list_id', 'row_no'], to: 'list_row', keys: ['list_id', 'row_no'] },
  reference('entitlement', 'id', 'decision'),
  reference('entitlement', 'run_id', 'support_run'),
  reference('payout_line', 'run_payout_id', 'run_payout'),
  reference('payout_line', 'entitlement_id', 'entitlement'),
  reference('payout_outcome', 'payout_id', 'payout'),
];

/** Columns that are referred to, or refer, and may not change. Other tables are append-only; a payout has a trigger of its own. */
const kept: Record<string, string> = {
  support_list: 'id',
  insurance_list: 'id',
  list_row: 'list_id, row_no',
  beneficiary: 'id, list_id',
  support_run: 'id',
  decision: 'id',
  entitlement: 'id, run_id',
  run_payout: 'id',
};

const nameOf = ({ table, columns }: Reference) => `${table}_${columns.join('_')}`;

/** A foreign key asks row by row, and locks each row that it finds: as in the registry, rows of a statement are asked together. */
export class CheckReferencesByStatement1796100620000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
-- Arguments: the table that is referred to; a column that is null where nothing is; how the rows are found.
CREATE FUNCTION require_referred() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE is_missing boolean;
BEGIN
  EXECUTE format('SELECT EXISTS (SELECT FROM entered WHERE %I IS NOT NULL AND NOT EXISTS (SELECT FROM %I referred WHERE %s))',
    TG_ARGV[1], TG_ARGV[0], TG_ARGV[2]) INTO is_missing;
  IF is_missing THEN
    RAISE EXCEPTION '% refers to no row of %', TG_TABLE_NAME, TG_ARGV[0] USING ERRCODE = 'foreign_key_violation';
  END IF;
  RETURN NULL;
END $$;`);
    for (const each of references) {
      const { table, columns, to, keys } = each;
      const found = columns.map((column, index) => `referred.${keys[index]} = entered.${column}`);
      await runner.query(`
ALTER TABLE ${table} DROP CONSTRAINT ${nameOf(each)}_fkey;
CREATE TRIGGER ${nameOf(each)}_referred AFTER INSERT ON ${table} REFERENCING NEW TABLE AS entered
  FOR EACH STATEMENT EXECUTE FUNCTION require_referred('${to}', '${columns[0]}', '${found.join(' AND ')}');`);
    }
    for (const [table, keys] of Object.entries(kept)) {
      await runner.query(`
CREATE TRIGGER ${table}_referred_to BEFORE DELETE OR TRUNCATE OR UPDATE OF ${keys} ON ${table}
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of Object.keys(kept))
      await runner.query(`DROP TRIGGER ${table}_referred_to ON ${table}`);
    for (const each of references) {
      const { table, columns, to, keys } = each;
      await runner.query(`
DROP TRIGGER ${nameOf(each)}_referred ON ${table};
ALTER TABLE ${table} ADD CONSTRAINT ${nameOf(each)}_fkey
  FOREIGN KEY (${columns.join(', ')}) REFERENCES ${to} (${keys.join(', ')});`);
    }
    await runner.query('DROP FUNCTION require_referred()');
  }
}
