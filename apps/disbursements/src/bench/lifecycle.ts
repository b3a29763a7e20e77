import { randomUUID } from 'node:crypto';
import type { INestApplicationContext } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { type Actor, permissions } from '@ansinh/auth';
import { inTransaction } from '@ansinh/database';
import type { Command } from '@ansinh/idempotency';
import { ApprovalService } from '../approval/approval.service.js';
import { BatchService } from '../batch/batch.service.js';
import type { BatchView } from '../batch/batch.dto.js';
import { CheckService } from '../finding/check.service.js';
import { FundService } from '../fund/fund.service.js';
import type { TransmitHint } from '../hints/hints.js';
import { transmissionsAtOnce } from '../hints/hint-worker.js';
import { ListImportService } from '../list-import/list-import.service.js';
import { SetProgramme } from '../programme/programme.dto.js';
import { ProgrammeService } from '../programme/programme.service.js';
import { DocumentCollector } from '../statement/document-collector.js';
import { ReconciliationService } from '../statement/reconciliation.service.js';
import { ChunkSender } from '../transmission/chunk-sender.js';
import { TransmissionService } from '../transmission/transmission.service.js';
import { VerificationService } from '../verification/verification.service.js';
import type { RecordedBank } from './recorded-bank.js';

const steps = ['import', 'check', 'approve', 'transmit', 'outcomes', 'reconcile', 'verify'] as const;

/** Seconds of each step, without what was spent as the bank. */
export type StepSeconds = Record<(typeof steps)[number], number>;

export interface Lifecycle {
  rows: number;
  payments: number;
  steps: StepSeconds;
  /** Time that was spent as the bank: taking messages, writing its documents. */
  bankSeconds: number;
}

export interface MeasuredList {
  path: string;
  programmeCode: string;
  /** What the fund is given, in đồng. */
  amount: bigint;
}

export const payer = { bin: '970405', number: '2600201009999', name: 'SỞ LAO ĐỘNG - THƯƠNG BINH VÀ XÃ HỘI' };

/** Takes one list through its whole life by the services themselves, with a clock at each step. */
export class LifecycleRun {
  private readonly seconds = Object.fromEntries(steps.map((step) => [step, 0])) as StepSeconds;

  constructor(
    private readonly app: INestApplicationContext,
    private readonly bank: RecordedBank,
  ) {}

  async run(list: MeasuredList): Promise<Lifecycle> {
    const id = await this.openBatch(list);
    const file = { path: list.path, format: 'csv' } as const;
    await this.measure('import', () =>
      this.app.get(ListImportService).importFile(id, file, 'setAside', by('maker')),
    );
    await this.measure('check', () => this.app.get(CheckService).check(id));
    const approved = await this.measure('approve', () => this.approve(id));
    await this.measure('transmit', () => this.transmit(id));
    const settling = await secondsOf(() => this.bank.settle());
    await this.measure('outcomes', () => this.app.get(DocumentCollector).collect());
    const stating = await secondsOf(() => this.bank.drawStatement());
    await this.measure('reconcile', () => this.reconcile(id));
    await this.measure('verify', () => this.verify());
    return {
      rows: approved.rows,
      payments: approved.kept,
      steps: this.seconds,
      bankSeconds: this.bank.ownSeconds + settling + stating,
    };
  }

  private async openBatch({ programmeCode, amount }: MeasuredList): Promise<string> {
    const programme = Object.assign(new SetProgramme(), { name: programmeCode });
    await this.app.get(ProgrammeService).set(programmeCode, programme, by('operator'));
    const funds = this.app.get(FundService);
    const fund = await funds.create(
      {
        code: 'BENCH',
        name: 'Bench',
        budgetSource: 'Bench',
        programmeCodes: [programmeCode],
        channel: 'iso20022-http',
        account: payer,
      },
      by('operator'),
    );
    await funds.allot(fund.id, { amount: amount.toString(), reference: 'BENCH', note: '' }, by('operator'));
    const batch = await this.app
      .get(BatchService)
      .create(
        { fundId: fund.id, programmeCode, purpose: 'Bench', period: '2022-03', channel: 'iso20022-http' },
        by('maker'),
      );
    return batch.id;
  }

  private async approve(id: string): Promise<BatchView> {
    const approvals = this.app.get(ApprovalService);
    let batch = await approvals.submit(id, by('maker'));
    for (let checker = 1; checker <= batch.requiredApprovals; checker += 1)
      batch = await approvals.approve(id, batch.digest!, by(`checker${checker}`));
    return batch;
  }

  /** As many chunks at once as the worker sends. */
  private async transmit(id: string): Promise<void> {
    await this.app.get(TransmissionService).transmit(id, by('operator'));
    const sender = this.app.get(ChunkSender);
    const due: TransmitHint[] = await inTransaction(this.app.get(DataSource), 'system', (tx) =>
      tx.query(
        `SELECT batch_number AS "batchNumber", chunk_no AS "chunkNo"
         FROM chunk JOIN batch ON batch.number = batch_number WHERE batch.id = $1 ORDER BY chunk_no`,
        [id],
      ),
    );
    const lane = async () => {
      for (let hint = due.shift(); hint; hint = due.shift()) await sender.send(hint);
    };
    await Promise.all(Array.from({ length: transmissionsAtOnce }, lane));
  }

  private async reconcile(id: string): Promise<void> {
    await this.app.get(DocumentCollector).collect();
    const reconciliation = await this.app.get(ReconciliationService).ofBatch(id, by('operator').actor);
    const { state } = await this.app.get(BatchService).get(id, by('operator').actor);
    const isDone = state === 'reconciled' && reconciliation.balanced && reconciliation.exceptions.open === 0;
    const { statementDebits, paid } = reconciliation;
    if (isDone && statementDebits === paid.amount) return;
    throw new Error(`the batch did not reconcile: ${state}, ${JSON.stringify(reconciliation)}`);
  }

  private async verify(): Promise<void> {
    const { ok, checks } = await this.app.get(VerificationService).verify();
    if (!ok)
      throw new Error(`the books do not verify: ${JSON.stringify(checks.filter((check) => !check.ok))}`);
  }

  private async measure<T>(step: keyof StepSeconds, work: () => Promise<T>): Promise<T> {
    const bankBefore = this.bank.ownSeconds;
    const startedAt = performance.now();
    const result = await work();
    const seconds = (performance.now() - startedAt) / 1_000;
    this.seconds[step] = seconds - (this.bank.ownSeconds - bankBefore);
    return result;
  }
}

async function secondsOf(work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return (performance.now() - startedAt) / 1_000;
}

/** A command as the API makes one of a request, for somebody with every permission in the province's office. */
function by(name: string): Command {
  const actor: Actor = { id: name, name, office: '27', permissions: new Set(permissions) };
  return { actor, requestId: randomUUID(), key: randomUUID(), digest: '' };
}
