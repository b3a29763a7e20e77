import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, In } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { Change } from '@ansinh/audit';
import { type Actor, scopeOf } from '@ansinh/auth';
import {
  canGo,
  inTransaction,
  limitStatement,
  type Page,
  pageOf,
  readCursor,
  type Transaction,
} from '@ansinh/database';
import { type PageOf, pagesByParent } from '@ansinh/graphql';
import { type Command, Commands } from '@ansinh/idempotency';
import { ProblemError } from '@ansinh/problem';
import { digestOf } from '../audit/record-digest.js';
import { releaseAll } from '../follow-up/follow-up-lines.js';
import type { Fund } from '../fund/fund.entity.js';
import { findFund } from '../fund/fund.service.js';
import { lockFund, move, post } from '../fund/ledger.js';
import { viewBatch, viewBatches } from './batch-view.js';
import type { BatchQuery, BatchView, CreateBatch } from './batch.dto.js';
import { batchCode, batchNumberOf } from './batch-code.js';
import { Batch } from './batch.entity.js';
import { batchProblems, wrongState } from './batch.problems.js';
import { type BatchState, batchStates, batchTransitions } from './batch.states.js';

@Injectable()
export class BatchService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly commands: Commands,
  ) {}

  /** @throws ProblemError FUND_NOT_FOUND, PROGRAMME_NOT_FUNDED, CHANNEL_MISMATCH */
  async create(input: CreateBatch, command: Command): Promise<BatchView> {
    return this.commands.run(command, 'batch.create', async (tx) => {
      await findFundFor(tx, input);
      const { makers = [], ...draft } = input;
      const batch = await insertBatch(
        tx,
        { ...draft, officeCode: command.actor.office },
        command.actor.id,
        makers,
      );
      const after = await digestOf(tx, 'batch', batch.id);
      return { result: await viewBatch(tx, batch), subject: subjectOf(batch), before: null, after };
    });
  }

  async get(id: string, actor: Actor): Promise<BatchView> {
    return inTransaction(this.dataSource, scopeOf(actor), async (tx) =>
      viewBatch(tx, await findBatch(tx, id)),
    );
  }

  /** Newest first. */
  async list(actor: Actor, query: BatchQuery): Promise<Page<BatchView>> {
    const after = readCursor(query.after, 'number')?.[0];
    return inTransaction(this.dataSource, scopeOf(actor), async (tx) => {
      const select = tx
        .createQueryBuilder(Batch, 'batch')
        .orderBy('batch.number', 'DESC')
        .limit(query.limit + 1);
      if (after !== undefined) select.andWhere('batch.number < :after', { after });
      if (query.state !== undefined) select.andWhere('batch.state = :state', { state: query.state });
      if (query.code !== undefined)
        select.andWhere('batch.number = :number', { number: query.code.slice('LO-'.length) });
      const page = pageOf(await select.getMany(), query.limit, (batch) => [batch.number]);
      return { items: await viewBatches(tx, page.items), next: page.next };
    });
  }

  /** The batches of these ids that the caller may see. */
  async byIds(ids: readonly string[], actor: Actor): Promise<Map<string, BatchView>> {
    return inTransaction(this.dataSource, scopeOf(actor), (tx) => viewsByIds(tx, ids));
  }

  /** A page of the batches of each fund, newest first. */
  async ofFunds(
    fundIds: string[],
    query: PageOf<BatchQuery>,
    actor: Actor,
  ): Promise<Map<string, Page<BatchView>>> {
    const after = readCursor(query.after, 'number')?.[0] ?? null;
    const found = await inTransaction(this.dataSource, scopeOf(actor), async (tx) => {
      const rows = (await tx.query(
        `SELECT asked.fund_id AS parent_id, page.id FROM unnest($1::uuid[]) AS asked (fund_id)
         LEFT JOIN LATERAL (
           SELECT id, number FROM batch
           WHERE batch.fund_id = asked.fund_id AND ($2::text IS NULL OR state = $2)
             AND ($3::bigint IS NULL OR number < $3)
           ORDER BY number DESC LIMIT $4) page ON true
         ORDER BY page.number DESC`,
        [fundIds, query.state ?? null, after, query.limit + 1],
      )) as { parent_id: string; id: string | null }[];
      const views = await viewsByIds(
        tx,
        rows.flatMap(({ id }) => id ?? []),
      );
      return rows.map(({ parent_id, id }) => ({
        parentId: parent_id,
        child: id === null ? undefined : views.get(id),
      }));
    });
    return pagesByParent(found, query.limit, (view) => [batchNumberOf(view.code)]);
  }

  /** Takes a batch back before anything was sent; an approved one gives its reservation and its obligations back. */
  async cancel(id: string, reason: string, command: Command): Promise<BatchView> {
    return this.commands.run(command, 'batch.cancel', async (tx) => {
      const batch = await lockBatch(tx, id);
      const wasApproved = batch.state === 'approved';
      await moveBatch(tx, batch, 'cancelled');
      if (batch.followUpOf !== null) await releaseAll(tx, batch.number);
      if (wasApproved) {
        await limitStatement(tx, 300);
        await lockFund(tx, batch.fundId);
        await post(tx, {
          fundId: batch.fundId,
          kind: 'release',
          reference: `${batchCode(batch.number)}/cancellation`,
          batchNumber: batch.number,
          postings: move('reserved', 'available', batch.keptAmount),
        });
        await tx.query('UPDATE payment SET released = true WHERE batch_number = $1', [batch.number]);
      }
      return { result: await viewBatch(tx, batch), ...(await changeOf(tx, batch)), facts: { reason } };
    });
  }

  /**
   * Nothing is open any more: every line is paid, returned or refused, and every exception resolved, also those that came
   * after the reconciliation.
   * @throws ProblemError BATCH_STATE, OPEN_EXCEPTIONS
   */
  async close(id: string, command: Command): Promise<BatchView> {
    return this.commands.run(command, 'batch.close', async (tx) => {
      const batch = await lockBatch(tx, id);
      await moveBatch(tx, batch, 'closed');
      const [open] = (await tx.query(
        `SELECT FROM payment_exception WHERE batch_number = $1 AND state = 'open' LIMIT 1`,
        [batch.number],
      )) as object[];
      if (open) throw new ProblemError(batchProblems.openExceptions);
      return { result: await viewBatch(tx, batch), ...(await changeOf(tx, batch)) };
    });
  }
}

