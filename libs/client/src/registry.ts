import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { auditResource } from './audit.js';
import { enterList } from './enter-list.js';
import { keysResource } from './keys.js';
import type { AccessPurpose, ListType, Page, PageQuery, Text } from './shapes.js';
import type { RegistryEventPage } from './registry-events.js';
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
  personId: string | null;
  employerId: string | null;
  state: DossierState;
  /** null: at the desk. */
  step: NamedCode | null;
  assignee: string | null;
  dueOn: string | null;
  /** The day that was promised instead, with an apology. */
  promisedOn: string | null;
  stepDueOn: string | null;
  standing: 'onTime' | 'dueSoon' | 'overdue' | null;
  /** Days up to the due day that an official has yet to confirm: it may move. */
  unconfirmedDays: string[];
  /** Required papers that were not handed in. */
  missing: NamedCode[];
  outcome: DossierOutcome | null;
  /** The service that opened it, and what it calls it. */
  service: string | null;
  reference: string | null;
  /** Named by the next command on it. */
  version: number;
}

export type DossierState =
  | 'presented'
  | 'incomplete'
  | 'refused'
  | 'received'
  | 'processing'
  | 'awaitingSupplement'
  | 'onHold'
  | 'decided'
  | 'returned'
  | 'withdrawn';

export type DossierOutcome = 'granted' | 'declined';

export interface NewDossier {
  procedureCode: string;
  /** Commune of the applicant. */
  placeCode: string;
  applicant: { name: string; phone?: string; personId?: string; employerId?: string };
  /** Codes of the papers that were handed in. */
  documents: string[];
  refusal?: { reason: string };
  /** What the service that opens it calls it: told with its events, and never used twice. */
  reference?: string;
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
  /** The last day on which its rows and remarks are there; they were removed at `sweptAt`. */
  keptUntil: string;
  sweptAt: string | null;
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

/** The other one of a pair, as the page of a person shows him. */
type DuplicateOfPerson = Pick<DuplicatePair, 'score' | 'reasons' | 'state'> & {
  person: PairedPerson;
  pairId: string | null;
};

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

/** Classes of a year by one decision; a household is found by the key of the number of somebody who lives in it. */
export interface HouseholdClasses {
  year: number;
  basis: string;
  households: { personKey: string; class: 'poor' | 'nearPoor' | 'neither' }[];
}

export interface ClassifiedHouseholds {
  classified: number;
  unchanged: number;
  /** Keys of those who live in no household that the office sees. */
  unknown: string[];
}

/** Somebody's contracts in force on a day; who was merged is asked for under all his records. */
export interface EmployedPerson {
  personId: string;
  /** The record that stands for him. */
  standsForId: string;
  diedOn: string | null;
  contracts: {
    employerId: string;
    contractFrom: string;
    /** First day after it; null where it has no fixed term. */
    contractUntil: string | null;
    insuredFrom: string | null;
    insuredUntil: string | null;
  }[];
}

type List = Omit<Upload, 'type'> & { type: ListType };

interface LookupOptions {
  purpose?: AccessPurpose;
  /** Day of the facts that decide money. */
  on?: string;
}

const importCalls = (transport: Transport) => ({
  get: (id: string) => transport.get<RegistryImport>(path`imports/${id}`),
  enterNext: (id: string, options?: CommandOptions) =>
    transport.post<RegistryImport>(path`imports/${id}/chunks`, {}, options),
});

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
  const imports = importCalls(transport);
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
      /** Those of the office, the newest first. */
      list: (query?: PageQuery) => transport.get<Page<RegistryImport>>('imports', { ...query }),
      get: imports.get,
      /** Enters the next rows. */
      apply: imports.enterNext,
      /** Enters all that is left of a list. */
      enter: (list: RegistryImport, onProgress?: (newest: RegistryImport) => void) =>
        enterList(list, imports, onProgress),
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
      /** Those who may be one person with this one, found now. */
      ofPerson: (id: string) => transport.get<{ items: DuplicateOfPerson[] }>(path`people/${id}/duplicates`),
      startRun: (options?: CommandOptions) => transport.post<DuplicateRun>('duplicate-runs', {}, options),
      /** Searches the next commune; to be called until `searched` is `communes`. */
      searchNext: (id: string, options?: CommandOptions) =>
        transport.post<DuplicateRun>(path`duplicate-runs/${id}/chunks`, {}, options),
    },
    audit: auditResource(transport),
    ...keysResource(transport),
    dossiers: dossierResource(transport),
    employers: employerResource(transport),
    householdClasses: {
      /** What a review found; which has its class by this decision already is left as it is. */
      record: (classes: HouseholdClasses, options?: CommandOptions) =>
        transport.post<ClassifiedHouseholds>('household-classes', classes, options),
    },
    events: {
      /** What happened behind the cursor, in the order in which it was committed. */
      after: (cursor: string | null, limit: number) =>
        transport.get<RegistryEventPage>('events', { limit, after: cursor ?? undefined }),
    },
  };
}

function employerResource(transport: Transport) {
  return {
    list: (query?: PageQuery & { q?: string }) =>
      transport.get<Page<{ id: string; taxCode: string }>>('employers', { ...query }),
    /** Who of them works where, in the order asked; who is not known is left out. A thousand people at the most. */
    employedOn: async (on: string, people: readonly string[]) =>
      (await transport.post<{ items: EmployedPerson[] }>('employments/lookups', { on, people })).items,
  };
}

/** Dossiers of the one-stop desk; a service names the official in whose name it acts (`onBehalfOf`) with each command. */
function dossierResource(transport: Transport) {
  /** Answers the dossier as it is afterwards. */
  const move = ({ id, version }: Pick<Dossier, 'id' | 'version'>, verb: string, json: object, options = {}) =>
    transport.json<Dossier>({
      method: 'POST',
      path: path`dossiers/${id}/${verb}`,
      json,
      version,
      ...options,
    });
  type Seen = Pick<Dossier, 'id' | 'version'>;
  return {
    /** What is due first is on top. */
    list: (query?: DossierQuery) => transport.get<Page<Dossier>>('dossiers', { ...query }),
    get: (id: string) => transport.get<Dossier>(path`dossiers/${id}`),
    /** Received at once with its due day, incomplete with what is missing, or refused. */
    present: (dossier: NewDossier, options?: CommandOptions) =>
      transport.post<Dossier>('dossiers', dossier, options),
    supplement: (seen: Seen, documents: string[], options?: CommandOptions) =>
      move(seen, 'supplement', { documents }, options),
    /** To the next step where none is named. */
    forward: (seen: Seen, to: { step?: string; note?: string } = {}, options?: CommandOptions) =>
      move(seen, 'forwarding', to, options),
    requestSupplement: (
      seen: Seen,
      request: { documents: string[]; reason: string },
      options?: CommandOptions,
    ) => move(seen, 'supplement-request', request, options),
    /** Granted at the last step alone; the note is the number of the decision, or why it is declined. */
    decide: (seen: Seen, decision: { outcome: DossierOutcome; note: string }, options?: CommandOptions) =>
      move(seen, 'decision', decision, options),
    return: (seen: Seen, options?: CommandOptions) => move(seen, 'return', {}, options),
    withdraw: (seen: Seen, reason: string, options?: CommandOptions) =>
      move(seen, 'withdrawal', { reason }, options),
  };
}

export type RegistryClient = ReturnType<typeof createRegistryClient>;
