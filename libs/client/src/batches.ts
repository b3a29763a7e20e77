import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type {
  CashList,
  CashListFormat,
  CashListState,
  Message,
  PaymentException,
  Receipts,
} from './bank-contract.js';
import type {
  Batch,
  BatchPayment,
  BatchState,
  Finding,
  NewBatch,
  NewWaiver,
  OnBlocking,
  OutcomePage,
  Payee,
  PaymentState,
  Reconciliation,
  ReturnedLine,
  ReturnedState,
  Severity,
  Waiver,
} from './contract.js';
import type { NewSample, Sample } from './sample-contract.js';
import type { AccessPurpose, List, ListType, Page, PageQuery } from './shapes.js';
import { parseNdjson } from './streams.js';
import { type CommandOptions, path, type Transport, type Upload } from './transport.js';
import { watchBatch } from './watch.js';

const cashListTypes: Record<CashListFormat, string> = {
  pdf: 'application/pdf',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};

/** The commands that move a batch from a list to paid; each answers the batch as it is afterwards. */
function batchCommands(transport: Transport) {
  const command = (id: string, verb: string, body: unknown, options?: CommandOptions): Promise<Batch> =>
    transport.post<Batch>(path`batches/${id}/${verb}`, body, options);
  return {
    create: (batch: NewBatch, options?: CommandOptions) => transport.post<Batch>('batches', batch, options),

    /** Streams a list into a draft; the service then checks it by itself (state `checking`). Never retried. */
    importPayments: (
      id: string,
      { onBlocking, ...upload }: Omit<Upload, 'type'> & { type: ListType; onBlocking?: OnBlocking },
    ) =>
      transport.json<Batch>({
        method: 'PUT',
        path: path`batches/${id}/payments`,
        query: { onBlocking },
        keyed: false,
        signal: upload.signal,
        upload,
      }),

    /**
     * Makes a batch of the lines that a list of corrections names (state `checking`), paid by the same fund for the same
     * period unless told otherwise.
     */
    followUp: (
      id: string,
      {
        onBlocking,
        fundId,
        period,
        idempotencyKey,
        ...upload
      }: Upload & { type: ListType; onBlocking?: OnBlocking; fundId?: string; period?: string },
    ) =>
      transport.json<Batch>({
        method: 'POST',
        path: path`batches/${id}/follow-up`,
        query: { onBlocking, fundId, period },
        idempotencyKey,
        signal: upload.signal,
        upload,
      }),

    /** Takes in what the post office handed out: a cash list that was filled in. */
    recordReceipts: (id: string, { idempotencyKey, ...upload }: Upload & { type: ListType }) =>
      transport.json<Receipts>({
        method: 'POST',
        path: path`batches/${id}/receipts`,
        idempotencyKey,
        signal: upload.signal,
        upload,
      }),

    check: (id: string, options?: CommandOptions) => command(id, 'check', {}, options),
    /** Lets lines with this finding be paid; the list is checked again with it (state `checking`). */
    waive: (id: string, waiver: NewWaiver, options?: CommandOptions) =>
      command(id, 'waivers', waiver, options),
    submit: (id: string, options?: CommandOptions) => command(id, 'submission', {}, options),
    /** `digest` is that of the list which the approver saw: the service refuses any other. */
    approve: (id: string, digest: string, options?: CommandOptions) =>
      command(id, 'approval', { digest }, options),
    reject: (id: string, reason: string, options?: CommandOptions) =>
      command(id, 'rejection', { reason }, options),
    /** Starts sending to the bank, or goes on after a pause. */
    transmit: (id: string, options?: CommandOptions) => command(id, 'transmission', {}, options),
    pause: (id: string, options?: CommandOptions) => command(id, 'pause', {}, options),
    cancel: (id: string, reason: string, options?: CommandOptions) =>
      command(id, 'cancellation', { reason }, options),
    close: (id: string, options?: CommandOptions) => command(id, 'closure', {}, options),
  };
}

