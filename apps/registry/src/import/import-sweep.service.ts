import { Injectable, Logger } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { Counter } from 'prom-client';
import { DataSource } from 'typeorm';
import { todayInVietnam } from '@ansinh/calendar';
import type { Chore } from '@ansinh/service';
import { type ListSweep, removeAbandonedSpools, sweepLists } from '@ansinh/uploads';
import { digestOf } from '../audit/record-digest.js';
import { countedFindings } from './import-view.js';
import { importCells } from './staged-text.js';

const sweep: ListSweep<'rows' | 'findings' | 'cells' | 'chunks'> = {
  table: 'registry_import',
  isDue: 'swept_at IS NULL AND kept_until < $1',
  oldest: 'kept_until',
  mark: `swept_at = clock_timestamp(), counted_findings = ${countedFindings}`,
  parts: { rows: 'import_row', findings: 'import_finding', cells: importCells, chunks: 'import_chunk' },
  key: 'import_id',
  verb: 'registry.import.sweep',
  subjectOf: (id) => `import/${id}`,
  digestOf: (tx, id) => digestOf(tx, 'import', id),
};

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
    for await (const { id, removed } of sweepLists(this.dataSource, sweep, today)) {
      listsSwept.inc();
      rowsSwept.inc(removed.rows);
      this.logger.log({ import: id, ...removed }, 'list swept');
    }
  }
}
