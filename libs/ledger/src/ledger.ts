import type { Transaction } from '@ansinh/database';

/** One entry: what moved between the accounts of one owner, and why. */
export interface LedgerEntry<Account extends string, Kind extends string, Note extends string = never> {
  /** Of whom the accounts are: a fund, a loan. */
  owner: string;
  kind: Kind;
  /** Unique for the owner and kind: the same fact is never booked twice. */
  reference: string;
  /** Signed amounts; they sum to zero, which the database checks at commit. Zeros are left out. */
  postings: Partial<Record<Account, bigint>>;
  /** What a reader of the books needs beside: columns that this ledger has of its own. */
  notes?: Partial<Record<Note, string | null>>;
}

interface LedgerColumns<Note extends string> {
  /** Its tables are `<name>_account`, `<name>_transaction` and `<name>_posting`. */
  name: string;
  ownerColumn: string;
  /** Type of each column of its own. */
  notes?: Record<Note, string>;
}

/** Moves one amount from one account to another. */
export function moveBetween<Account extends string>(
  from: Account,
  to: Account,
  amount: bigint,
): Partial<Record<Account, bigint>> {
  return { [from]: -amount, [to]: amount } as Partial<Record<Account, bigint>>;
}

/**
 * A double-entry ledger of a service: entries are added and never changed, each sums to zero, and each moves the balances of its
 * accounts. All three are enforced by the tables (`ledgerTables`), for every entry however it comes.
 */
export class Ledger<Account extends string, Kind extends string, Note extends string = never> {
  private readonly notes: readonly [Note, string][];

  constructor(private readonly columns: LedgerColumns<Note>) {
    this.notes = Object.entries(columns.notes ?? {}) as [Note, string][];
  }

  /** Opens the accounts of owners, each at zero. */
  async open(tx: Transaction, owners: readonly string[], accounts: readonly Account[]): Promise<void> {
    const { name, ownerColumn } = this.columns;
    await tx.query(
      `INSERT INTO ${name}_account (${ownerColumn}, kind)
       SELECT owner, kind FROM unnest($1::uuid[]) AS owner, unnest($2::text[]) AS kind`,
      [owners, accounts],
    );
  }

  /**
   * Books entries, of one owner or of many, by one statement. An entry of zeros is left out.
   * @throws on a sum that is not zero, a second entry of the same reference, or an account that would fall below zero
   */
  async post(tx: Transaction, entries: readonly LedgerEntry<Account, Kind, Note>[]): Promise<void> {
    const { name, ownerColumn } = this.columns;
    const booked = entries
      .map((entry) => ({ ...entry, moved: movedBy(entry.postings) }))
      .filter(({ moved }) => moved.length > 0);
    if (booked.length === 0) return;
    const postings = booked.flatMap(({ moved }, index) =>
      moved.map(([account, amount]) => ({ account, amount, entry: index + 1 })),
    );
    const noteNames = this.notes.map(([note]) => `, ${note}`).join('');
    const noteArrays = this.notes.map(([, type], index) => `, $${7 + index}::${type}[]`).join('');
    // All sides of an entry bear its one instant: between two of them a balance of the past would not add up.
    await tx.query(
      `WITH entry AS (
         SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[]${noteArrays})
           WITH ORDINALITY AS entry (owner, kind, reference${noteNames}, position)),
       booked AS (
         INSERT INTO ${name}_transaction (${ownerColumn}, kind, reference${noteNames})
         SELECT owner, kind, reference${noteNames} FROM entry ORDER BY position
         RETURNING id, ${ownerColumn} AS owner, kind, reference, at)
       INSERT INTO ${name}_posting (transaction_id, ${ownerColumn}, kind, amount, at)
       SELECT booked.id, booked.owner, posting.kind, posting.amount, booked.at
       FROM booked JOIN entry USING (owner, kind, reference)
         JOIN unnest($4::int[], $5::text[], $6::bigint[]) AS posting (entry, kind, amount) ON posting.entry = entry.position`,
      [
        booked.map(({ owner }) => owner),
        booked.map(({ kind }) => kind),
        booked.map(({ reference }) => reference),
        postings.map(({ entry }) => entry),
        postings.map(({ account }) => account),
        postings.map(({ amount }) => amount.toString()),
        ...this.notes.map(([note]) => booked.map(({ notes }) => notes?.[note] ?? null)),
      ],
    );
  }

  /**
   * Books the opposite of an entry: the only correction there is.
   * @throws on a second reversal of one entry, or when an account would fall below zero by it
   */
  async reverse(tx: Transaction, transactionId: string): Promise<void> {
    const { name, ownerColumn } = this.columns;
    const noteNames = this.notes.map(([note]) => `, ${note}`).join('');
    await tx.query(
      `WITH reversal AS (
         INSERT INTO ${name}_transaction (${ownerColumn}, kind, reference${noteNames}, reverses)
         SELECT ${ownerColumn}, 'reversal', kind || '/' || reference${noteNames}, id FROM ${name}_transaction WHERE id = $1
         RETURNING id, ${ownerColumn}, at)
       INSERT INTO ${name}_posting (transaction_id, ${ownerColumn}, kind, amount, at)
       SELECT reversal.id, reversal.${ownerColumn}, posting.kind, -posting.amount, reversal.at
       FROM reversal, ${name}_posting posting WHERE posting.transaction_id = $1`,
      [transactionId],
    );
  }

  /**
   * Balances of many owners by one query: as of an instant by summing the postings up to it; without one, as of now. An account
   * in which nothing was booked may be left out.
   * @param at ISO 8601 text: a `Date` would forget the microseconds in which postings are told apart
   */
  async balances(
    tx: Transaction,
    owners: readonly string[],
    at?: string,
  ): Promise<Map<string, Partial<Record<Account, bigint>>>> {
    const { name, ownerColumn } = this.columns;
    const rows = (await tx.query(
      at === undefined
        ? `SELECT ${ownerColumn} AS owner, kind, balance AS amount FROM ${name}_account WHERE ${ownerColumn} = ANY($1::uuid[])`
        : `SELECT ${ownerColumn} AS owner, kind, sum(amount)::bigint AS amount FROM ${name}_posting
           WHERE ${ownerColumn} = ANY($1::uuid[]) AND at <= $2::timestamptz GROUP BY ${ownerColumn}, kind`,
      at === undefined ? [owners] : [owners, at],
    )) as { owner: string; kind: Account; amount: string }[];
    const balances = new Map(owners.map((owner) => [owner, {} as Partial<Record<Account, bigint>>]));
    for (const { owner, kind, amount } of rows) balances.get(owner)![kind] = BigInt(amount);
    return balances;
  }
}

function movedBy<Account extends string>(postings: Partial<Record<Account, bigint>>): [Account, bigint][] {
  return (Object.entries(postings) as [Account, bigint][]).filter(([, amount]) => amount !== 0n);
}
