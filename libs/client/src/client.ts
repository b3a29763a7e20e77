import { auditResource } from './audit.js';
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { batchResource } from './batches.js';
import type {
  BankProfile,
  ExceptionAction,
  PaymentException,
  RecoveryStatus,
  RefusedDocument,
  Statement,
} from './bank-contract.js';
import type {
  Allotment,
  Balance,
  Fund,
  NewFund,
  NewProgramme,
  PayeePayment,
  Programme,
  RegistryReading,
  Verification,
} from './contract.js';
import type { Sample, SampleEstimate, SampleLine, VisitResult } from './sample-contract.js';
import type { NewSchedule, Schedule, ScheduleChange, UpcomingBatches } from './schedule-contract.js';
import type { Access, List, ListType, Page, PageQuery, PurposeCode } from './shapes.js';
import { keysResource } from './keys.js';
import { type ClientOptions, type CommandOptions, path, Transport, type Upload } from './transport.js';

/**
 * The disbursements service over REST. Refusals are thrown as `ProblemError`, a missing answer as `UnreachableError`.
 * Each command carries an Idempotency-Key (UUIDv7 unless given) which its own retries repeat, so a command whose
 * answer was lost is carried out once.
 */
export function createClient(options: ClientOptions) {
  const transport = new Transport(options);
  return {
    funds: fundResource(transport),
    programmes: programmeResource(transport),
    batches: batchResource(transport),
    exceptions: exceptionResource(transport),
    statements: statementResource(transport),
    audit: auditResource(transport),
    /** A person's payments over all programmes. */
    payments: (query: PageQuery & { payeeId: string }) =>
      transport.get<Page<PayeePayment>>('payments', { ...query }),
    /** Who saw whole numbers of people, newest first. `subject` finds a batch and all that belongs to it. */
    accessLog: (
      query?: PageQuery & { actor?: string; subject?: string; purpose?: PurposeCode; day?: string },
    ) => transport.get<Page<Access>>('access-log', { ...query }),
    ...keysResource(transport),
    recovery: {
      status: () => transport.get<RecoveryStatus>('recovery'),
      /** Nothing is sent until it is ended; the worker asks the bank and reads its documents. */
      begin: (note: string, options?: CommandOptions) =>
        transport.post<RecoveryStatus>('recovery', { note }, options),
      end: (note: string, options?: CommandOptions) =>
        transport.post<RecoveryStatus>('recovery/end', { note }, options),
    },
    samples: sampleResource(transport),
    schedules: scheduleResource(transport),
    /** What is due between two days, and whatever is late. */
    upcoming: (query: { from?: string; to?: string }) =>
      transport.get<UpcomingBatches>('upcoming-batches', { ...query }),
    bankProfiles: () => transport.get<List<BankProfile>>('bank-profiles'),
    registryReading: () => transport.get<RegistryReading>('registry-reading'),
    verification: () => transport.get<Verification>('verification'),
  };
}

export type Client = ReturnType<typeof createClient>;

function fundResource(transport: Transport) {
  return {
    create: (fund: NewFund, options?: CommandOptions) => transport.post<Fund>('funds', fund, options),
    list: (query?: PageQuery) => transport.get<Page<Fund>>('funds', { ...query }),
    get: (id: string) => transport.get<Fund>(path`funds/${id}`),
    allot: (id: string, allotment: Allotment, options?: CommandOptions) =>
      transport.post<Balance>(path`funds/${id}/allotments`, allotment, options),
    /** As of now, or of the instant `at` (ISO 8601 with offset). */
    balance: (id: string, at?: string) => transport.get<Balance>(path`funds/${id}/balance`, { at }),
  };
}

function programmeResource(transport: Transport) {
  return {
    put: ({ code, ...programme }: NewProgramme, options?: CommandOptions) =>
      transport.json<Programme>({
        method: 'PUT',
        path: path`programmes/${code}`,
        json: programme,
        ...options,
      }),
    list: (query?: PageQuery) => transport.get<Page<Programme>>('programmes', { ...query }),
  };
}

function exceptionResource(transport: Transport) {
  return {
    list: (query?: PageQuery & { status?: string; batchId?: string; code?: string }) =>
      transport.get<Page<PaymentException>>('exceptions', { ...query }),
    assign: (id: string, owner: string, options?: CommandOptions) =>
      transport.post<PaymentException>(path`exceptions/${id}/assignment`, { owner }, options),
    resolve: (id: string, resolution: { action: ExceptionAction; note: string }, options?: CommandOptions) =>
      transport.post<PaymentException>(path`exceptions/${id}/resolution`, resolution, options),
  };
}

function statementResource(transport: Transport) {
  return {
    /** A camt, MT940 or pain.002 file, told by its content; each document in it is one item. Twice the same changes nothing (`alreadyImported`). */
    import: ({ idempotencyKey, signal, ...upload }: Omit<Upload, 'type'>) =>
      transport.json<List<Statement>>({
        method: 'POST',
        path: 'statements',
        upload: { ...upload, type: 'application/xml' },
        idempotencyKey,
        signal,
      }),
    list: (query?: PageQuery) => transport.get<Page<Statement>>('statements', { ...query }),
    /** Oldest first. */
    refused: (query?: PageQuery & { status?: string; fundId?: string }) =>
      transport.get<Page<RefusedDocument>>('refused-documents', { ...query }),
    /** Fetches it from the bank once more. Refused again, the reason is the problem that is thrown. */
    retry: (id: string, options?: CommandOptions) =>
      transport.post<RefusedDocument>(path`refused-documents/${id}/retry`, {}, options),
  };
}

function sampleResource(transport: Transport) {
  const download = async (to: Writable, of: string, accept: string): Promise<void> =>
    pipeline(await transport.stream({ path: of, accept }), to);
  return {
    get: (id: string) => transport.get<Sample>(path`samples/${id}`),
    lines: (id: string, query?: PageQuery) =>
      transport.get<Page<SampleLine>>(path`samples/${id}/lines`, { ...query }),
    /** Whom to visit, to print and take along: CSV or XLSX. */
    downloadLines: (id: string, type: ListType, to: Writable) =>
      download(to, path`samples/${id}/lines`, type),
    /** What the sample was drawn from, byte for byte as its digest is of. */
    downloadList: (id: string, to: Writable) => download(to, path`samples/${id}/list`, 'text/csv'),
    record: (id: string, results: VisitResult[], options?: CommandOptions) =>
      transport.post<{ recorded: number }>(path`samples/${id}/results`, { results }, options),
    estimate: (id: string) => transport.get<SampleEstimate>(path`samples/${id}/estimate`),
  };
}

function scheduleResource(transport: Transport) {
  return {
    create: (schedule: NewSchedule, options?: CommandOptions) =>
      transport.post<Schedule>('schedules', schedule, options),
    list: (query?: PageQuery) => transport.get<Page<Schedule>>('schedules', { ...query }),
    set: (id: string, change: ScheduleChange, options?: CommandOptions) =>
      transport.json<Schedule>({ method: 'PUT', path: path`schedules/${id}`, json: change, ...options }),
    pause: (id: string, reason: string, options?: CommandOptions) =>
      transport.post<Schedule>(path`schedules/${id}/pause`, { reason }, options),
    /** Months whose lists fell due during the pause are skipped, unless they are to be caught up on. */
    resume: (id: string, catchUp: boolean, options?: CommandOptions) =>
      transport.post<Schedule>(path`schedules/${id}/resumption`, { catchUp }, options),
  };
}
