import { Injectable, Logger } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { Counter } from 'prom-client';
import { DataSource } from 'typeorm';
import { recordAudit, worker } from '@ansinh/audit';
import { todayInVietnam } from '@ansinh/calendar';
import { inTransaction, limitStatement, type Transaction } from '@ansinh/database';
import type { Chore } from '@ansinh/service';
import { removeAbandonedSpools } from '@ansinh/uploads';
import { digestOf } from '../audit/record-digest.js';
import { countedFindings } from './import-view.js';

const secondsMax = 900;

const counter = (name: string, help: string) => {
  const counted = new Counter({ name, help });
  // From the start, so that the first one is an increase.
  counted.inc(0);
  return counted;
};
const listsSwept = counter(
  'ansinh_imports_swept_total',
  'Lists whose staged rows were removed on their day.',
);
const rowsSwept = counter(
  'ansinh_import_rows_swept_total',
  'Staged rows that were removed with their lists.',
);
const uploadsRemoved = counter(
  'ansinh_abandoned_uploads_removed_total',
  'Uploads of killed processes that were removed from the disk.',
);

/**
 * Takes away what lists left behind: staged rows, cells and remarks after the day until which a list is kept, and files of
 * uploads whose process was killed. The list itself stays in the books, with its counts and the digest of its file.
 */
@Injectable()
export class ImportSweepService {
  private readonly logger = new Logger('import-sweep');

  /** Soon after midnight lists are swept whose last day it was. */
  readonly chore: Chore = { pauseMs: 600_000, work: () => this.sweepDue() };

  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** @param today lists are swept on the day after the last one of theirs */
  async sweepDue(today = todayInVietnam()): Promise<void> {
    uploadsRemoved.inc(await removeAbandonedSpools());
    for (;;) {
      const rows = await inTransaction(this.dataSource, 'system', (tx) => this.sweepNext(tx, today));
      if (rows === null) return;
      listsSwept.inc();
      rowsSwept.inc(rows);
    }
  }

  /** One list a transaction, as it came in. Of two workers each takes another one. @returns its rows; null: none is due */
  private async sweepNext(tx: Transaction, today: string): Promise<number | null> {
    await limitStatement(tx, secondsMax);
    const [due] = (await tx.query(
      `SELECT id, office_code AS office FROM registry_import WHERE swept_at IS NULL AND kept_until < $1
       ORDER BY kept_until, id LIMIT 1 FOR UPDATE SKIP LOCKED`,
      [today],
    )) as { id: string; office: string }[];
    if (!due) return null;
    const { id, office } = due;
    const before = await digestOf(tx, 'import', id);
    await tx.query(
      `UPDATE registry_import SET swept_at = clock_timestamp(), counted_findings = ${countedFindings} WHERE id = $1`,
      [id],
    );
    const facts = {
      rows: await removeOf(tx, 'import_row', id),
      findings: await removeOf(tx, 'import_finding', id),
      cells: await removeOf(tx, 'import_cells', id),
    };
    const after = await digestOf(tx, 'import', id);
    const subject = `import/${id}`;
    const requestId = `sweep-${id}`;
    await recordAudit(tx, {
      ...worker,
      office,
      verb: 'registry.import.sweep',
      subject,
      before,
      after,
      requestId,
      facts,
    });
    this.logger.log({ import: id, ...facts }, 'list swept');
    return facts.rows;
  }
}

async function removeOf(
  tx: Transaction,
  table: 'import_row' | 'import_finding' | 'import_cells',
  id: string,
): Promise<number> {
  const [, count] = (await tx.query(`DELETE FROM ${table} WHERE import_id = $1`, [id])) as [unknown, number];
  return count;
}
