import type { Page, PageQuery, Text } from './contract.js';
import { type ClientOptions, Transport } from './transport.js';

export interface NamedCode {
  code: string;
  name: Text;
}

export type DossierDue = 'overdue' | 'soon' | 'stepOverdue' | 'stepSoon';

/** What somebody asked of us, and when the answer is due. */
export interface Dossier {
  id: string;
  code: string;
  procedure: NamedCode;
  officeCode: string;
  /** Office that has it now. */
  holderCode: string;
  placeCode: string;
  applicantName: string;
  state: string;
  /** null: at the desk. */
  step: NamedCode | null;
  assignee: string | null;
  dueOn: string | null;
  stepDueOn: string | null;
  standing: 'onTime' | 'dueSoon' | 'overdue' | null;
  /** Days up to the due day that an official has yet to confirm: it may move. */
  unconfirmedDays: string[];
}

export interface DossierQuery extends PageQuery {
  due?: DossierDue;
  holder?: string;
  procedure?: string;
  step?: string;
}

/** The registry over REST, as `createClient` is for disbursements. */
export function createRegistryClient(options: ClientOptions) {
  const transport = new Transport(options);
  return {
    dossiers: {
      /** What is due first is on top. */
      list: (query?: DossierQuery) => transport.get<Page<Dossier>>('dossiers', { ...query }),
    },
  };
}

export type RegistryClient = ReturnType<typeof createRegistryClient>;
