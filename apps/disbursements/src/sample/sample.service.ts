import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { type Actor, scopeOf } from '@ansinh/auth';
import { asSystem, inTransaction, limitStatement, streamRows, type Transaction } from '@ansinh/database';
import { type Command, Commands } from '@ansinh/idempotency';
import { ProblemError } from '@ansinh/problem';
import { allocate, sampleSize } from '@ansinh/sampling';
import { digestOf } from '../audit/record-digest.js';
import { batchCode } from '../batch/batch-code.js';
import { type Batch } from '../batch/batch.entity.js';
import { wrongState } from '../batch/batch.problems.js';
import { findBatch, lockBatch } from '../batch/batch.service.js';
import type { BatchState } from '../batch/batch.states.js';
import {
  digestOfPopulation,
  gatherPopulation,
  type Grouping,
  groupingOf,
  listHeader,
  listLine,
  type NumberedStratum,
  population,
  populationParameters,
  type PopulationRow,
} from './population.js';
import type { DrawSample, SampleView } from './sample.dto.js';
import { sampleProblems } from './sample.problems.js';
import { sampleById, type SampleRow, samplesOfBatch, viewSample } from './sample-view.js';

const secondsMax = 300;

/** Every line has its outcome by then. */
const sampledStates: readonly BatchState[] = ['reconciled', 'closed'];

/** Draws lines that were paid, for somebody to visit. */
@Injectable()
export class SampleService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly commands: Commands,
  ) {}

  /** @throws ProblemError BATCH_NOT_FOUND, BATCH_STATE, NOTHING_TO_SAMPLE */
  async draw(batchId: string, input: DrawSample, command: Command): Promise<SampleView> {
    return this.commands.run(command, 'sample.draw', async (tx) => {
      const batch = await lockBatch(tx, batchId);
      if (!sampledStates.includes(batch.state)) throw wrongState(batch.state, sampledStates);
      await limitStatement(tx, secondsMax);
      // Of a batch that is the caller's: policies would look at each of its lines, in three tables.
      const id = await asSystem(tx, () => drawFrom(tx, batch, input, command.actor));
      const view = viewSample((await sampleById(tx, id))!);
      const facts = { batch: view.batchCode, seed: view.seed, size: view.size, listDigest: view.listDigest };
      const after = await digestOf(tx, 'sample', id);
      return { result: view, subject: `sample/${id}`, before: null, after, facts };
    });
  }

  async list(batchId: string, actor: Actor): Promise<SampleView[]> {
    return inTransaction(this.dataSource, scopeOf(actor), async (tx) => {
      const batch = await findBatch(tx, batchId);
      return (await samplesOfBatch(tx, batch.number)).map(viewSample);
    });
  }

  async get(id: string, actor: Actor): Promise<SampleView> {
    return inTransaction(this.dataSource, scopeOf(actor), async (tx) => viewSample(await findSample(tx, id)));
  }

  /** The list that was drawn from, as CSV: no names and no numbers of people, so that it can be published. */
  async *listOf(id: string, actor: Actor): AsyncGenerator<string> {
    const sample = await inTransaction(this.dataSource, scopeOf(actor), (tx) => findSample(tx, id));
    const parameters = populationParameters(sample.batch_number, sample, sample.drawn_at);
    yield listHeader;
    let lines: string[] = [];
    const sql = `${population} ORDER BY row_no`;
    for await (const row of streamRows<PopulationRow>(this.dataSource, 'system', sql, parameters)) {
      lines.push(listLine(sample.batch_number, row));
      if (lines.length < 1_000) continue;
      yield lines.join('');
      lines = [];
    }
    yield lines.join('');
  }
}

/** @throws ProblemError SAMPLE_NOT_FOUND, also for one of another office */
export async function findSample(tx: Transaction, id: string): Promise<SampleRow> {
  const sample = await sampleById(tx, id);
  if (!sample) throw new ProblemError(sampleProblems.notFound);
  return sample;
}

/** @returns id of the sample @throws ProblemError NOTHING_TO_SAMPLE */
async function drawFrom(tx: Transaction, batch: Batch, input: DrawSample, actor: Actor): Promise<string> {
  // With the batch locked no outcome is on its way: what is paid now has an earlier time.
  const [clock] = (await tx.query('SELECT clock_timestamp()::text AS now')) as { now: string }[];
  const grouping = await groupingOf(tx, batch.number);
  const strata = await gatherPopulation(tx, populationParameters(batch.number, grouping, clock!.now));
  if (strata.length === 0) throw new ProblemError(sampleProblems.nothingPaid);
  const seed = input.seed ?? randomBytes(16).toString('hex');
  const id = uuidv7();
  await insertSample(tx, { id, batch, input, seed, grouping, strata, at: clock!.now }, actor);
  await insertLines(tx, { id, batch, input, seed, strata });
  return id;
}

interface Draw {
  id: string;
  batch: Batch;
  input: DrawSample;
  seed: string;
  strata: NumberedStratum[];
}

async function insertSample(
  tx: Transaction,
  { id, batch, input, seed, grouping, strata, at }: Draw & { grouping: Grouping; at: string },
  actor: Actor,
): Promise<void> {
  const digest = await digestOfPopulation(tx, batch.number);
  await tx.query(
    `INSERT INTO sample (id, batch_number, seed, confidence, margin, expected_error_rate, districts, bands, list_digest, lines,
                         amount, drawn_by, drawn_by_name, drawn_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
    [
      ...[id, batch.number, seed, input.confidence, input.size === undefined ? input.marginOfError : null],
      ...[input.expectedErrorRate, JSON.stringify(grouping.districts), grouping.bands, digest],
      strata.reduce((sum, { lines }) => sum + lines, 0),
      strata.reduce((sum, { amount }) => sum + amount, 0n).toString(),
      ...[actor.id, actor.name, at],
    ],
  );
}

/** In each stratum the lines whose hash with the seed is smallest: nobody can know it before the seed is. */
async function insertLines(tx: Transaction, { id, batch, input, seed, strata }: Draw): Promise<void> {
  const { confidence, expectedErrorRate, marginOfError: margin } = input;
  const size = input.size ?? sampleSize(strata, { confidence, expectedErrorRate, margin: margin! });
  const sampled = allocate(strata, size);
  await tx.query(
    `INSERT INTO sample_stratum (sample_id, stratum_no, district_code, band_no, lines, amount, amount_max, sampled)
     SELECT $1::uuid, * FROM unnest($2::int[], $3::text[], $4::int[], $5::int[], $6::bigint[], $7::bigint[], $8::int[])`,
    [
      id,
      strata.map(({ stratumNo }) => stratumNo),
      strata.map(({ districtCode }) => districtCode),
      strata.map(({ bandNo }) => bandNo),
      strata.map(({ lines }) => lines),
      strata.map(({ amount }) => amount.toString()),
      strata.map(({ amountMax }) => amountMax.toString()),
      sampled,
    ],
  );
  await tx.query(
    `INSERT INTO sample_line (sample_id, row_no, stratum_no)
     SELECT $1, row_no, stratum_no FROM (
       SELECT row_no, stratum_no, row_number() OVER (
         PARTITION BY stratum_no ORDER BY sha256(convert_to(
           $2 || '|' || $3 || '-' || lpad(row_no::text, greatest(7, length(row_no::text)), '0'), 'UTF8'))) AS turn
       FROM population) shuffled
     JOIN sample_stratum stratum USING (stratum_no) WHERE stratum.sample_id = $1 AND turn <= sampled`,
    [id, seed, batchCode(batch.number)],
  );
}