/**
 * The fund of a batch to be, or of a schedule of batches. Without a channel that of the fund is meant.
 * @throws ProblemError FUND_NOT_FOUND, PROGRAMME_NOT_FUNDED, CHANNEL_MISMATCH
 */
export async function findFundFor(
  tx: Transaction,
  { fundId, programmeCode, channel }: Pick<CreateBatch, 'fundId' | 'programmeCode'> & { channel?: string },
): Promise<Fund> {
  const fund = await findFund(tx, fundId);
  if (!fund.programmeCodes.includes(programmeCode)) {
    throw new ProblemError(batchProblems.programmeNotFunded, {
      detail: {
        vi: `Nguồn «${fund.code}» chi cho: ${fund.programmeCodes.join(', ')}.`,
        en: `The fund "${fund.code}" pays for: ${fund.programmeCodes.join(', ')}.`,
      },
    });
  }
  if (channel !== undefined && fund.channel !== channel)
    throw new ProblemError(batchProblems.channelMismatch);
  return fund;
}

type NewBatch = Pick<Batch, 'fundId' | 'programmeCode' | 'purpose' | 'period' | 'channel' | 'officeCode'> &
  Partial<Pick<Batch, 'followUpOf'>>;

/** A draft of somebody's, who is its first maker; others may have had a hand in what it will pay. */
export async function insertBatch(
  tx: Transaction,
  batch: NewBatch,
  createdBy: string,
  otherMakers: readonly string[] = [],
): Promise<Batch> {
  const id = uuidv7();
  await tx.insert(Batch, { ...batch, id, createdBy, makers: [...new Set([createdBy, ...otherMakers])] });
  return tx.findOneByOrFail(Batch, { id });
}

export function subjectOf(batch: Batch): string {
  return `batch/${batchCode(batch.number)}`;
}

/** @throws ProblemError BATCH_NOT_FOUND, also for a batch of another office */
export async function findBatch(tx: Transaction, id: string): Promise<Batch> {
  const batch = await tx.findOneBy(Batch, { id });
  if (!batch) throw new ProblemError(batchProblems.notFound);
  return batch;
}

async function viewsByIds(tx: Transaction, ids: readonly string[]): Promise<Map<string, BatchView>> {
  const views = await viewBatches(tx, await tx.findBy(Batch, { id: In([...ids]) }));
  return new Map(views.map((view) => [view.id, view]));
}

/** A batch that nobody else changes until the commit, and what it was when it was locked. */
export type LockedBatch = Batch & { before: string | null };

/** Takes the batch's row lock: commands on one batch go one after the other. */
export async function lockBatch(tx: Transaction, id: string): Promise<LockedBatch> {
  await tx.query('SELECT FROM batch WHERE id = $1 FOR NO KEY UPDATE', [id]);
  const batch = await findBatch(tx, id);
  return Object.assign(batch, { before: await digestOf(tx, 'batch', id) });
}

/** What the command did to the batch, for the audit log: asked for when all of it is done. */
export async function changeOf(tx: Transaction, batch: LockedBatch): Promise<Change> {
  return { subject: subjectOf(batch), before: batch.before, after: await digestOf(tx, 'batch', batch.id) };
}

/** Notes who had a hand in the batch: a maker may not approve it. */
export async function addMaker(tx: Transaction, batch: Batch, actor: Actor): Promise<void> {
  await tx.query(
    'UPDATE batch SET makers = array_append(makers, $2) WHERE id = $1 AND NOT $2 = ANY(makers)',
    [batch.id, actor.id],
  );
}

/** Moves a locked batch along the table. @throws ProblemError BATCH_STATE */
export async function moveBatch(tx: Transaction, batch: Batch, to: BatchState): Promise<void> {
  if (!canGo(batchTransitions, batch.state, to)) {
    throw wrongState(
      batch.state,
      batchStates.filter((from) => canGo(batchTransitions, from, to)),
    );
  }
  await tx.query('UPDATE batch SET state = $2 WHERE id = $1', [batch.id, to]);
  batch.state = to;
}