export function batchResource(transport: Transport) {
  const list = <T>(of: string, query?: object): Promise<Page<T>> => transport.get<Page<T>>(of, { ...query });
  const download = async (to: Writable, call: Parameters<Transport['stream']>[0]): Promise<void> =>
    pipeline(await transport.stream(call), to);
  return {
    ...batchCommands(transport),

    get: (id: string) => transport.get<Batch>(path`batches/${id}`),
    /** What became of the lines since the cursor `after`, up to 5,000 a page. */
    outcomes: (id: string, query?: PageQuery) =>
      transport.get<OutcomePage>(path`batches/${id}/outcomes`, { ...query }),
    list: (query?: PageQuery & { state?: BatchState; code?: string }) => list<Batch>('batches', query),

    /** The batch each time it moves, by server-sent events; opens the stream again when it drops. */
    watch: (id: string, signal?: AbortSignal) => watchBatch(transport, id, signal),

    findings: (id: string, query?: PageQuery & { code?: string; severity?: Severity }) =>
      list<Finding>(path`batches/${id}/findings`, query),
    /**
     * The list again with a column of remarks, as CSV or XLSX; `flawed` leaves out the lines without a finding. Numbers of
     * people are masked unless a purpose is stated.
     */
    downloadFindings: (
      id: string,
      { type, rows, purpose }: { type: ListType; rows: 'all' | 'flawed'; purpose?: AccessPurpose },
      to: Writable,
    ) =>
      download(to, {
        path: path`batches/${id}/findings`,
        accept: type,
        purpose,
        query: { rows: rows === 'flawed' ? rows : undefined },
      }),
    waivers: (id: string) => transport.get<List<Waiver>>(path`batches/${id}/waivers`),

    messages: (id: string) => transport.get<List<Message>>(path`batches/${id}/messages`),
    /** One bank file, byte for byte as it was or will be sent, with whole accounts. */
    downloadMessage: (id: string, number: number, purpose: AccessPurpose, to: Writable) =>
      download(to, { path: path`batches/${id}/messages/${number}`, accept: 'application/xml', purpose }),
    /** Who is behind one row of the list; masked unless a purpose is stated. */
    payee: (id: string, row: number, purpose?: AccessPurpose) =>
      transport.json<Payee>({ method: 'GET', path: path`batches/${id}/payments/${row}/payee`, purpose }),

    cashLists: (id: string, query?: PageQuery & { state?: CashListState }) =>
      list<CashList>(path`batches/${id}/cash-lists`, query),
    /** One list, to print or to fill in. Numbers of people are masked unless a purpose is stated. */
    downloadCashList: (
      id: string,
      number: number,
      { format, purpose }: { format: CashListFormat; purpose?: AccessPurpose },
      to: Writable,
    ) =>
      download(to, {
        path: path`batches/${id}/cash-lists/${number}`,
        accept: cashListTypes[format],
        purpose,
      }),

    payments: (id: string, query?: PageQuery & { state?: PaymentState }) =>
      list<BatchPayment>(path`batches/${id}/payments`, query),
    /** All payments of a batch, in flat memory. */
    streamPayments: async function* (id: string) {
      yield* parseNdjson<BatchPayment>(
        await transport.stream({ path: path`batches/${id}/payments`, accept: 'application/x-ndjson' }),
      );
    },

    returned: (id: string, query?: PageQuery & { state?: ReturnedState }) =>
      list<ReturnedLine>(path`batches/${id}/returned`, query),
    /** The same to be filled in and sent to `followUp`: the open ones, as CSV or XLSX. */
    downloadReturned: (id: string, type: ListType, to: Writable) =>
      download(to, { path: path`batches/${id}/returned`, accept: type }),

    drawSample: (id: string, sample: NewSample, options?: CommandOptions) =>
      transport.post<Sample>(path`batches/${id}/samples`, sample, options),
    /** Newest first. */
    samples: (id: string) => transport.get<List<Sample>>(path`batches/${id}/samples`),

    reconciliation: (id: string) => transport.get<Reconciliation>(path`batches/${id}/reconciliation`),
    exceptions: (id: string, query?: PageQuery) =>
      list<PaymentException>(path`batches/${id}/exceptions`, query),
  };
}
