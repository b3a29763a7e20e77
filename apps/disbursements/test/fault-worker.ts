import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { lastLines, throwawayDirectory } from '@ansinh/embedded';
import { type SpawnedApp, TcpProxy } from '@ansinh/testing';
import type { Moment } from './fault-schedule.js';
import type { FaultRig } from './faults-harness.js';

const preload = new URL('fault-preload.mjs', import.meta.url).href;

interface Kill {
  at: string;
  moment: Moment;
}

/** What a worker noted of itself: the steps of one way, or its death. */
type Note = { steps: string[] } | { killed: { at: string; moment: Moment } };

/**
 * A worker with a network of its own to PostgreSQL and to the bank. When it dies another takes its place, as an
 * orchestrator would see to; what is planned for it goes to the next one too.
 */
export class FaultWorker {
  readonly database: TcpProxy;
  readonly bank: TcpProxy;
  /** Deaths that nobody had planned: how, and what it said last. */
  readonly endedByItself: string[] = [];
  private readonly planFile: string;
  private readonly traceFile: string;
  private readonly logFiles: string[] = [];
  private app: SpawnedApp | undefined;
  private isStopping = false;
  private living: Promise<void> | undefined;
  /** Settles when there is a worker that can work. */
  private alive: Promise<void> = Promise.resolve();
  private shiftMs = 0;

  constructor(
    private readonly rig: FaultRig,
    private readonly environment: Record<string, string>,
  ) {
    const folder = throwawayDirectory('fault-worker');
    this.planFile = join(folder, 'plan.json');
    this.traceFile = join(folder, 'trace');
    writeFileSync(this.traceFile, '');
    const { hostname, port } = new URL(rig.harness.config.databaseUrl);
    this.database = new TcpProxy({ host: hostname, port: Number(port) });
    this.bank = new TcpProxy({ host: '127.0.0.1', port: Number(new URL(rig.relay.url).port) });
  }

  async start(): Promise<void> {
    this.plan({ kill: null, shiftMs: 0 });
    await Promise.all([this.database.start(), this.bank.start()]);
    await this.spawn();
    this.living = this.liveOn();
  }

  plan({ kill, shiftMs }: { kill: Kill | null; shiftMs: number }): void {
    this.shiftMs = shiftMs;
    const draft = `${this.planFile}.draft`;
    writeFileSync(draft, JSON.stringify({ kill, shiftMs }));
    renameSync(draft, this.planFile);
  }

  isAlive(): Promise<void> {
    return this.alive;
  }

  kill(signal: NodeJS.Signals): void {
    this.app?.kill(signal);
  }

  /** Everything that was noted since the last time. */
  takeNotes(): Note[] {
    const text = readFileSync(this.traceFile, 'utf8');
    writeFileSync(this.traceFile, '');
    return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Note]));
  }

  /** How often a sentence stands in what it, and those before it, have logged. */
  countInLogs(sentence: string): number {
    return this.logFiles.reduce(
      (sum, file) => sum + readFileSync(file, 'utf8').split(sentence).length - 1,
      0,
    );
  }

  /** The network is whole again; connections that were silent end. */
  clearNetworks(): void {
    for (const proxy of [this.database, this.bank]) {
      proxy.clear();
      proxy.cutSilent();
    }
  }

  async stop(): Promise<void> {
    this.isStopping = true;
    await this.app?.stop();
    await this.living;
    await Promise.all([this.database.stop(), this.bank.stop()]);
  }

  private async spawn(): Promise<void> {
    const { databaseUrl } = this.rig.harness.config;
    this.app = await this.rig.startWorker({
      ...this.environment,
      DATABASE_URL: this.database.through(databaseUrl),
      BANK_URL: `http://127.0.0.1:${this.bank.port}`,
      NODE_OPTIONS: `--import ${preload}`,
      FAULT_PLAN: this.planFile,
      FAULT_TRACE: this.traceFile,
    });
    this.logFiles.push(this.app.logFile);
  }

  private async liveOn(): Promise<void> {
    while (!this.isStopping) {
      const { code, signal } = await this.app!.ended;
      if (this.isStopping) return;
      // The one that comes after it lives.
      this.plan({ kill: null, shiftMs: this.shiftMs });
      if (signal !== 'SIGKILL')
        this.endedByItself.push(`${signal ?? `exit code ${code}`}\n${lastLines(this.app!.logFile, 10)}`);
      this.alive = this.spawnWhenPossible();
      await this.alive;
    }
  }

  /** Its database may be away at that moment. */
  private async spawnWhenPossible(): Promise<void> {
    while (!this.isStopping) {
      try {
        await this.spawn();
        return;
      } catch (error) {
        if ((error as Error).name !== 'FriendlyError') throw error;
        await sleep(200);
      }
    }
  }
}
