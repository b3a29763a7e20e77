interface LedgerDefinition {
  /** See {@link Ledger}. */
  name: string;
  ownerColumn: string;
  /** The table of whom the accounts are of; its key is `id`. */
  ownerTable: string;
  /** What a balance may be. `source` accounts are negative or zero, `held` ones positive or zero, `open` ones anything. */
  accounts: Readonly<Record<string, 'source' | 'held' | 'open'>>;
  kinds: readonly string[];
  /** DDL of columns of its own in the table of entries. */
  notes?: string;
}

const namesOf = (names: readonly string[]) => names.map((name) => `'${name}'`).join(', ');

function coveredBy(accounts: LedgerDefinition['accounts']): string {
  const ofSide = (side: string) => Object.keys(accounts).filter((account) => accounts[account] === side);
  const sides = [
    ...ofSide('source').map((account) => `WHEN '${account}' THEN balance <= 0`),
    ...ofSide('held').map((account) => `WHEN '${account}' THEN balance >= 0`),
  ];
  return sides.length === 0 ? 'true' : `CASE kind ${sides.join(' ')} ELSE true END`;
}

/** DDL of a ledger, for a service's migration. The trigger function `refuse_change()` must exist. */
export function ledgerTables({
  name,
  ownerColumn,
  ownerTable,
  accounts,
  kinds,
  notes,
}: LedgerDefinition): string {
  return `
CREATE TABLE ${name}_account (
  ${ownerColumn} uuid NOT NULL REFERENCES ${ownerTable},
  kind text NOT NULL CHECK (kind IN (${namesOf(Object.keys(accounts))})),
  balance bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (${ownerColumn}, kind),
  CONSTRAINT ${name}_account_covered CHECK (${coveredBy(accounts)})
);

CREATE TABLE ${name}_transaction (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ${ownerColumn} uuid NOT NULL REFERENCES ${ownerTable},
  kind text NOT NULL CHECK (kind IN (${namesOf(kinds)})),
  reference text NOT NULL,
${notes ? `  ${notes},\n` : ''}  reverses bigint REFERENCES ${name}_transaction,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT ${name}_transaction_once UNIQUE (${ownerColumn}, kind, reference),
  CONSTRAINT ${name}_transaction_reversed_once UNIQUE (reverses)
);

CREATE TABLE ${name}_posting (
  transaction_id bigint NOT NULL REFERENCES ${name}_transaction,
  ${ownerColumn} uuid NOT NULL,
  kind text NOT NULL,
  amount bigint NOT NULL CHECK (amount <> 0),
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (transaction_id, kind),
  FOREIGN KEY (${ownerColumn}, kind) REFERENCES ${name}_account
);
CREATE INDEX ${name}_posting_at ON ${name}_posting (${ownerColumn}, at);
${triggersOf(name, ownerColumn)}`;
}

function triggersOf(name: string, ownerColumn: string): string {
  return `
CREATE FUNCTION post_to_${name}_account() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE ${name}_account account SET balance = account.balance + moved.amount
  FROM (SELECT ${ownerColumn}, kind, sum(amount)::bigint AS amount FROM posted GROUP BY ${ownerColumn}, kind) moved
  WHERE account.${ownerColumn} = moved.${ownerColumn} AND account.kind = moved.kind;
  RETURN NULL;
END $$;
CREATE TRIGGER ${name}_posting_balance AFTER INSERT ON ${name}_posting
  REFERENCING NEW TABLE AS posted FOR EACH STATEMENT EXECUTE FUNCTION post_to_${name}_account();

-- Checked at commit, so that no transaction can leave a one-sided entry behind.
-- Argument: the column that holds the transaction's id. A posting added to an older transaction is caught as well.
CREATE FUNCTION check_${name}_zero_sum() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  checked_id bigint := (to_jsonb(NEW) ->> TG_ARGV[0])::bigint;
BEGIN
  IF (SELECT count(*) < 2 OR sum(amount) <> 0 OR bool_or(${ownerColumn} <> NEW.${ownerColumn})
      FROM ${name}_posting WHERE transaction_id = checked_id) THEN
    RAISE EXCEPTION '${name} transaction % does not sum to zero', checked_id
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = '${name}_zero_sum';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER ${name}_transaction_zero_sum AFTER INSERT ON ${name}_transaction
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_${name}_zero_sum('id');
CREATE CONSTRAINT TRIGGER ${name}_posting_zero_sum AFTER INSERT ON ${name}_posting
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_${name}_zero_sum('transaction_id');

CREATE TRIGGER ${name}_account_kept BEFORE DELETE OR TRUNCATE ON ${name}_account
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ${name}_transaction_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ${name}_transaction
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ${name}_posting_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ${name}_posting
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();`;
}

/** DDL by which a ledger that is in use comes to have the accounts, sides and kinds of this definition. Its notes stay. */
export const changeLedger = (definition: Omit<LedgerDefinition, 'notes'>) => `
ALTER TABLE ${definition.name}_account
  DROP CONSTRAINT ${definition.name}_account_kind_check,
  DROP CONSTRAINT ${definition.name}_account_covered,
  ADD CONSTRAINT ${definition.name}_account_kind_check CHECK (kind IN (${namesOf(Object.keys(definition.accounts))})),
  ADD CONSTRAINT ${definition.name}_account_covered CHECK (${coveredBy(definition.accounts)});
ALTER TABLE ${definition.name}_transaction
  DROP CONSTRAINT ${definition.name}_transaction_kind_check,
  ADD CONSTRAINT ${definition.name}_transaction_kind_check CHECK (kind IN (${namesOf(definition.kinds)}));`;

/** Takes `ledgerTables` back. */
export const dropLedgerTables = (name: string) => `
DROP TABLE ${name}_posting, ${name}_transaction, ${name}_account;
DROP FUNCTION post_to_${name}_account();
DROP FUNCTION check_${name}_zero_sum();`;
