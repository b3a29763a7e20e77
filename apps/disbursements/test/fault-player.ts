import { setTimeout as sleep } from 'node:timers/promises';
import { Readable } from 'node:stream';
import { Logger } from '@nestjs/common';
import { createClient } from '@ansinh/client';
import { HintQueue } from '@ansinh/queue';
import type { TcpProxy } from '@ansinh/testing';
import { type TransmitHint, transmitQueue } from '../src/hints/hints.js';
import { brokenInvariants } from './accounted.js';
import { type FaultGround, leaseMs, statementTimeoutMs } from './fault-ground.js';
import type { Fault, FaultKind, Lead, Moment, Schedule } from './fault-schedule.js';
import { type BatchUnderTest, until } from './faults-harness.js';
import { maker } from './harness.js';

const restSecondsMax = 200;

/** What came of a schedule. */
export interface Played {
  schedule: Schedule;
  happened: Fault[];
  /** Planned, but the batch was at its end before its moment came. */
  missed: Fault[];
  /** Steps at which a worker was killed. */
  kills: { at: string; moment: Moment }[];
  /** Steps that were passed, by the notes of the workers. */
  steps: string[];
  broken: Record<string, { count: number; first: unknown[] }>;
  seconds: number;
}

/** One schedule on its way. */
export class Play {
  private readonly done = new Set<Fault>();
  private readonly running: Promise<void>[] = [];
  private batch: BatchUnderTest | undefined;

  constructor(
    private readonly ground: FaultGround,
    private readonly schedule: Schedule,
  ) {}

  async run(): Promise<Played> {
    const startedAt = performance.now();
    const { ground, schedule } = this;
    await Promise.all(ground.workers.map((worker) => worker.isAlive()));
    ground.rig.relay.failures.length = 0;
    const timeoutsBefore = this.logged('statement timeout');
    const batch = await this.approvedBatch();
    this.batch = batch;
    await this.arm();
    await this.transmit();
    await this.restOrSay();
    await this.disarm();
    const notes = ground.workers.flatMap((worker) => worker.takeNotes());
    const kills = notes.flatMap((note) => ('killed' in note ? [note.killed] : []));
    for (const kill of this.kills()) {
      if (kills.some(({ at, moment }) => at === kill.at && moment === kill.moment)) this.done.add(kill);
    }
    const stale = this.find('stale statistics, statement_timeout fires');
    if (stale && this.logged('statement timeout') > timeoutsBefore) this.done.add(stale);
    const broken = {
      ...this.brokenByWorkers(),
      ...(await brokenInvariants(ground.rig, batch, {
        seed: schedule.seed,
        exceptions: await this.expectedExceptions(),
      })),
    };
    const isDone = (fault: Fault) => this.done.has(fault);
    return {
      schedule,
      happened: schedule.faults.filter(isDone),
      missed: schedule.faults.filter((fault) => !isDone(fault)),
      kills,
      steps: notes.flatMap((note) => ('steps' in note ? note.steps : [])),
      broken,
      seconds: (performance.now() - startedAt) / 1_000,
    };
  }

  /** Its list comes in by an API that is killed meanwhile, where the schedule says so; and then again. */
  private async approvedBatch(): Promise<BatchUnderTest> {
    const { rig } = this.ground;
    const killed = this.find('API killed during import');
    const batch = await rig.draftBatch(this.schedule.lines);
    if (killed) {
      const api = await this.ground.apiToKill();
      const { token } = await rig.harness.as(maker);
      const client = createClient({ baseUrl: api.url, token });
      const upload = client.batches.importPayments(batch.id, {
        open: () => Readable.from([Buffer.from(batch.content)]),
        type: 'text/csv',
      });
      const cut = upload.then(
        () => false,
        () => true,
      );
      await sleep(killed.afterMs);
      await this.ground.killApi();
      if (await cut) this.done.add(killed);
    }
    await rig.importList(batch);
    await rig.approve(batch);
    return batch;
  }

  /** Everything that waits for its moment from now on. */
  private async arm(): Promise<void> {
    const { ground, schedule } = this;
    const { rig } = ground;
    const kills = this.kills();
    const clock = this.find('clock wrong by an hour');
    ground.workers.forEach((worker, index) => {
      const shiftMs = clock?.worker === index ? clock.hours * 3_600_000 : 0;
      worker.plan({ kill: kills.find((kill) => kill.worker === index) ?? null, shiftMs });
    });
    if (clock) this.done.add(clock);
    const lead = kills[0]?.lead;
    await this.planBank(lead);
    const late = this.find('statements late');
    if (late) {
      rig.relay.documentPauseMs = late.pauseMs;
      this.done.add(late);
    }
    const first = new Set<string>();
    rig.relay.onDelivery = async ({ messageId, nth }, pass) => {
      this.happen(nth, 'before');
      const isFirst = !first.has(messageId);
      first.add(messageId);
      if (isFirst && lead === 'busy') return 'refuse';
      await pass();
      this.happen(nth, 'after');
      return isFirst && lead === 'lost' ? 'lose' : 'answer';
    };
    this.watchCommits();
    for (const fault of schedule.faults)
      if (fault.kind === 'workers race for each chunk') await this.race(fault);
  }

