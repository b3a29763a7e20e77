import { auditResource } from './audit.js';
import { keysResource } from './keys.js';
import type { ListType } from './shapes.js';
import { type ClientOptions, type CommandOptions, path, Transport, type Upload } from './transport.js';

export type SupportProgrammeCode =
  'covid-support' | 'rent-support' | 'monthly-allowance' | 'care-support' | 'merit-allowance' | 'merit-carer';

/** The head of a list of people for whom an employer or a commune asks for support. */
export interface SupportListHead {
  programme: SupportProgrammeCode;
  /** Policy or group. */
  choice: string;
  /** `2022-04,2022-05`, of a programme by months. */
  months?: string;
  taxCode?: string;
  employerName: string;
  employerType: 'enterprise' | 'cooperative' | 'householdBusiness' | 'other';
  placeCode: string;
  receivedOn: string;
  onFlawed?: 'refuse' | 'setAside';
}

export interface SupportList {
  id: string;
  rows: number;
  blocked: number;
  isRefused: boolean;
}

export interface SupportRun {
  id: string;
  programme: SupportProgrammeCode;
  decidedOn: string;
  /** Of a monthly programme, as `2026-11`. */
  month: string | null;
  /** The first month that is looked at again. */
  backTo: string | null;
  state: 'deciding' | 'decided' | 'submitted' | 'approved' | 'rejected';
  rows: number;
  /** Rows decided so far. */
  taken: number;
  digest: string | null;
}

export interface SupportSummary {
  people: number;
  newPeople: number;
  grantedBefore: number;
  refusedBefore: number;
  outcomes: { outcome: string; decisions: number; amount: string }[];
  rules: { rules: string[]; decisions: number; amount: string }[];
  reasons: { outcome: string; fact: string; decisions: number }[];
  /** Of a monthly programme: what is different from the month before, or from what was owed for a past month. */
  changes: { change: SupportChangeKind; decisions: number; amountBefore: string; amount: string }[];
}

export type SupportChangeKind = 'new' | 'changed' | 'stopped' | 'arrears' | 'overpaid' | 'undecided';

export interface SupportChange {
  decisionId: string;
  beneficiaryId: string;
  name: string;
  placeCode: string;
  month: string;
  change: SupportChangeKind;
  amountBefore: string;
  amount: string;
  difference: string;
  reasons: { vi: string; en: string }[];
}

interface NewSupportRun {
  programme: string;
  decidedOn: string;
  lists?: string[];
  month?: string;
  backTo?: string;
}

export interface SupportDecision {
  id: string;
  programme: string;
  decidedOn: string;
  state: SupportRun['state'];
  month: string | null;
  outcome: string;
  amount: string;
  digest: string;
  explanation: { vi: string; en: string };
  /** Whether law and facts still lead to the same digest. */
  isReproduced: boolean;
}

interface NewSupportPayout {
  fundId: string;
  channel: string;
  purpose: string;
}

export interface SupportPayout {
  id: string;
  state: string;
  batchCode: string | null;
  rows: number;
  amount: string;
  problem: { code: string; title: string } | null;
  outcomes: { status: string; lines: number; amount: string }[];
}

type List = Omit<Upload, 'type'> & { type: ListType };

/** The social protection over REST, as `createClient` is for disbursements. */
export function createSocialProtectionClient(options: ClientOptions) {
  const transport = new Transport(options);
  return {
    audit: auditResource(transport),
    ...keysResource(transport),
    lists: {
      bring: (head: SupportListHead, { idempotencyKey, signal, ...upload }: List) =>
        transport.json<SupportList>({
          method: 'POST',
          path: 'support-lists',
          query: { ...head },
          upload,
          idempotencyKey,
          signal,
        }),
    },
    insurance: {
      confirm: ({ idempotencyKey, signal, ...upload }: List) =>
        transport.json<{ id: string; rows: number }>({
          method: 'POST',
          path: 'insurance-lists',
          upload,
          idempotencyKey,
          signal,
        }),
    },
    runs: {
      start: (input: NewSupportRun, command?: CommandOptions) =>
        transport.post<SupportRun>('support-runs', input, command),
      get: (id: string) => transport.get<SupportRun>(path`support-runs/${id}`),
      /** Decides the next rows; to be called until `taken` is `rows`. */
      decideNext: (id: string, command?: CommandOptions) =>
        transport.post<SupportRun>(path`support-runs/${id}/chunks`, {}, command),
      changes: (id: string, query: { change?: SupportChangeKind; after?: string; limit?: number } = {}) =>
        transport.get<{ items: SupportChange[]; next: string | null }>(
          path`support-runs/${id}/changes`,
          query,
        ),
      summary: (id: string) => transport.get<SupportSummary>(path`support-runs/${id}/summary`),
      submit: (id: string, command?: CommandOptions) =>
        transport.post<SupportRun>(path`support-runs/${id}/submission`, {}, command),
      approve: (id: string, digest: string, command?: CommandOptions) =>
        transport.post<SupportRun>(path`support-runs/${id}/approval`, { digest }, command),
    },
    payouts: {
      /** Puts what is unpaid of an approved run on a payment list. */
      start: (runId: string, input: NewSupportPayout, command?: CommandOptions) =>
        transport.post<SupportPayout>(path`support-runs/${runId}/payouts`, input, command),
      list: (runId: string) => transport.get<{ items: SupportPayout[] }>(path`support-runs/${runId}/payouts`),
    },
    decisions: {
      /** What was decided of a person, and why. */
      ofPerson: (number: string, asOf?: string) =>
        transport.json<{ items: SupportDecision[] }>({
          method: 'POST',
          path: 'support-decisions/lookup',
          json: { number, ...(asOf !== undefined && { asOf }) },
          keyed: false,
        }),
    },
  };
}

export type SocialProtectionClient = ReturnType<typeof createSocialProtectionClient>;
