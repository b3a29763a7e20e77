import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import type { Worker } from 'bullmq';
import { KeyRotator } from '@ansinh/key-rotation';
import { processHints } from '@ansinh/queue';
import { type Config, configToken } from '../config.js';
import { CheckService } from '../finding/check.service.js';
import { ChunkSender } from '../transmission/chunk-sender.js';
import {
  type CheckHint,
  checkQueue,
  type RotationHint,
  rotationQueue,
  type TransmitHint,
  transmitQueue,
} from './hints.js';

/** Four at a time: two threads make messages while two chunks wait for the bank or for PostgreSQL. */
export const transmissionsAtOnce = 4;

/** Listens to the queues. Each job carries ids alone and ends in a service; what is due is decided by the rows. */
@Injectable()
export class HintWorker implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('hint-worker');
  private workers: Worker[] = [];

  constructor(
    @Inject(configToken) private readonly config: Config,
    private readonly checks: CheckService,
    private readonly sender: ChunkSender,
    private readonly rotator: KeyRotator,
  ) {}

  onApplicationBootstrap(): void {
    const { config, logger } = this;
    this.workers = [
      processHints<CheckHint>(checkQueue, config, logger, { concurrency: 1 }, ({ batchId }) =>
        this.checks.check(batchId),
      ),
      processHints<TransmitHint>(
        transmitQueue,
        config,
        logger,
        { concurrency: transmissionsAtOnce },
        (hint) => this.sender.send(hint),
      ),
      processHints<RotationHint>(rotationQueue, config, logger, { concurrency: 1 }, (hint) =>
        this.rotator.rotate(hint.rotationId),
      ),
    ];
  }

  /** Jobs under way end first. */
  async onModuleDestroy(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.close()));
  }
}