  private async planBank(lead: Lead | undefined): Promise<void> {
    const faults = this.find('bank faults');
    const { witness } = this.ground.rig;
    const rate = (faults?.percent ?? 0) / 100;
    if (faults) {
      await witness.planFaults(this.schedule.seed, rate);
      this.done.add(faults);
    } else
      await witness.planFaults(
        this.schedule.seed,
        0,
        lead === 'refused' ? { refuse: 0.2, returnLater: 0.2 } : undefined,
      );
  }

  /** What is due at this delivery begins now, and nobody waits for it. */
  private happen(delivery: number, when: 'before' | 'after'): void {
    for (const fault of this.schedule.faults) {
      if (!('delivery' in fault) || fault.delivery !== delivery || fault.when !== when) continue;
      if (this.done.has(fault)) continue;
      // Whether a timeout fired is read from the logs.
      if (fault.kind !== 'stale statistics, statement_timeout fires') this.done.add(fault);
      this.begin(this.deal(fault));
    }
  }

  private begin(work: Promise<void>): void {
    this.running.push(work);
    // Heard at the end, when all is waited for; until then it must not count as nobody's.
    work.catch((error: unknown) => this.ground.rig.relay.failures.push(String(error)));
  }

  private async deal(fault: Extract<Fault, { delivery: number }>): Promise<void> {
    const { ground } = this;
    const { rig } = ground;
    switch (fault.kind) {
      case 'worker frozen past its lease':
        ground.workers[fault.worker]!.kill('SIGSTOP');
        await sleep(leaseMs + 700);
        ground.workers[fault.worker]!.kill('SIGCONT');
        return;
      case 'queue emptied':
        return unlessAway(() => rig.emptyQueue());
      case 'Redis killed and restarted':
        return ground.redis!.restart!();
      case 'network to the bank':
        return network(ground.workers[fault.worker]!.bank, fault);
      case 'network to PostgreSQL':
        return network(ground.workers[fault.worker]!.database, fault);
      case 'statements again and backwards':
        return this.tellAgain(fault.times);
      case 'stale statistics, statement_timeout fires':
        return unlessAway(() => this.staleAndSlow());
      case 'bank killed and restarted':
        await rig.bank.kill();
        await sleep(300);
        return rig.bank.startAgain();
      case 'paused and resumed':
        await unlessAway(async () => void (await rig.people.operator.batches.pause(this.batch!.id)));
        await sleep(500);
        // It may have been at its end before it was paused.
        return unlessAway(() => rig.transmit(this.batch!));
    }
  }

  /** Each COMMIT of a worker passes here; the chosen one finds the server dying. */
  private watchCommits(): void {
    const fault = this.find('PostgreSQL killed in mid-commit');
    if (!fault) return;
    const { database } = this.ground.workers[fault.worker]!;
    let commits = 0;
    database.onClientBytes = (bytes, pass) => {
      if (!bytes.includes('COMMIT\0')) return pass();
      commits += 1;
      if (commits !== fault.commit) return pass();
      this.done.add(fault);
      if (fault.moment !== 'before') pass();
      // Committed, and nobody hears of it.
      if (fault.moment === 'after') database.fallSilent();
      const dying = async () => {
        if (fault.moment === 'after') await sleep(20);
        await this.ground.crashPostgres();
        database.clear();
        database.cutSilent();
      };
      this.begin(dying());
    };
  }

  /** More hints than chunks, for whoever comes first. */
  private async race(fault: Fault & { hints: number }): Promise<void> {
    const { rig } = this.ground;
    const hints = new HintQueue<TransmitHint>(transmitQueue, rig.harness.config, new Logger('race'));
    const chunks = await rig.rows<TransmitHint>(
      `SELECT batch_number AS "batchNumber", chunk_no AS "chunkNo" FROM chunk WHERE batch_number = $1 ORDER BY chunk_no`,
      [this.batch!.number],
    );
    const named = chunks.flatMap((payload) =>
      Array.from({ length: fault.hints }, (_, copy) => ({
        id: `race-${payload.batchNumber}-${payload.chunkNo}-${'abcd'[copy]}`,
        payload,
      })),
    );
    // The queue may be among what another fault has taken away; the same names again are the same hints.
    await until('the hints of the race are taken', async () => {
      const done = await hints.give(named).then(
        () => true,
        () => false,
      );
      return { done, value: undefined };
    });
    await hints.close();
    this.done.add(fault);
  }

