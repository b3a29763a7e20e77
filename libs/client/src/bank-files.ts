import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ListType, Page, PageQuery } from './shapes.js';
import { type CommandOptions, path, type Transport, type Upload } from './transport.js';

export type BankFileKind = 'repayments' | 'balances';

/** What became of rows of a file: `booked`, `known`, `agrees`, or why not. */
export interface BankFileOutcome {
  outcome: string;
  rows: number;
  amount: string;
}

/** A file of the bank: what it received, or what it has. Amounts are whole đồng. */
export interface BankFile {
  id: string;
  kind: BankFileKind;
  asOf: string | null;
  rows: number;
  blocked: number;
  foreseen: BankFileOutcome[];
  applied: number;
  outcomes: BankFileOutcome[];
  missing: number;
  ourPrincipal: string | null;
  isFinished: boolean;
  agrees: boolean | null;
}

/** What the bank has that is not as ours is. */
export interface BankException {
  id: string;
  code: string;
  message: string;
  loanCode: string;
  expected: string | null;
  observed: string | null;
  on: string;
  reference: string;
  state: 'open' | 'resolved';
  owner: string | null;
}

/** Files of the bank and the exceptions that come of them. */
export function bankResource(transport: Transport) {
  return {
    files: {
      /** Takes a file in and looks at it; no loan changes by that. One that was brought before is answered as it is. */
      bring: (
        { kind, asOf }: { kind: BankFileKind; asOf?: string },
        { idempotencyKey, signal, ...upload }: Upload & { type: ListType },
      ) =>
        transport.json<BankFile>({
          method: 'POST',
          path: 'bank-files',
          query: { kind, asOf },
          upload,
          idempotencyKey,
          signal,
        }),
      get: (id: string) => transport.get<BankFile>(path`bank-files/${id}`),
      /** Takes up the next rows; to be called until it is finished. */
      apply: (id: string, options?: CommandOptions) =>
        transport.post<BankFile>(path`bank-files/${id}/chunks`, {}, options),
      /** The file with its remarks. */
      downloadList: async (
        id: string,
        { type, rows }: { type: ListType; rows: 'all' | 'flawed' },
        to: Writable,
      ): Promise<void> =>
        pipeline(
          await transport.stream({ path: path`bank-files/${id}/list`, query: { rows }, accept: type }),
          to,
        ),
    },
    exceptions: {
      /** What waits longest is on top. */
      list: (query?: PageQuery & { state?: string; fileId?: string }) =>
        transport.get<Page<BankException>>('bank-exceptions', { ...query }),
      assign: (id: string, owner: string, options?: CommandOptions) =>
        transport.post<BankException>(path`bank-exceptions/${id}/assignment`, { owner }, options),
      resolve: (
        id: string,
        input: { action: 'book' | 'bankCorrects' | 'noAction'; loanId?: string; on?: string; note: string },
        options?: CommandOptions,
      ) => transport.post<BankException>(path`bank-exceptions/${id}/resolution`, input, options),
    },
  };
}
