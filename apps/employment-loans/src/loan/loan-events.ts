import type { DataSource } from 'typeorm';
import { askPlanned, asSystem, type OfficeScope, type Transaction } from '@ansinh/database';
import type { LoanContract, LoanEvent, LoanEventKind, LoanState } from '@ansinh/loans';
import { readContract, readPlan } from '../product/contract-terms.js';

/** An event before it is recorded: without its number and the day of the recording. */
export type NewEvent = LoanEvent extends infer Event
  ? Event extends LoanEvent
    ? Omit<Event, 'id' | 'recordedOn'>
    : never
  : never;

/** Number, kind, the day from which it counts, that of the recording, and the rest. */
type EventRow = [
  number: number,
  kind: LoanEventKind,
  on: string,
  recordedOn: string,
  facts: { amount?: string; plan?: { dueOn: string; principal: string; isInterestDue: boolean }[] },
];

/** One value a loan: a row for each of thousands of events costs more to read than all they say. */
const eventsAsOne =
  'json_agg(json_build_array(number, kind, counts_on, recorded_on, facts) ORDER BY number) AS events';

/** What the book of a loan is folded from, in the order in which it was recorded. The caller has found the loan in its own scope. */
export async function eventsOf(tx: Transaction, loanId: string): Promise<LoanEvent[]> {
  return (await eventsOfLoans(tx, [loanId])).get(loanId) ?? [];
}

/**
 * The same of many loans; one without events is left out. As the system: whose events are seen was settled when the loans were found,
 * and the policy would ask it again of each of thousands of rows.
 */
export async function eventsOfLoans(
  tx: Transaction,
  loanIds: readonly string[],
): Promise<Map<string, LoanEvent[]>> {
  const rows = (await asSystem(tx, () =>
    tx.query(
      `SELECT loan_id AS id, ${eventsAsOne} FROM loan_event WHERE loan_id = ANY($1::uuid[]) GROUP BY loan_id`,
      [loanIds],
    ),
  )) as { id: string; events: EventRow[] }[];
  return new Map(rows.map(({ id, events }) => [id, events.map(eventOf)]));
}

function eventOf([number, kind, on, recordedOn, { amount, plan, ...rest }]: EventRow): LoanEvent {
  return {
    id: String(number),
    kind,
    on,
    recordedOn,
    ...rest,
    ...(amount !== undefined && { amount: BigInt(amount) }),
    ...(plan !== undefined && { plan: readPlan(plan) }),
  } as LoanEvent;
}

/** What of an event is not a column of its own: amounts as text. */
export function factsOf({ kind: _, on: __, ...facts }: NewEvent): string {
  return JSON.stringify(facts, (_key, value: unknown) =>
    typeof value === 'bigint' ? value.toString() : value,
  );
}

/** What the statement of a loan is made of. */
interface BookSources {
  state: LoanState;
  /** null before one is signed. */
  contract: LoanContract | null;
  events: LoanEvent[];
}

/** All of it by one statement, in one packet with its scope: an officer waits for it. undefined for a loan that the office does not see */
export async function findBookSources(
  dataSource: DataSource,
  scope: OfficeScope,
  id: string,
): Promise<BookSources | undefined> {
  const [row] = await askPlanned(dataSource, scope, (ask) =>
    ask<{ state: LoanState; terms: ContractRow['terms'] | null; events: EventRow[] | null }>({
      sql: `SELECT state,
              (SELECT terms FROM loan_contract WHERE loan_id = loan.id ORDER BY number DESC LIMIT 1) AS terms,
              (SELECT ${eventsAsOne} FROM loan_event WHERE loan_id = loan.id) AS events
            FROM loan WHERE id = $1`,
      parameters: [id],
      isKept: true,
      of: { table: 'loan', id },
    }),
  );
  if (!row) return undefined;
  const { state, terms, events } = row;
  return { state, contract: terms && readContract(terms), events: (events ?? []).map(eventOf) };
}

interface ContractRow {
  loan_id: string;
  number: number;
  terms: Parameters<typeof readContract>[0];
}

interface SignedContract {
  number: number;
  terms: LoanContract;
}

/** The contract by which the book is kept: that which was signed last. undefined before one is. */
export async function contractOfLoan(tx: Transaction, loanId: string): Promise<SignedContract | undefined> {
  return (await contractsOfLoans(tx, [loanId])).get(loanId);
}

export async function contractsOfLoans(
  tx: Transaction,
  loanIds: readonly string[],
): Promise<Map<string, SignedContract>> {
  const rows = (await tx.query(
    `SELECT DISTINCT ON (loan_id) loan_id, number, terms FROM loan_contract
     WHERE loan_id = ANY($1::uuid[]) ORDER BY loan_id, number DESC`,
    [loanIds],
  )) as ContractRow[];
  return new Map(rows.map(({ loan_id, number, terms }) => [loan_id, { number, terms: readContract(terms) }]));
}