  /** All that the bank has published so far comes by upload, the last first. */
  private async tellAgain(times: number): Promise<void> {
    const { rig } = this.ground;
    for (let time = 0; time < times; time += 1) {
      await unlessAway(async () => {
        const documents = await rig.witness.documents(this.batch!.account);
        for (const { id } of documents.reverse()) {
          const content = await rig.witness.download(id);
          await rig.people.operator.statements.import({ open: () => Readable.from([Buffer.from(content)]) });
        }
      });
      await sleep(200);
    }
  }

  /** The planner knows nothing, and a lock keeps the makers of messages waiting past the limit of a statement. */
  private staleAndSlow(): Promise<void> {
    return this.ground.session(async (client) => {
      await client.query(`
        DELETE FROM pg_statistic WHERE starelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace);
        UPDATE pg_class SET reltuples = -1, relpages = 0
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'i')`);
      await client.query('BEGIN; LOCK TABLE payment_line IN ACCESS EXCLUSIVE MODE');
      await sleep(statementTimeoutMs + 700);
      await client.query('COMMIT');
    });
  }

  private transmit(): Promise<void> {
    const { rig } = this.ground;
    return until('sending is asked for', async () => {
      const isSent = await isAnswered(() => rig.transmit(this.batch!));
      return { done: isSent, value: undefined };
    });
  }

  /** Until everything has happened that will, and the batch is at its end. */
  private async restOrSay(): Promise<void> {
    const { rig } = this.ground;
    const deadline = Date.now() + restSecondsMax * 1_000;
    for (;;) {
      const begun = this.running.length;
      await Promise.allSettled(this.running);
      try {
        await rig.rest(this.batch!, 5);
        if (this.running.length === begun) return;
      } catch (error) {
        if (Date.now() > deadline) throw error;
      }
      // A pause, or what ended it, may have been taken in without its answer being heard.
      if (this.find('paused and resumed')) await unlessAway(() => rig.transmit(this.batch!));
    }
  }

  private async disarm(): Promise<void> {
    const { rig, workers } = this.ground;
    for (const worker of workers) {
      worker.plan({ kill: null, shiftMs: 0 });
      worker.clearNetworks();
    }
    await rig.calm();
  }

  /** The bank took one đồng less: the debit is an exception, and so is what it gives back of it. */
  private async expectedExceptions(): Promise<Map<string, string>> {
    const expected = new Map<string, string>();
    for await (const line of this.ground.rig.witness.books(this.batch!.account)) {
      if (BigInt(line.debited) !== BigInt(line.amount) - 1n) continue;
      const codes = ['AMOUNT_DIFFERS', ...(line.credits > 0 ? ['RETURN_AMOUNT_DIFFERS'] : [])];
      expected.set(line.endToEndId, codes.join(', '));
    }
    return expected;
  }

  private brokenByWorkers(): Played['broken'] {
    const ended = this.ground.workers.flatMap((worker) => worker.endedByItself.splice(0));
    return ended.length === 0 ? {} : { 'no worker ends by itself': { count: ended.length, first: ended } };
  }

  private kills(): Extract<Fault, { kind: 'worker killed' }>[] {
    return this.schedule.faults.filter((fault) => fault.kind === 'worker killed');
  }

  private find<Kind extends FaultKind>(kind: Kind): Extract<Fault, { kind: Kind }> | undefined {
    return this.schedule.faults.find((fault) => fault.kind === kind) as
      Extract<Fault, { kind: Kind }> | undefined;
  }

  private logged(sentence: string): number {
    return this.ground.workers.reduce((sum, worker) => sum + worker.countInLogs(sentence), 0);
  }
}

async function network(
  proxy: TcpProxy,
  { weather, forMs }: { weather: string; forMs: number },
): Promise<void> {
  if (weather === 'slow') proxy.delayMs = 40 + forMs / 20;
  else if (weather === 'silent') proxy.fallSilent();
  else {
    proxy.isDown = true;
    proxy.cut();
  }
  await sleep(forMs);
  proxy.clear();
  // The lost ones are found out by who waits for them; only what waits for longer than a statement may is helped.
  if (weather === 'silent') {
    await sleep(statementTimeoutMs * 2);
    proxy.cutSilent();
  }
}

/** What a person does while another fault has taken the service away comes to nothing, and is not tried again. */
async function unlessAway(work: () => Promise<void>): Promise<void> {
  await isAnswered(work);
}

/** @returns whether it was answered; a refusal that no fault explains is thrown */
async function isAnswered(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    const { status = 500 } = (error as { problem?: { status?: number } }).problem ?? {};
    // Away, or in another state because a fault has answered an earlier request without its answer being heard.
    if (status >= 500 || status === 409) return false;
    throw error;
  }
}
