import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { type Config, configToken } from '../config.js';
import { interruptibleDelay } from '../interruptible-delay.js';
import { FaultPlan, type FaultRates, noFaults } from './fault-plan.js';
import { type PlanFaults, ratesOf } from './fault.dto.js';

/** The faults in force. They are rows too, so that a restart goes on with the same ones. */
@Injectable()
export class FaultService implements OnModuleInit, OnModuleDestroy {
  current: FaultPlan = noFaults;
  private readonly stopping = new AbortController();

  constructor(
    private readonly dataSource: DataSource,
    @Inject(configToken) private readonly config: Config,
  ) {}

  async onModuleInit(): Promise<void> {
    const [row] = await this.dataSource.query<{ seed: string; rates: FaultRates }[]>(
      'SELECT seed, rates FROM fault_plan',
    );
    if (row) this.current = new FaultPlan(row.seed, row.rates);
  }

  /** Late answers are given at once: the server closes when the last one is out. */
  onModuleDestroy(): void {
    this.stopping.abort();
  }

  async plan(input: PlanFaults): Promise<{ seed: string; rates: FaultRates }> {
    const plan = new FaultPlan(String(input.seed), ratesOf(input));
    await this.dataSource.query(
      `INSERT INTO fault_plan (seed, rates) VALUES ($1, $2)
       ON CONFLICT (is_current) DO UPDATE SET seed = excluded.seed, rates = excluded.rates`,
      [plan.seed, plan.rates],
    );
    this.current = plan;
    return { seed: plan.seed, rates: plan.rates };
  }

  /** Whether to cut this delivery: a message is cut once at most, or it could never arrive. */
  async cutsDelivery(messageId: string): Promise<boolean> {
    if (!this.current.hits('closeConnection', messageId)) return false;
    const cut = await this.dataSource.query<unknown[]>(
      'INSERT INTO cut_delivery (message_id) VALUES ($1) ON CONFLICT DO NOTHING RETURNING message_id',
      [messageId],
    );
    return cut.length > 0;
  }

  /** Longer than the patience of a customer. */
  holdAnswer(): Promise<void> {
    return interruptibleDelay(this.config.answerLateMs, this.stopping.signal);
  }
}
