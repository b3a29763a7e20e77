import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { publicationIsDue, PublicationService } from '../document/publication.service.js';
import { interruptibleDelay } from '../interruptible-delay.js';
import { returnIsDue, settlementIsDue, SettlementService } from './settlement.service.js';

/** Between two looks at the rows when nothing was due, and after an error. */
const idleMs = 50;
const afterErrorMs = 1_000;
/** The first refresh of statistics comes after a message; the next ones each time the books have doubled. */
const firstAnalysisPayments = 5_000;

/**
 * Settles, returns and publishes whatever the rows say is due. It keeps nothing in memory that matters: a bank that
 * was killed goes on where its last commit was.
 */
@Injectable()
export class SettlementLoop implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('settlement');
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;
  private settled = 0;
  private analysisAt = firstAnalysisPayments;

  constructor(
    private readonly dataSource: DataSource,
    private readonly settlement: SettlementService,
    private readonly publication: PublicationService,
  ) {}

  onApplicationBootstrap(): void {
    this.running = this.run();
  }

  /** No pass is broken off. */
  async onModuleDestroy(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      try {
        if (!(await this.pass())) await interruptibleDelay(idleMs, signal);
      } catch (error) {
        this.logger.error(error);
        await interruptibleDelay(afterErrorMs, signal);
      }
    }
  }

  /** One of each that is due, so that none keeps the others waiting. @returns whether there was anything to do */
  private async pass(): Promise<boolean> {
    const [due] = await this.dataSource.query<
      [{ settlement: boolean; return: boolean; publication: boolean }]
    >(
      `SELECT EXISTS (SELECT FROM message WHERE ${settlementIsDue}) AS settlement,
              EXISTS (SELECT FROM message WHERE ${returnIsDue}) AS return,
              EXISTS (SELECT FROM document WHERE ${publicationIsDue}) AS publication`,
    );
    const settled = due.settlement ? await this.settlement.settleNext() : 0;
    const returned = due.return ? await this.settlement.returnNext() : 0;
    const isPublished = due.publication && (await this.publication.publishNext());
    await this.refreshStatistics(settled + returned);
    return settled + returned > 0 || isPublished;
  }

  /** Plans made for the empty tables of the start are wrong for full ones. */
  private async refreshStatistics(payments: number): Promise<void> {
    this.settled += payments;
    if (this.settled < this.analysisAt) return;
    this.analysisAt = this.settled * 2;
    await this.dataSource.query('ANALYZE transfer, posting, journal, message, document');
  }
}
