import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { AccessPurpose, ListType, Page, PageQuery, Text } from './contract.js';
import { parseNdjson } from './streams.js';
import { type ClientOptions, type CommandOptions, path, Transport, type Upload } from './transport.js';

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

/** What the registry says of one line of a list; `marks`: the names differ in marks alone. */
export interface LookupAnswer {
  row: number;
  /** As sent, masked. */
  number: string;
  outcome: 'found' | 'notFound' | 'malformed';
  personId: string | null;
  name: string | null;
  nameFit: 'exact' | 'marks' | 'different' | null;
  birthYear: number | null;
  bornOn: string | null;
  birthFit: 'same' | 'different' | 'unreadable' | null;
  sex: 'male' | 'female' | null;
  placeCode: string | null;
  diedOn: string | null;
  facts: Record<string, string>;
  povertyClass: string | null;
}

export type ImportKind = 'people' | 'households' | 'employers' | 'employment';

/** A list that was checked, and how far it has entered. */
export interface RegistryImport {
  id: string;
  kind: ImportKind;
  fileDigest: string;
  rows: number;
  /** Rows that are left out. */
  blocked: number;
  /** Rows that enter in spite of a remark. */
  warned: number;
  applied: number;
  entered: number;
  findings: { code: string; isBlocking: boolean; rows: number }[];
  createdBy: string;
  createdAt: string;
}

export type DuplicateState = 'open' | 'same' | 'different';

/** A person of a pair; the number is masked. */
export interface PairedPerson {
  id: string;
  name: string;
  citizenNumber: string | null;
  birthYear: number;
  bornOn: string | null;
  placeCode: string;
}

/** Two records that may be of one person, and why. */
export interface DuplicatePair {
  id: string;
  one: PairedPerson;
  other: PairedPerson;
  score: number;
  reasons: { code: string; weight: number; message: Text }[];
  state: DuplicateState;
}

/** A search for such pairs, commune by commune. */
export interface DuplicateRun {
  id: string;
  communes: number;
  searched: number;
  people: number;
  pairs: number;
  /** Keys that too many people share to make pairs, by reason. */
  passedOver: Record<string, number>;
}

type List = Omit<Upload, 'type'> & { type: ListType };

interface LookupOptions {
  purpose?: AccessPurpose;
  /** Day of the facts that decide money. */
  on?: string;
}

/** The registry over REST, as `createClient` is for disbursements. */
export function createRegistryClient(options: ClientOptions) {
  const transport = new Transport(options);
  const lookUp = ({ signal, ...upload }: List, { purpose, on }: LookupOptions, accept: string) =>
    transport.stream({
      method: 'POST',
      path: 'people/bulk-lookups',
      query: { on },
      keyed: false,
      accept,
      purpose,
      signal,
      upload,
    });
  return {
    people: {
      /** One answer a row, in the order of the list. */
      async *lookUp(list: List, options: LookupOptions): AsyncGenerator<LookupAnswer, void, undefined> {
        yield* parseNdjson<LookupAnswer>(await lookUp(list, options, 'application/x-ndjson'));
      },
      /** The answers as CSV. */
      downloadLookUp: async (list: List, options: LookupOptions, to: Writable): Promise<void> =>
        pipeline(await lookUp(list, options, 'text/csv'), to),
    },
    imports: {
      /** Takes a list in and checks it; nothing of the registry changes by that. */
      check: (kind: ImportKind, { idempotencyKey, signal, ...upload }: List) =>
        transport.json<RegistryImport>({
          method: 'POST',
          path: 'imports',
          query: { kind },
          upload,
          idempotencyKey,
          signal,
        }),
      get: (id: string) => transport.get<RegistryImport>(path`imports/${id}`),
      /** Enters the next rows; to be called until `applied` is `rows`. */
      apply: (id: string, options?: CommandOptions) =>
        transport.post<RegistryImport>(path`imports/${id}/chunks`, {}, options),
      /** The list with its remarks. */
      downloadList: async (
        id: string,
        { type, rows, purpose }: { type: ListType; rows: 'all' | 'flawed'; purpose?: AccessPurpose },
        to: Writable,
      ): Promise<void> =>
        pipeline(
          await transport.stream({ path: path`imports/${id}/list`, query: { rows }, accept: type, purpose }),
          to,
        ),
    },
    duplicates: {
      /** The likeliest first. */
      list: (query?: PageQuery & { state?: DuplicateState }) =>
        transport.get<Page<DuplicatePair>>('duplicates', { ...query }),
      startRun: (options?: CommandOptions) => transport.post<DuplicateRun>('duplicate-runs', {}, options),
      /** Searches the next commune; to be called until `searched` is `communes`. */
      searchNext: (id: string, options?: CommandOptions) =>
        transport.post<DuplicateRun>(path`duplicate-runs/${id}/chunks`, {}, options),
    },
    dossiers: {
      /** What is due first is on top. */
      list: (query?: DossierQuery) => transport.get<Page<Dossier>>('dossiers', { ...query }),
    },
  };
}

export type RegistryClient = ReturnType<typeof createRegistryClient>;
