import { asSystem, type Transaction } from '@ansinh/database';
import type { ApprovalView, BatchTotals, BatchView, ChunkCounts, FindingCount } from './batch.dto.js';
import { batchCode } from './batch-code.js';
import { postCash } from '../channel/post-cash.js';
import { resultsDueOn } from '../schedule/cycle.js';
import { type Batch } from './batch.entity.js';

interface ChunkRow {
  batch_number: string;
  payments: string;
  amount: string;
  paid_count: string;
  paid_amount: string;
  returned_count: string;
  returned_amount: string;
  refused_count: string;
  refused_amount: string;
  states: Record<string, number>;
}

/**
 * Batches as callers see them. Four queries, however many batches: a page costs what one batch costs. As the system: whoever has
 * found a batch sees what is counted of it, and a policy that is asked for each of ten million findings takes ten minutes.
 */
export async function viewBatches(tx: Transaction, batches: Batch[]): Promise<BatchView[]> {
  const numbers = batches.map(({ number }) => number);
  const { findings, approvals, chunks, exceptions } = await asSystem(tx, async () => ({
    findings: await findingCounts(tx, numbers),
    approvals: await approvalsOf(tx, numbers),
    chunks: await chunkRows(tx, numbers),
    exceptions: await openExceptions(tx, numbers),
  }));
  return batches.map((batch) => ({
    id: batch.id,
    code: batchCode(batch.number),
    fundId: batch.fundId,
    programmeCode: batch.programmeCode,
    purpose: batch.purpose,
    period: batch.period,
    channel: batch.channel,
    officeCode: batch.officeCode,
    state: batch.state,
    onBlocking: batch.onBlocking,
    rows: batch.rows,
    kept: batch.rows - batch.setAside,
    setAside: batch.setAside,
    amount: batch.keptAmount.toString(),
    listDigest: batch.listDigest,
    digest: batch.digest,
    findings: findings.get(batch.number) ?? {},
    requiredApprovals: batch.requiredApprovals,
    approvals: approvals.get(`${batch.number}/${batch.submissionNumber}`) ?? [],
    createdBy: batch.createdBy,
    createdAt: batch.createdAt.toISOString(),
    submittedBy: batch.submittedBy,
    followUpOf: batch.followUpOf === null ? null : batchCode(batch.followUpOf),
    resultsDueOn: batch.channel === postCash ? resultsDueOn(batch.period) : null,
    chunks: chunkCounts(chunks.get(batch.number)),
    // Nothing of a cancelled batch is approved any more: its payments stand only as what once was.
    totals: totalsOf(batch.state === 'cancelled' ? undefined : chunks.get(batch.number)),
    openExceptions: exceptions.get(batch.number) ?? 0,
  }));
}

export async function viewBatch(tx: Transaction, batch: Batch): Promise<BatchView> {
  const [view] = await viewBatches(tx, [batch]);
  return view!;
}

async function findingCounts(
  tx: Transaction,
  numbers: string[],
): Promise<Map<string, Record<string, FindingCount>>> {
  const rows = (await tx.query(
    `SELECT batch_number, code, count(*) FILTER (WHERE severity = 'block')::int AS block,
            count(*) FILTER (WHERE severity = 'warn')::int AS warn, count(waiver_id)::int AS waived
     FROM finding WHERE batch_number = ANY($1::bigint[]) GROUP BY batch_number, code ORDER BY code`,
    [numbers],
  )) as (FindingCount & { batch_number: string; code: string })[];
  const counts = new Map<string, Record<string, FindingCount>>();
  for (const { batch_number, code, block, warn, waived } of rows) {
    const ofBatch = counts.get(batch_number) ?? {};
    ofBatch[code] = { block, warn, waived };
    counts.set(batch_number, ofBatch);
  }
  return counts;
}

async function approvalsOf(tx: Transaction, numbers: string[]): Promise<Map<string, ApprovalView[]>> {
  const rows = (await tx.query(
    `SELECT batch_number || '/' || submission_number AS submission, actor_id, actor_name, at
     FROM decision WHERE batch_number = ANY($1::bigint[]) AND verdict = 'approved' ORDER BY at`,
    [numbers],
  )) as { submission: string; actor_id: string; actor_name: string; at: Date }[];
  const approvals = Map.groupBy(rows, ({ submission }) => submission);
  return new Map(
    [...approvals].map(([submission, given]) => [
      submission,
      given.map((row) => ({ by: row.actor_id, name: row.actor_name, at: row.at.toISOString() })),
    ]),
  );
}

async function chunkRows(tx: Transaction, numbers: string[]): Promise<Map<string, ChunkRow>> {
  const rows = (await tx.query(
    `SELECT batch_number, sum(payments) AS payments, sum(amount) AS amount,
            sum(paid_count) AS paid_count, sum(paid_amount) AS paid_amount,
            sum(returned_count) AS returned_count, sum(returned_amount) AS returned_amount,
            sum(refused_count) AS refused_count, sum(refused_amount) AS refused_amount,
            jsonb_build_object('total', count(*), 'pending', count(*) FILTER (WHERE state = 'pending'),
              'sending', count(*) FILTER (WHERE state = 'sending'), 'unknown', count(*) FILTER (WHERE state = 'unknown'),
              'accepted', count(*) FILTER (WHERE state = 'accepted'), 'refused', count(*) FILTER (WHERE state = 'refused'),
              'dead', count(*) FILTER (WHERE state = 'dead')) AS states
     FROM chunk WHERE batch_number = ANY($1::bigint[]) GROUP BY batch_number`,
    [numbers],
  )) as ChunkRow[];
  return new Map(rows.map((row) => [row.batch_number, row]));
}

async function openExceptions(tx: Transaction, numbers: string[]): Promise<Map<string, number>> {
  const rows = (await tx.query(
    `SELECT batch_number, count(*)::int AS open FROM payment_exception
     WHERE batch_number = ANY($1::bigint[]) AND state = 'open' GROUP BY batch_number`,
    [numbers],
  )) as { batch_number: string; open: number }[];
  return new Map(rows.map(({ batch_number, open }) => [batch_number, open]));
}

function chunkCounts(row: ChunkRow | undefined): ChunkCounts {
  const none = { total: 0, pending: 0, sending: 0, accepted: 0, refused: 0, unknown: 0, dead: 0 };
  return { ...none, ...row?.states };
}

/** What is not paid, returned or refused is in flight: no line can fall between. */
function totalsOf(row: ChunkRow | undefined): BatchTotals {
  const of = (count = '0', amount = '0') => ({ count: Number(count), amount });
  const [approved, paid] = [of(row?.payments, row?.amount), of(row?.paid_count, row?.paid_amount)];
  const [returned, refused] = [
    of(row?.returned_count, row?.returned_amount),
    of(row?.refused_count, row?.refused_amount),
  ];
  const inFlight = {
    count: approved.count - paid.count - returned.count - refused.count,
    amount: (
      BigInt(approved.amount) -
      BigInt(paid.amount) -
      BigInt(returned.amount) -
      BigInt(refused.amount)
    ).toString(),
  };
  return { approved, paid, returned, refused, inFlight };
}
