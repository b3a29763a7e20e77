import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { HintQueue, type QueueDepth } from '@ansinh/queue';
import { type Config, configToken } from '../config.js';

export const checkQueue = 'disbursements-check';
export const transmitQueue = 'disbursements-transmit';
export const rotationQueue = 'disbursements-key-rotation';

export interface CheckHint {
  batchId: string;
}

export interface TransmitHint {
  batchNumber: string;
  chunkNo: number;
}

export interface RotationHint {
  rotationId: string;
}

/** A chunk that is due, with its fencing number as it stands. */
export interface DueChunk extends TransmitHint {
  fence: string;
}

/**
 * A worker that died holds its hints until the queue notices. Where it does so by the clocks of its users, one that was wrong by
 * an hour makes it an hour: by then the same hint has another name, and is given anew. A hint that comes twice does nothing.
 */
const renamedAfterMs = { chunk: 60_000, check: 600_000, rotation: 600_000 };

const nameOf = (kind: keyof typeof renamedAfterMs, id: string) =>
  `${kind}-${id}-${Math.floor(Date.now() / renamedAfterMs[kind])}`;

/**
 * Tells the worker what became due. Given after the commit; when the queue is away the rows still say what is due,
 * and the sweeper gives the hint again: a failure here is logged and never fails the command.
 */
@Injectable()
export class Hints implements OnApplicationShutdown {
  private readonly logger = new Logger('hints');
  private readonly checks: HintQueue<CheckHint>;
  private readonly transmissions: HintQueue<TransmitHint>;
  private readonly rotations: HintQueue<RotationHint>;

  constructor(@Inject(configToken) config: Config) {
    this.checks = new HintQueue(checkQueue, config, this.logger);
    this.transmissions = new HintQueue(transmitQueue, config, this.logger);
    this.rotations = new HintQueue(rotationQueue, config, this.logger);
  }

  async checkDue(batchId: string): Promise<void> {
    await this.attempt(() => this.checks.give([{ id: nameOf('check', batchId), payload: { batchId } }]));
  }

  /**
   * The fencing number is part of the hint's id: a worker that died holds its job for a while, and would swallow the
   * hint of the next attempt if that had the same name.
   */
  async chunksDue(chunks: DueChunk[]): Promise<void> {
    const hints = chunks.map(({ batchNumber, chunkNo, fence }) => ({
      id: nameOf('chunk', `${batchNumber}-${chunkNo}-${fence}`),
      payload: { batchNumber, chunkNo },
    }));
    await this.attempt(() => this.transmissions.give(hints));
  }

  async rotationDue(rotationId: string): Promise<void> {
    await this.attempt(() =>
      this.rotations.give([{ id: nameOf('rotation', rotationId), payload: { rotationId } }]),
    );
  }

  /** Empties all queues: what an operator's FLUSHALL does. */
  async obliterate(): Promise<void> {
    await this.checks.obliterate();
    await this.transmissions.obliterate();
    await this.rotations.obliterate();
  }

  /** By the name of the queue. @throws when the queue cannot be reached within two seconds */
  async depths(): Promise<Record<string, QueueDepth>> {
    const queues = [this.checks, this.transmissions, this.rotations];
    const depths = queues.map(async (queue) => [queue.name, await queue.depth()] as const);
    return Object.fromEntries(await Promise.all(depths));
  }

  async ready(): Promise<void> {
    await this.transmissions.ready();
  }

  /** After the modules: a job or request that ends during the stop still needs it. */
  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.checks.close(), this.transmissions.close(), this.rotations.close()]);
  }

  private async attempt(give: () => Promise<void>): Promise<void> {
    try {
      await give();
    } catch (error) {
      this.logger.warn(error, 'the queue did not take a hint; the sweeper will give it again');
    }
  }
}
