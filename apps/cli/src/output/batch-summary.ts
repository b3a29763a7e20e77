import type { Batch, BatchTotals, Total } from '@ansinh/client';
import type { Context } from '../context.js';
import { facts, table } from './table.js';

/** A batch as a whole: where it stands, what was found in its list, where its money is. */
export function batchSummary(context: Context, batch: Batch): string {
  const parts = [`${batch.code}  ${batch.id}`, generalFacts(context, batch)];
  if (Object.keys(batch.findings).length > 0) parts.push(findingCounts(context, batch));
  if (batch.totals.approved.count > 0) parts.push(totalsTable(context, batch.totals));
  return parts.join('\n\n');
}

/** Prints what a command made of the batch. */
export function printBatch(context: Context, batch: Batch): void {
  context.print(batch, batchSummary(context, batch));
}

function generalFacts(context: Context, batch: Batch): string {
  const { facts: titles, states } = context.text.batch;
  const count = (value: number): string => context.count(value);
  const pairs: [string, string][] = [
    [titles.state, states[batch.state]],
    [titles.purpose, batch.purpose],
    [titles.programme, `${batch.programmeCode}  ${batch.period}`],
    [titles.rows, titles.rowsSplit(count(batch.rows), count(batch.kept), count(batch.setAside))],
    [titles.amount, context.amount(batch.amount)],
  ];
  if (batch.digest) pairs.push([titles.digest, batch.digest]);
  if (batch.requiredApprovals > 0) {
    const given = titles.approvalsOf(batch.approvals.length, batch.requiredApprovals);
    pairs.push([titles.approvals, [given, ...batch.approvals.map(({ name }) => name)].join('  ')]);
  }
  const { total, accepted, dead } = batch.chunks;
  if (total > 0) {
    const sent = titles.filesOf(accepted, total);
    pairs.push([titles.files, dead > 0 ? `${sent}; ${titles.deadFiles(dead)}` : sent]);
  }
  if (batch.resultsDueOn) pairs.push([titles.resultsDue, batch.resultsDueOn]);
  if (batch.openExceptions > 0) pairs.push([titles.openExceptions, count(batch.openExceptions)]);
  return facts(pairs);
}

function findingCounts(context: Context, batch: Batch): string {
  const { columns } = context.text.batch;
  const titles = [columns.block, columns.warn, columns.waived].map((title) => ({ title, right: true }));
  return table(
    [{ title: columns.finding }, ...titles],
    Object.entries(batch.findings).map(([code, { block, warn, waived }]) => [
      code,
      ...[block, warn, waived].map((count) => context.count(count)),
    ]),
  );
}

/** Count and amount, one line for each place where money of a batch may be. */
export function totalsTable(context: Context, totals: BatchTotals & { sum?: Total }): string {
  const { totals: titles, columns } = context.text.money;
  const names = ['approved', 'paid', 'returned', 'refused', 'inFlight', 'sum'] as const;
  return table(
    [{ title: '' }, { title: columns.payments, right: true }, { title: columns.amount, right: true }],
    names.flatMap((name) => {
      const total = totals[name];
      return total ? [[titles[name], context.count(total.count), context.amount(total.amount)]] : [];
    }),
  );
}
