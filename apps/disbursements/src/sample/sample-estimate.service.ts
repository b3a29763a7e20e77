import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { type Actor, scopeOf } from '@ansinh/auth';
import { inTransaction, type Transaction } from '@ansinh/database';
import { estimateWrongMoney, type SampledStratum } from '@ansinh/sampling';
import type { SampleEstimateView, StratumFound } from './sample.dto.js';
import { findSample } from './sample.service.js';
import { type SampleRow, viewStrata } from './sample-view.js';

interface VisitedRow {
  stratum_no: number;
  amount: string;
  outcome: string | null;
  received: string | null;
}

/** From what was found in the sample to what must be reckoned with in the whole list. */
@Injectable()
export class SampleEstimateService {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  async estimate(id: string, actor: Actor): Promise<SampleEstimateView> {
    const { sample, visited } = await inTransaction(this.dataSource, scopeOf(actor), async (tx) => {
      const found = await findSample(tx, id);
      return { sample: found, visited: await visitedLines(tx, found) };
    });
    const recorded = visited.filter(({ outcome }) => outcome !== null);
    return {
      ...{ sampleId: sample.id, confidence: sample.confidence, lines: sample.lines, amount: sample.amount },
      sampled: visited.length,
      recorded: recorded.length,
      outcomes: countsOf(recorded),
      found: sumOf(recorded).toString(),
      // A line that nobody visited yet is neither right nor wrong: half a sample gives no estimate.
      wrongMoney: recorded.length < visited.length ? null : wrongMoneyOf(sample, visited),
      strata: foundByStratum(sample, recorded),
    };
  }
}

async function visitedLines(tx: Transaction, sample: SampleRow): Promise<VisitedRow[]> {
  return (await tx.query(
    `SELECT drawn.stratum_no, line.amount, result.outcome, result.received
       FROM sample_line drawn
       JOIN payment_line line ON line.batch_number = $2 AND line.row_no = drawn.row_no
       LEFT JOIN LATERAL (
         SELECT outcome, received FROM sample_result WHERE sample_id = $1 AND sample_result.row_no = drawn.row_no
         ORDER BY id DESC LIMIT 1) result ON true
       WHERE drawn.sample_id = $1`,
    [sample.id, sample.batch_number],
  )) as VisitedRow[];
}

/**
 * Wrong money of one line, in đồng. One who cannot be found, or did not get it, or another who did, makes all of it wrong
 * (International Standard on Auditing 530, paragraph 11: what cannot be examined counts as a misstatement).
 */
function wrongOf({ amount, outcome, received }: VisitedRow): bigint {
  if (outcome === 'correct') return 0n;
  if (outcome !== 'wrongAmount') return BigInt(amount);
  const difference = BigInt(amount) - BigInt(received!);
  return difference < 0n ? -difference : difference;
}

const sumOf = (rows: VisitedRow[]): bigint => rows.reduce((sum, row) => sum + wrongOf(row), 0n);

function countsOf(rows: VisitedRow[]): Record<string, number> {
  const groups = Map.groupBy(rows, ({ outcome }) => outcome!);
  return Object.fromEntries([...groups].map(([outcome, of]) => [outcome, of.length]));
}

function wrongMoneyOf(sample: SampleRow, visited: VisitedRow[]): SampleEstimateView['wrongMoney'] {
  const byStratum = Map.groupBy(visited, (row) => row.stratum_no);
  const strata = sample.strata.map((stratum): SampledStratum => {
    const rows = byStratum.get(stratum.stratum_no)!;
    return {
      lines: stratum.lines,
      amount: BigInt(stratum.amount),
      amountMax: BigInt(stratum.amount_max),
      errors: rows.map(wrongOf),
      sampledAmount: rows.reduce((sum, { amount }) => sum + BigInt(amount), 0n),
    };
  });
  const { estimate, standardError, lower, upper } = estimateWrongMoney(strata, sample.confidence);
  return {
    estimate: estimate.toString(),
    standardError: standardError.toString(),
    lower: lower.toString(),
    upper: upper.toString(),
  };
}

function foundByStratum(sample: SampleRow, recorded: VisitedRow[]): StratumFound[] {
  const byStratum = Map.groupBy(recorded, (row) => row.stratum_no);
  return viewStrata(sample).map((stratum) => {
    const rows = byStratum.get(stratum.stratum) ?? [];
    const wrong = rows.filter(({ outcome }) => outcome !== 'correct');
    return {
      ...stratum,
      recorded: rows.length,
      wrong: wrong.length,
      wrongAmount: sumOf(wrong).toString(),
    };
  });
}
