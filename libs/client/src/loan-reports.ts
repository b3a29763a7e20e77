import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { List, ListType, Page, PageQuery, Text } from './shapes.js';
import { type Call, type CommandOptions, path, type Transport } from './transport.js';

interface PortfolioSums {
  loans: number;
  principal: string;
  overduePrincipal: string;
  interest: string;
  overdueInterest: string;
}

export type PortfolioDimension = 'place' | 'product' | 'debtGroup' | 'capitalSource';

export interface PortfolioLine extends PortfolioSums {
  placeCode: string | null;
  productCode: string | null;
  debtGroup: string | null;
  capitalSource: string | null;
}

/** What is out at the end of a day. */
export interface LoanPortfolio {
  on: string;
  closedThrough: string | null;
  total: PortfolioSums;
  items: PortfolioLine[];
}

interface PortfolioQuery {
  on?: string;
  knownOn?: string;
  /** Dimensions, parted by commas. */
  by?: string;
  placeCode?: string;
}

/** An instalment that falls due within the next days. */
export interface LoanReminder {
  loanId: string;
  code: string;
  borrowerName: string;
  placeCode: string;
  productCode: string;
  dueOn: string;
  principal: string;
  interest: string;
}

interface ReminderQuery {
  days?: number;
  placeCode?: string;
}

/** Capital of one place and source, and the interest of what it lends. */
export interface FundReport {
  placeCode: string;
  source: string;
  from: string;
  through: string;
  opening: string;
  disbursed: string;
  principalCollected: string;
  principalCancelled: string;
  closing: string;
  interestCollected: string;
  undivided: string;
  /** Rows of law that wait for a named person. */
  unconfirmed: string[];
}

interface FundReportQuery {
  from?: string;
  through?: string;
  knownOn?: string;
  placeCode?: string;
  source?: string;
}

/** A worker whom a use check has named, and whether the job counts. */
export interface LoanJob {
  loanId: string;
  code: string;
  borrowerName: string;
  placeCode: string;
  name: string;
  kind: 'created' | 'kept';
  outcome: string;
  foundOn: string;
  contractFrom: string | null;
  contractUntil: string | null;
  insuredFrom: string | null;
  unconfirmed: string[];
}

interface JobQuery {
  loanId?: string;
  outcome?: string;
  placeCode?: string;
}

interface LoanLawDecision {
  outcome: string;
  amount: string;
  answer: string | null;
  unconfirmed: string[];
  text: Text;
}

/** What the law says of one loan, and why. */
export interface LoanLaw {
  on: string;
  ceiling: LoanLawDecision;
  term: LoanLawDecision;
  rate: LoanLawDecision;
  collateral: LoanLawDecision;
}

/** A row of law that was read in no text. */
export interface AwaitingLaw {
  row: string;
  /** What it says: a value, or conditions and what follows. */
  text: Text;
  appliedFrom: string | null;
  confidence: 'secondary' | 'memory' | 'derived';
  citation: { number: string; name: Text; article?: string; clause?: string; annex?: string } | null;
  digest: string;
}

export interface LawConfirmation {
  row: string;
  basis: string;
  confirmedBy: string;
  confirmedOn: string;
}

const workbook: ListType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** Lists of the loans, each as a workbook too, and their law. */
export function loanReportsResource(transport: Transport) {
  const download = async (to: Writable, of: string, query: Call['query']): Promise<void> =>
    pipeline(await transport.stream({ path: of, query, accept: workbook }), to);
  /** The pages of a list, and the whole of it as a workbook. */
  const listed = <Item, Query extends object>(of: string) => ({
    list: (query?: Query & PageQuery) => transport.get<Page<Item>>(of, { ...query } as Call['query']),
    download: (query: Query, to: Writable) => download(to, of, { ...query } as Call['query']),
  });
  return {
    portfolio: {
      get: (query?: PortfolioQuery) => transport.get<LoanPortfolio>('loan-portfolio', { ...query }),
      download: (query: PortfolioQuery, to: Writable) => download(to, 'loan-portfolio', { ...query }),
    },
    reminders: listed<LoanReminder, ReminderQuery>('loan-reminders'),
    fundReports: listed<FundReport, FundReportQuery>('fund-reports'),
    jobs: listed<LoanJob, JobQuery>('loan-jobs'),
    law: {
      ofLoan: (id: string) => transport.get<LoanLaw>(path`loans/${id}/law`),
      awaiting: async () => (await transport.get<List<AwaitingLaw>>('law/awaiting-rows')).items,
      confirm: (input: { row: string; digest: string; basis: string }, command?: CommandOptions) =>
        transport.post<LawConfirmation>('law/confirmations', input, command),
    },
  };
}
