import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { DayCloser } from '@ansinh/audit-log';
import { KeyRotator } from '@ansinh/key-rotation';
import { repeat } from '@ansinh/service';
import { ImportSweepService } from '../import/import-sweep.service.js';

/** How soon after midnight the day before is signed. */
const closeDaysMs = 60_000;
/** How soon a rotation of the key is begun, or gone on with. */
const rotateMs = 1_000;
/** How soon after midnight lists are swept whose last day it was. */
const sweepMs = 600_000;

/** Does what is due without anybody asking for it. Several workers may: what one has done the other finds done. */
@Injectable()
export class Housekeeper implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('housekeeper');
  private readonly stopping = new AbortController();
  private work: Promise<unknown> | undefined;

  constructor(
    private readonly days: DayCloser,
    private readonly rotator: KeyRotator,
    private readonly sweep: ImportSweepService,
  ) {}

  onApplicationBootstrap(): void {
    const { logger } = this;
    const { signal } = this.stopping;
    this.work = Promise.all([
      repeat({ pauseMs: closeDaysMs, signal, logger }, () => this.days.closeDays()),
      repeat({ pauseMs: rotateMs, signal, logger }, () => this.rotator.rotateDue()),
      repeat({ pauseMs: sweepMs, signal, logger }, () => this.sweep.sweepDue()),
    ]);
  }

  async onModuleDestroy(): Promise<void> {
    this.stopping.abort();
    await this.work;
  }
}
