import { auditResource } from './audit.js';
import { bankResource } from './bank-files.js';
import { keysResource } from './keys.js';
import { loanReportsResource } from './loan-reports.js';
import type { Page, PageQuery } from './shapes.js';
import { type ClientOptions, type CommandOptions, path, Transport } from './transport.js';

/** A loan as the next command on it needs to know it. Amounts are whole đồng. */
export interface Loan {
  id: string;
  code: string;
  state: string;
  amount: string;
  grantedAmount: string | null;
  /** Named by the next command on it. */
  version: number;
}

export interface LoanApplication {
  productCode: string;
  placeCode: string;
  borrower: { kind: string; name: string; personId?: string; employerId?: string };
  /** By which the law decides, each with its paper. */
  facts: { fact: string; value: string; document: string }[];
  amount: string;
  termMonths: number;
  project: { name: string; purpose: string; otherSources: object[]; collateral: object[] };
  workers: { personId: string; name: string; kind: 'created' | 'kept' }[];
}

/** The paper that a move rests on. */
export interface LoanDecision {
  number: string;
  on: string;
  note?: string;
}

/** Where the money of a loan goes. */
export interface BorrowerAccount {
  payeeId: string;
  bankBin: string;
  account: string;
  holder: string;
}

interface Decided {
  decision: LoanDecision;
}
type Confirmation = Decided & { outcome: string };
type Appraisal = Decided & { outcome: string; ratePpm?: number };
type Approval = Decided & { outcome: string; capitalPlanId?: string };
type Contract = Decided & { account: BorrowerAccount; disbursedOn: string };
type Order = Decided & { amount?: string };
type UseCheck = Decided & { workers: string[] };

export interface CapitalPlan {
  id: string;
  planned: string;
  available: string;
}

export interface DisbursementList {
  id: string;
  state: string;
  rows: number;
  amount: string;
  batchCode: string | null;
  problem: { code: string; title: string } | null;
}

/** How far a day is closed. */
export interface DayClosing {
  day: string;
  state: 'closing' | 'closed';
  /** Loans that had to be looked at when it began. */
  loans: number;
  done: number;
  entries: number;
  moves: number;
  startedAt: string;
  closedAt: string | null;
}

/** The employment loans over REST, as `createClient` is for disbursements. */
export function createEmploymentLoansClient(options: ClientOptions) {
  const transport = new Transport(options);
  /** A move on the version that was seen. */
  const move =
    <Body extends object>(verb: string) =>
    ({ id, version }: Pick<Loan, 'id' | 'version'>, json: Body, command: CommandOptions = {}) =>
      transport.json<Loan>({
        method: 'POST',
        path: `${path`loans/${id}`}/${verb}`,
        json,
        version,
        ...command,
      });
  /** The same of many loans, as one command. @returns them as it has left them, in the order in which they were named */
  const moveAll =
    <Body extends object>(list: string) =>
    async (rows: (Pick<Loan, 'id' | 'version'> & Body)[], command?: CommandOptions) => {
      const items = rows.map(({ id, version, ...body }) => ({ ...body, id, version }));
      return (await transport.post<{ items: Loan[] }>(`loan-lists/${list}`, { items }, command)).items;
    };
  return {
    audit: auditResource(transport),
    ...keysResource(transport),
    bank: bankResource(transport),
    ...loanReportsResource(transport),
    closings: {
      /** Starts it; of a day that was started it says how far that is. */
      start: (day: string, command?: CommandOptions) =>
        transport.post<DayClosing>('day-closings', { day }, command),
      /** The latest one; undefined before the first. */
      latest: async () =>
        (await transport.get<{ items: DayClosing[] }>('day-closings', { limit: 1 })).items[0],
    },
    plans: {
      create: (input: { placeCode: string; year: number; source: string }, command?: CommandOptions) =>
        transport.post<CapitalPlan>('capital-plans', input, command),
      decide: (id: string, input: { amount: string; decision: string }, command?: CommandOptions) =>
        transport.post<CapitalPlan>(path`capital-plans/${id}/decisions`, input, command),
    },
    loans: {
      apply: (input: LoanApplication, command?: CommandOptions) =>
        transport.post<Loan>('loans', input, command),
      confirm: move<Confirmation>('confirmation'),
      appraise: move<Appraisal>('appraisal'),
      approve: move<Approval>('approval'),
      sign: move<Contract>('contract'),
      disburse: move<Order>('disbursements'),
      checkUse: move<UseCheck>('use-checks'),
      list: (query?: PageQuery & { code?: string; state?: string; placeCode?: string }) =>
        transport.get<Page<Loan>>('loans', { ...query }),
      get: (id: string) => transport.get<Loan>(path`loans/${id}`),
    },
    loanLists: {
      apply: async (items: readonly LoanApplication[], command?: CommandOptions) =>
        (await transport.post<{ items: Loan[] }>('loan-lists/applications', { items }, command)).items,
      confirm: moveAll<Confirmation>('confirmations'),
      appraise: moveAll<Appraisal>('appraisals'),
      approve: moveAll<Approval>('approvals'),
      sign: moveAll<Contract>('contracts'),
      disburse: moveAll<Order>('disbursements'),
      checkUse: moveAll<UseCheck>('use-checks'),
    },
    lists: {
      /** Puts what was ordered and waits on a payment list, so many as one list has at most. */
      send: (
        input: { fundId: string; programmeCode: string; purpose: string; channel: string },
        command?: CommandOptions,
      ) => transport.post<DisbursementList>('disbursement-lists', input, command),
      get: (id: string) => transport.get<DisbursementList>(path`disbursement-lists/${id}`),
    },
  };
}

export type EmploymentLoansClient = ReturnType<typeof createEmploymentLoansClient>;
