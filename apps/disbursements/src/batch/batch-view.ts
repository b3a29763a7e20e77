import { asSystem, type Transaction } from '@ansinh/database';
import type { ApprovalView, BatchTotals, BatchView, ChunkCounts, FindingCount } from './batch.dto.js';
import { batchCode } from './batch-code.js';
import { postCash } from '../channel/post-cash.js';
import { resultsDueOn } from '../schedule/cycle.js';
import { type Batch } from './batch.entity.js';

interface ChunkSums {
  payments: string;
  amount: string;
  paidCount: string;
  paidAmount: string;
  returnedCount: string;
  returnedAmount: string;
  refusedCount: string;
  refusedAmount: string;
  states: ChunkCounts;
}

/** What is counted of a batch; null where there is nothing of the kind. */
interface Counted {
  number: string;
  findings: Record<string, FindingCount> | null;
  /** Of all its submissions. */
  approvals: (ApprovalView & { submission: number })[] | null;
  chunks: ChunkSums | null;
  openExceptions: number;
}

const counts = `
SELECT asked.number,
  (SELECT json_object_agg(code, json_build_object('block', block, 'warn', warn, 'waived', waived) ORDER BY code)
   FROM (SELECT code, count(*) FILTER (WHERE severity = 'block') AS block,
           count(*) FILTER (WHERE severity = 'warn') AS warn, count(waiver_id) AS waived
         FROM finding WHERE batch_number = asked.number GROUP BY code) by_code) AS findings,
  (SELECT json_agg(json_build_object('submission', submission_number, 'by', actor_id, 'name', actor_name, 'at', at) ORDER BY at)
   FROM decision WHERE batch_number = asked.number AND verdict = 'approved') AS approvals,
  (SELECT json_build_object('payments', sum(payments)::text, 'amount', sum(amount)::text,
     'paidCount', sum(paid_count)::text, 'paidAmount', sum(paid_amount)::text,
     'returnedCount', sum(returned_count)::text, 'returnedAmount', sum(returned_amount)::text,
     'refusedCount', sum(refused_count)::text, 'refusedAmount', sum(refused_amount)::text,
     'states', json_build_object('total', count(*), 'pending', count(*) FILTER (WHERE state = 'pending'),
       'sending', count(*) FILTER (WHERE state = 'sending'), 'accepted', count(*) FILTER (WHERE state = 'accepted'),
       'refused', count(*) FILTER (WHERE state = 'refused'), 'unknown', count(*) FILTER (WHERE state = 'unknown'),
       'dead', count(*) FILTER (WHERE state = 'dead')))
   FROM chunk WHERE batch_number = asked.number HAVING count(*) > 0) AS chunks,
  (SELECT count(*)::int FROM payment_exception
   WHERE batch_number = asked.number AND state = 'open') AS "openExceptions"
FROM unnest($1::bigint[]) AS asked (number)`;

/**
 * Batches as callers see them, by one statement, however many. As the system: whoever has found a batch sees what is counted of it, and
 * a policy that is asked for each of ten million findings takes ten minutes.
 */
export async function viewBatches(tx: Transaction, batches: Batch[]): Promise<BatchView[]> {
  const numbers = batches.map(({ number }) => number);
  const rows = (await asSystem(tx, () => tx.query(counts, [numbers]))) as Counted[];
  const counted = new Map(rows.map((row) => [row.number, row]));
  return batches.map((batch) => viewOf(batch, counted.get(batch.number)!));
}

export async function viewBatch(tx: Transaction, batch: Batch): Promise<BatchView> {
  const [view] = await viewBatches(tx, [batch]);
  return view!;
}

function viewOf(batch: Batch, { findings, approvals, chunks, openExceptions }: Counted): BatchView {
  const ofSubmission = approvals?.filter(({ submission }) => submission === batch.submissionNumber) ?? [];
  return {
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
    findings: findings ?? {},
    requiredApprovals: batch.requiredApprovals,
    approvals: ofSubmission.map(({ by, name, at }) => ({ by, name, at: new Date(at).toISOString() })),
    createdBy: batch.createdBy,
    createdAt: batch.createdAt.toISOString(),
    submittedBy: batch.submittedBy,
    followUpOf: batch.followUpOf === null ? null : batchCode(batch.followUpOf),
    resultsDueOn: batch.channel === postCash ? resultsDueOn(batch.period) : null,
    chunks: chunks?.states ?? noChunks,
    // Nothing of a cancelled batch is approved any more: its payments stand only as what once was.
    totals: totalsOf(batch.state === 'cancelled' ? null : chunks),
    openExceptions,
  };
}

const noChunks: ChunkCounts = {
  total: 0,
  pending: 0,
  sending: 0,
  accepted: 0,
  refused: 0,
  unknown: 0,
  dead: 0,
};

/** What is not paid, returned or refused is in flight: no line can fall between. */
function totalsOf(sums: ChunkSums | null): BatchTotals {
  const of = (count = '0', amount = '0') => ({ count: Number(count), amount });
  const approved = of(sums?.payments, sums?.amount);
  const paid = of(sums?.paidCount, sums?.paidAmount);
  const returned = of(sums?.returnedCount, sums?.returnedAmount);
  const refused = of(sums?.refusedCount, sums?.refusedAmount);
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
