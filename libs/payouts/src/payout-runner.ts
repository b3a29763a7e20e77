import { Readable } from 'node:stream';
import { Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import {
  type Batch,
  type BatchState,
  type Client,
  type ClientCredentials,
  createClient,
  type OutcomePage,
  ProblemError,
  ServiceToken,
} from '@ansinh/client';
import { inTransaction, type Transaction } from '@ansinh/database';
import type { Sealer } from '@ansinh/sealing';
import { repeat } from '@ansinh/service';
import { startTrace } from '@ansinh/telemetry';
import type { Payout, PayoutOutcome, PayoutProblem, PayoutState } from './payout.js';
import { dropList, listOf } from './payout-list.js';
import { claimPayout, nextPayoutInMs } from './payout-rows.js';

/** How often a payout is looked at. Milliseconds. */
export interface PayoutPaces {
  /** Until every line has its outcome. */
  open: number;
  /** So long does it rest at the most: what others froze or hurried tells nobody of itself, and who froze it waits. */
  idle: number;
  /** While the disbursements check the list, which takes them some seconds at the most. */
  checking: number;
  /** After that: a return may come for months. */
  settled: number;
  /** After a refusal, whose reason somebody has to see to. */
  refused: number;
  /** So long does a step take at the most before another process takes it up; a list that is sent renews it. */
  lease: number;
}

const usualPaces: PayoutPaces = {
  open: 2_000,
  idle: 250,
  checking: 100,
  settled: 3_600_000,
  refused: 60_000,
  lease: 120_000,
};

export interface PayoutOptions {
  dataSource: DataSource;
  /** That of the service: the one which `freezePayout` was given. */
  sealer: Sealer;
  /** Root of the disbursements. */
  url: string;
  /** The service itself: `batch:read`, `batch:write`, `batch:submit` and `payment:read`, over all places that it pays in. */
  access: ClientCredentials;
  /**
   * Takes up to 5,000 outcomes into the tables of the service, by statements for all of them, in the transaction that notes how far
   * they were read: each is taken once. Runs as the system, and holds nothing but SQL.
   */
  applyOutcomes: (tx: Transaction, payout: Payout, outcomes: readonly PayoutOutcome[]) => Promise<void>;
  paces?: Partial<PayoutPaces>;
}

const outcomesPerPage = 5_000;

/** Of a batch that people may still approve. */
const beforeApproval = new Set<BatchState>(['draft', 'checking', 'checked', 'submitted', 'rejected']);
/** Of a batch from which nothing was sent: it can be taken back, or soon. */
const cancellable = new Set<BatchState>([...beforeApproval, 'approved']);
const everyLineTold = new Set<BatchState>(['reconciled', 'closed']);

/**
 * Carries payouts on, step by step: opens the batch, sends the list, submits it, follows what becomes of its lines. People approve
 * and send it, in the disbursements. A step is one request and one transaction behind it, and may come twice: commands carry a key
 * made of the payout's id, a list is known by its digest, outcomes by their cursor. So whoever dies between any two of them is
 * followed by another, who does the same again.
 */
export class PayoutRunner implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('payouts');
  private readonly stopping = new AbortController();
  private readonly client: Client;
  private readonly paces: PayoutPaces;
  private loop: Promise<void> | undefined;
  private isAway = false;
  private restMs: number;

  constructor(private readonly options: PayoutOptions) {
    this.paces = { ...usualPaces, ...options.paces };
    this.restMs = this.paces.idle;
    const token = new ServiceToken(options.access);
    // What does not go through is tried again by the next look: a step must not outlive its lease by retries.
    const retriesMax = 0;
    this.client = createClient({ baseUrl: options.url, ...token.options(), retriesMax });
  }

  onApplicationBootstrap(): void {
    const { signal } = this.stopping;
    const pauseMs = () => this.restMs;
    this.loop = repeat({ pauseMs, signal, logger: this.logger }, async () => {
      this.restMs = await this.run();
    });
  }

  async onModuleDestroy(): Promise<void> {
    this.stopping.abort();
    await this.loop;
  }

  /** Does whatever is due. @returns for how many milliseconds it may rest: until the next is due */
  async run(): Promise<number> {
    let dueInMs: number | null = null;
    while (!this.stopping.signal.aborted) {
      const payout = await this.write(async (tx) => {
        const claimed = await claimPayout(tx, this.paces.lease);
        if (!claimed) dueInMs = await nextPayoutInMs(tx);
        return claimed;
      });
      if (!payout) break;
      await startTrace(`payout ${payout.state}`, {}, () => this.tryStep(payout));
    }
    // One that is due already is in the hands of another process.
    return Math.min(this.paces.idle, Math.max(this.paces.checking, dueInMs ?? Infinity));
  }

  private async tryStep(payout: Payout): Promise<void> {
    try {
      if (payout.withdrawal !== null && payout.state !== 'settled' && (await this.withdraw(payout))) return;
      await this.steps[payout.state](payout);
      if (this.isAway) this.logger.log('the disbursements are reached again');
      this.isAway = false;
    } catch (error) {
      await this.putOff(payout, error);
    }
  }

  private readonly steps: Record<PayoutState, (payout: Payout) => Promise<void>> = {
    frozen: (payout) => this.open(payout),
    opened: (payout) => this.sendList(payout),
    listed: (payout) => this.submit(payout),
    submitted: (payout) => this.follow(payout),
    paying: (payout) => this.follow(payout),
    settled: (payout) => this.follow(payout),
    cancelled: (payout) => this.lookAgain(payout, Infinity),
  };

  private async open(payout: Payout): Promise<void> {
    const { id, fundId, programmeCode, purpose, period, channel, decidedBy } = payout;
    const draft = { fundId, programmeCode, purpose, period, channel, makers: [decidedBy] };
    const batch = await this.client.batches.create(draft, { idempotencyKey: `payout-${id}` });
    await this.write((tx) => this.move(tx, payout, 'opened', { id: batch.id, code: batch.code }));
  }

  private async sendList(payout: Payout): Promise<void> {
    const batch = await this.client.batches.get(payout.batchId!);
    if (batch.listDigest !== payout.listDigest) {
      if (batch.state === 'cancelled') return this.follow(payout);
      // A list is being taken in: of one of us who died meanwhile.
      if (batch.state === 'checking') return this.lookAgain(payout, this.paces.open);
      if (batch.state !== 'draft') requireOwnList(payout, batch);
      const renew = (tx: Transaction) => this.putOffBy(tx, payout, this.paces.lease);
      const open = () =>
        Readable.from(listOf(this.options.dataSource, this.options.sealer, payout.id, renew), {
          objectMode: false,
        });
      const { signal } = this.stopping;
      const type = 'application/x-ndjson';
      const listed = await this.client.batches.importPayments(batch.id, {
        ...{ open, type, signal },
        onBlocking: 'setAside',
      });
      requireOwnList(payout, listed);
    }
    await this.write((tx) => this.move(tx, payout, 'listed'));
  }

  private async submit(payout: Payout): Promise<void> {
    const batch = await this.client.batches.get(payout.batchId!);
    if (batch.state === 'cancelled') return this.follow(payout);
    requireOwnList(payout, batch);
    if (batch.state === 'checking') return this.lookAgain(payout, this.paces.checking);
    if (batch.state === 'checked') {
      // What stopped it may have gone, a fund may have got its money: only a new check knows.
      if (payout.problem?.code === 'BLOCKING_FINDINGS') return this.checkAgain(payout, batch);
      if (batch.kept === 0) return this.takeBack(payout, batch);
      await this.client.batches.submit(batch.id, { idempotencyKey: `payout-${payout.id}-submission` });
    }
    await this.write((tx) => this.move(tx, payout, 'submitted'));
  }

  private async checkAgain(payout: Payout, batch: Batch): Promise<void> {
    await this.client.batches.check(batch.id);
    await this.lookAgain(payout, this.paces.open);
  }

  /** Nothing is left to be paid: as outcomes the lines come back with their findings. */
  private async takeBack(payout: Payout, batch: Batch): Promise<void> {
    const reason = 'Mọi dòng đều bị tách ra, không còn khoản nào để chi';
    await this.client.batches.cancel(batch.id, reason, { idempotencyKey: `payout-${payout.id}-empty` });
    await this.follow(payout);
  }

  /** @returns whether the step is done by it */
  private async withdraw(payout: Payout): Promise<boolean> {
    if (payout.batchId === null) {
      await this.withdrawUnopened(payout);
      return true;
    }
    const { state } = await this.client.batches.get(payout.batchId);
    if (!cancellable.has(state)) return false;
    const options = { idempotencyKey: `payout-${payout.id}-withdrawal` };
    await this.client.batches.cancel(payout.batchId, payout.withdrawal!, options);
    return false;
  }

  /** Its batch may be there, though nobody heard the answer: it is found by its key, and taken back by the next step. */
  private async withdrawUnopened(payout: Payout): Promise<void> {
    try {
      await this.open(payout);
    } catch (error) {
      if (!(error instanceof ProblemError && neverOpened.has(error.problem.code ?? ''))) throw error;
      await this.write(async (tx) => {
        for (const outcomes of allCancelled(payout.rows))
          await this.options.applyOutcomes(tx, payout, outcomes);
        await this.move(tx, payout, 'cancelled');
        await this.putOffBy(tx, payout, Infinity);
        await dropList(tx, payout.id);
      });
    }
  }

  /** Takes in what became known of its lines, page by page. */
  private async follow(payout: Payout): Promise<void> {
    let state = payout.state;
    for (let isLast = false; !isLast && !this.stopping.signal.aborted;) {
      const cursor = await this.cursorOf(payout);
      const after = cursor ?? undefined;
      const page = await this.client.batches.outcomes(payout.batchId!, { limit: outcomesPerPage, after });
      if (page.batchState === 'rejected') throw rejected();
      if (!beforeApproval.has(page.batchState) && page.batchState !== 'cancelled')
        requireOwnList(payout, page);
      isLast = page.isLast;
      const next = await this.write((tx) => this.take(tx, { ...payout, state }, cursor, page));
      // Another process is at it.
      if (next === null) return;
      state = next;
    }
    const pace = { settled: this.paces.settled, cancelled: Infinity }[state as string] ?? this.paces.open;
    await this.lookAgain(payout, pace);
  }

  /** Outcomes, the cursor behind them and what follows for the payout. @returns its state, or null where the cursor has moved */
  private async take(
    tx: Transaction,
    payout: Payout,
    cursor: string | null,
    page: OutcomePage,
  ): Promise<PayoutState | null> {
    const [moved] = (await tx.query(
      `UPDATE payout SET cursor = $3, problem = NULL, due_at = clock_timestamp() + $4 * interval '1 ms'
       WHERE id = $1 AND cursor IS NOT DISTINCT FROM $2 RETURNING id`,
      [payout.id, cursor, page.next, this.paces.lease],
    )) as [object[], number];
    if (moved.length === 0) return null;
    if (page.items.length > 0)
      await this.options.applyOutcomes(
        tx,
        payout,
        page.items.map(({ amount, ...outcome }) => ({
          ...outcome,
          amount: amount === null ? null : BigInt(amount),
        })),
      );
    let { state } = payout;
    for (const to of wayTo(state, page)) {
      await this.move(tx, { ...payout, state }, to);
      state = to;
    }
    // The list is that of the batch for good, or of nothing any more.
    if (state !== payout.state) await dropList(tx, payout.id);
    return state;
  }

  private async cursorOf({ id }: Payout): Promise<string | null> {
    const rows = await this.write((tx) => tx.query('SELECT cursor FROM payout WHERE id = $1', [id]));
    return (rows as { cursor: string | null }[])[0]!.cursor;
  }

  /** Along the table, and looked at again at once. A process that was slower moves nothing. */
  private async move(
    tx: Transaction,
    { id, state }: Payout,
    to: PayoutState,
    batch?: { id: string; code: string },
  ): Promise<void> {
    await tx.query(
      `UPDATE payout SET state = $3, problem = NULL, due_at = clock_timestamp(),
              batch_id = coalesce(batch_id, $4), batch_code = coalesce(batch_code, $5)
       WHERE id = $1 AND state = $2`,
      [id, state, to, batch?.id ?? null, batch?.code ?? null],
    );
  }

  private async lookAgain(payout: Payout, inMs: number): Promise<void> {
    await this.write(async (tx) => {
      await tx.query('UPDATE payout SET problem = NULL WHERE id = $1', [payout.id]);
      await this.putOffBy(tx, payout, inMs);
    });
  }

  private async putOffBy(tx: Transaction, { id }: Payout, inMs: number): Promise<void> {
    await tx.query(
      `UPDATE payout SET due_at = CASE WHEN $2::float8 = 'infinity' THEN 'infinity'
                                       ELSE clock_timestamp() + $2 * interval '1 ms' END WHERE id = $1`,
      [id, inMs === Infinity ? 'infinity' : inMs],
    );
  }

  /** A refusal stays with the payout, for whoever has to see to it; anything else is tried again soon, and told once. */
  private async putOff(payout: Payout, error: unknown): Promise<void> {
    const problem = problemOf(error);
    const told = { err: error, payout: payout.id };
    if (problem) this.logger.warn(told, `payout refused: ${problem.code}`);
    else if (!this.isAway && !this.stopping.signal.aborted)
      this.logger.warn(told, 'the payout does not go on; tried again until it does');
    if (!problem) this.isAway = true;
    await this.write(async (tx) => {
      await tx.query('UPDATE payout SET problem = $2 WHERE id = $1', [payout.id, problem]);
      await this.putOffBy(tx, payout, problem ? this.paces.refused : this.paces.open);
    });
  }

  private write<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return inTransaction(this.options.dataSource, 'system', work);
  }
}

