import type { Transaction } from '@ansinh/database';
import type { LoanContract, LoanEvent, LoanEventKind } from '@ansinh/loans';
import { readContract, readPlan } from '../product/contract-terms.js';

/** An event before it is recorded: without its number and the day of the recording. */
export type NewEvent = LoanEvent extends infer Event
  ? Event extends LoanEvent
    ? Omit<Event, 'id' | 'recordedOn'>
    : never
  : never;

interface EventRow {
  loan_id: string;
  number: number;
  kind: LoanEventKind;
  counts_on: string;
  recorded_on: string;
  facts: { amount?: string; plan?: { dueOn: string; principal: string; isInterestDue: boolean }[] };
}

/** What the book of a loan is folded from, in the order in which it was recorded. */
export async function eventsOf(tx: Transaction, loanId: string): Promise<LoanEvent[]> {
  return (await eventsOfLoans(tx, [loanId])).get(loanId) ?? [];
}

/** The same of many loans; one without events is left out. */
export async function eventsOfLoans(
  tx: Transaction,
  loanIds: readonly string[],
): Promise<Map<string, LoanEvent[]>> {
  const rows = (await tx.query(
    `SELECT loan_id, number, kind, counts_on::text AS counts_on, recorded_on::text AS recorded_on, facts
     FROM loan_event WHERE loan_id = ANY($1::uuid[]) ORDER BY loan_id, number`,
    [loanIds],
  )) as EventRow[];
  const events = new Map<string, LoanEvent[]>();
  for (const row of rows) {
    const ofLoan = events.get(row.loan_id);
    if (ofLoan) ofLoan.push(eventOf(row));
    else events.set(row.loan_id, [eventOf(row)]);
  }
  return events;
}

function eventOf({ number, kind, counts_on, recorded_on, facts }: EventRow): LoanEvent {
  const { amount, plan, ...rest } = facts;
  return {
    id: String(number),
    kind,
    on: counts_on,
    recordedOn: recorded_on,
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
