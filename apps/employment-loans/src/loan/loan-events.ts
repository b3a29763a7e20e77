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
  number: number;
  kind: LoanEventKind;
  counts_on: string;
  recorded_on: string;
  facts: { amount?: string; plan?: { dueOn: string; principal: string; isInterestDue: boolean }[] };
}

/** What the book of a loan is folded from, in the order in which it was recorded. */
export async function eventsOf(tx: Transaction, loanId: string): Promise<LoanEvent[]> {
  const rows = (await tx.query(
    `SELECT number, kind, counts_on::text AS counts_on, recorded_on::text AS recorded_on, facts
     FROM loan_event WHERE loan_id = $1 ORDER BY number`,
    [loanId],
  )) as EventRow[];
  return rows.map(eventOf);
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
  number: number;
  terms: Parameters<typeof readContract>[0];
}

/** The contract by which the book is kept: that which was signed last. undefined before one is. */
export async function contractOfLoan(
  tx: Transaction,
  loanId: string,
): Promise<{ number: number; terms: LoanContract } | undefined> {
  const [row] = (await tx.query(
    'SELECT number, terms FROM loan_contract WHERE loan_id = $1 ORDER BY number DESC LIMIT 1',
    [loanId],
  )) as ContractRow[];
  return row && { number: row.number, terms: readContract(row.terms) };
}