/** Refusals by which there is no batch: were there one, the key of the command would have given it. */
const neverOpened = new Set([
  'FUND_NOT_FOUND',
  'PROGRAMME_NOT_FUNDED',
  'CHANNEL_MISMATCH',
  'INVALID_REQUEST',
]);
/** Another process, or the check, was quicker: the next look finds what it did. */
const passing = new Set(['BATCH_STATE', 'COMMAND_STILL_RUNNING']);

/** What somebody has to see to; null for what goes by itself. */
function problemOf(error: unknown): PayoutProblem | null {
  if (!(error instanceof ProblemError)) return null;
  const { status, code = '', title, detail } = error.problem;
  return status >= 500 || status === 429 || passing.has(code) ? null : { code, title, detail };
}

function* allCancelled(rows: number): Generator<PayoutOutcome[]> {
  const outcome = { status: 'cancelled', amount: null, bookedOn: null, reason: null, findings: [] } as const;
  for (let first = 1; first <= rows; first += outcomesPerPage) {
    const count = Math.min(outcomesPerPage, rows - first + 1);
    yield Array.from({ length: count }, (_, index) => ({ ...outcome, row: first + index, findings: [] }));
  }
}

/** The states that a payout comes through by what the page says of its batch. */
function wayTo(from: PayoutState, { batchState, isLast }: OutcomePage): PayoutState[] {
  if (from === 'cancelled' || from === 'settled') return [];
  if (batchState === 'cancelled') return isLast ? ['cancelled'] : [];
  if (beforeApproval.has(batchState)) return [];
  const approved: PayoutState[] = from === 'submitted' ? ['paying'] : [];
  return everyLineTold.has(batchState) && isLast ? [...approved, 'settled'] : approved;
}

/** What is paid by another list was not decided here: it is neither submitted nor taken for the outcome of our rows. */
function requireOwnList(payout: Payout, { listDigest }: { listDigest: string | null }): void {
  if (listDigest === payout.listDigest) return;
  throw refusedBy('LIST_CHANGED', 'Danh sách của lô không phải danh sách đã quyết định');
}

const rejected = () => refusedBy('BATCH_REJECTED', 'Người duyệt đã trả lại lô');

const refusedBy = (code: string, title: string) =>
  new ProblemError({ type: 'about:blank', status: 409, code, title });
