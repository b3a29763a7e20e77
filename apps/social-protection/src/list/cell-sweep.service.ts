import { Inject, Injectable, Logger } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { Counter } from 'prom-client';
import { DataSource } from 'typeorm';
import { addDays, todayInVietnam } from '@ansinh/calendar';
import type { Chore } from '@ansinh/service';
import { type ListSweep, sweepLists } from '@ansinh/uploads';
import { digestOf } from '../audit/record-digest.js';
import { answerCells, answerFindingTable } from '../insurance/refused-answers.js';
import { monthlyCodes } from '../programme/programmes.js';
import { listCells } from './copy-list.js';

/** For how many days the cells of a flawed list are kept. */
export const cellDaysKept = Symbol('cellDaysKept');

const listsSwept = new Counter({
  name: 'ansinh_flawed_lists_swept_total',
  help: 'Flawed lists whose cells were removed after their last day.',
});
// From the start, so that the first one is an increase.
listsSwept.inc(0);

const day = `$1::date::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh'`;
const isOld = `blocked > 0 AND cells_swept_at IS NULL AND created_at < ${day}`;
const mark = 'cells_swept_at = clock_timestamp()';

/**
 * A list is worked on until a run that took it is approved, or a corrected one has to come in its place; one of a register is done
 * with as it is brought. From then on its days count. One that no run is ever approved of is done with a year after it came.
 */
const doneAt = `CASE WHEN is_refused OR programme IN (${monthlyCodes.map((code) => `'${code}'`).join(', ')}) THEN created_at ELSE coalesce((
  SELECT approval.at FROM run_list JOIN run_approval approval USING (run_id)
  WHERE list_id = support_list.id AND NOT is_released AND verdict = 'approved'), created_at + interval '1 year') END`;

const ofSenders: ListSweep<'cells'> = {
  table: 'support_list',
  // Some of before have no cells: of those nothing goes.
  isDue: `${isOld} AND ${doneAt} < ${day} AND EXISTS (SELECT FROM ${listCells} WHERE list_id = support_list.id)`,
  oldest: 'created_at',
  mark,
  // What was found stays: it says why a row was not decided on.
  parts: { cells: listCells },
  key: 'list_id',
  verb: 'support.list.sweep',
  subjectOf: (id) => `support-list/${id}`,
  digestOf: (tx, id) => digestOf(tx, 'list', id),
};

const ofInsuranceOffice: ListSweep<'cells' | 'findings'> = {
  table: 'insurance_list',
  isDue: isOld,
  oldest: 'created_at',
  mark,
  parts: { cells: answerCells, findings: answerFindingTable },
  key: 'list_id',
  verb: 'support.insurance.sweep',
  subjectOf: (id) => `insurance-list/${id}`,
  digestOf: (tx, id) => digestOf(tx, 'insuranceList', id),
};

/** Takes away the cells of flawed lists, which are kept to be given back, after their last day. */
@Injectable()
export class CellSweepService {
  private readonly logger = new Logger('cell-sweep');

  readonly chore: Chore = { pauseMs: 600_000, work: () => this.sweepDue() };

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(cellDaysKept) private readonly daysKept: number,
  ) {}

  /** @param today cells go on the day after the last one of theirs */
  async sweepDue(today = todayInVietnam()): Promise<void> {
    for (const sweep of [ofSenders, ofInsuranceOffice] as ListSweep<string>[]) {
      for await (const { id, removed } of sweepLists(
        this.dataSource,
        sweep,
        addDays(today, -this.daysKept),
      )) {
        listsSwept.inc();
        this.logger.log({ [sweep.table]: id, ...removed }, 'list swept');
      }
    }
  }
}
