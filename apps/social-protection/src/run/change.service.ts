import { PassThrough, type Readable } from 'node:stream';
import { Injectable, Logger } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { type Actor, scopeOf } from '@ansinh/auth';
import { inTransaction, type Page, pageOf, readCursor } from '@ansinh/database';
import type { Language, Text } from '@ansinh/language';
import { writeTable } from '@ansinh/payment-list';
import { reasonsBetween } from '@ansinh/policy';
import { ProblemError } from '@ansinh/problem';
import type { PageQuery } from '@ansinh/service';
import type { DecisionView } from '../decision/decision.dto.js';
import { DecisionService, madeAgain } from '../decision/decision.service.js';
import { lawsOf } from '../law.js';
import type { ChangesQuery, ChangeView } from './change.dto.js';
import { reasonText } from './reason-text.js';
import { runProblems } from './run.problems.js';

type Row = Omit<ChangeView, 'reasons'> & { earlierId: string | null };

const rowsPerPage = 1_000;

/** What a run of a month is different in from before, line by line with its reasons: looked at before anybody approves. */
@Injectable()
export class ChangeService {
  private readonly logger = new Logger('changes');

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly decisions: DecisionService,
  ) {}

  /** @throws ProblemError SUPPORT_RUN_NOT_FOUND */
  async list(runId: string, query: ChangesQuery, actor: Actor): Promise<Page<ChangeView>> {
    const { change, after, limit } = query;
    const rows = (await inTransaction(this.dataSource, scopeOf(actor), async (tx) => {
      const [run] = (await tx.query('SELECT id FROM support_run WHERE id = $1', [runId])) as object[];
      if (!run) throw new ProblemError(runProblems.notFound);
      return tx.query(
        `SELECT d.id AS "decisionId", b.id AS "beneficiaryId", b.name, b.place_code AS "placeCode",
           to_char(d.month, 'YYYY-MM') AS month, d.change, d.amount_before::text AS "amountBefore", d.amount::text AS amount,
           (d.amount - d.amount_before)::text AS difference, d.earlier_id AS "earlierId"
         FROM decision d JOIN beneficiary b ON b.id = d.beneficiary_id
         WHERE d.run_id = $1 AND d.change IS NOT NULL AND ($2::text IS NULL OR d.change = $2) AND ($3::uuid IS NULL OR d.id > $3)
         ORDER BY d.id LIMIT $4`,
        [runId, change ?? null, readCursor(after, 'uuid')?.[0] ?? null, limit + 1],
      );
    })) as Row[];
    const page = pageOf(rows, limit, ({ decisionId }) => [decisionId]);
    return { next: page.next, items: await this.withReasons(page.items, actor) };
  }

  /** All of them as a workbook. The first page is read before anything is sent, so that a refusal answers as a problem. */
  async workbook(runId: string, query: ChangesQuery, language: Language, actor: Actor): Promise<Readable> {
    const page = (more: PageQuery) => this.list(runId, { ...query, ...more }, actor);
    const first = await page({ limit: rowsPerPage, after: undefined });
    const content = new PassThrough();
    const options = {
      format: 'xlsx',
      sheetName: sheet[language],
      columns: columns.map(({ title, width }) => ({ title: title[language], width })),
    } as const;
    writeTable(rowsOf(first, page, language), content, options).catch((error: unknown) => {
      this.logger.error(error, `changes of run ${runId} broke off`);
      content.destroy(error as Error);
    });
    return content;
  }

  /** Both decisions made again from the facts that were kept, and set beside each other. */
  private async withReasons(rows: readonly Row[], actor: Actor): Promise<ChangeView[]> {
    const ids = rows.flatMap(({ decisionId, earlierId }) => (earlierId ? [decisionId, earlierId] : []));
    const views = await this.decisions.byIds(ids, actor);
    const lawAt = await inTransaction(this.dataSource, 'system', lawsOf);
    const again = (view: DecisionView) => madeAgain(lawAt, view);
    return rows.map(({ earlierId, ...row }) => {
      const [now, before] = [views.get(row.decisionId), views.get(earlierId ?? '')];
      const reasons = now && before ? reasonsBetween(again(before), again(now)) : [];
      return { ...row, reasons: reasons.map((reason) => reasonText(now!.programme, reason)) };
    });
  }
}

async function* rowsOf(
  first: Page<ChangeView>,
  read: (query: PageQuery) => Promise<Page<ChangeView>>,
  language: Language,
): AsyncGenerator<string[]> {
  for (let page = first; ; page = await read({ limit: rowsPerPage, after: page.next! })) {
    for (const row of page.items) yield columns.map(({ text }) => text(row, language));
    if (page.next === null) return;
  }
}

const sheet: Text = { vi: 'Biến động', en: 'Changes' };

const changeNames: Record<ChangeView['change'], Text> = {
  new: { vi: 'Tăng mới', en: 'New' },
  changed: { vi: 'Thay đổi mức', en: 'Changed' },
  stopped: { vi: 'Thôi hưởng', en: 'Stopped' },
  arrears: { vi: 'Truy lĩnh', en: 'Arrears' },
  overpaid: { vi: 'Đã chi thừa', en: 'Overpaid' },
  undecided: { vi: 'Chưa đủ căn cứ', en: 'Undecided' },
};

const columns: { title: Text; width: number; text: (row: ChangeView, language: Language) => string }[] = [
  { title: { vi: 'Họ và tên', en: 'Full name' }, width: 28, text: ({ name }) => name },
  { title: { vi: 'Mã xã', en: 'Commune' }, width: 10, text: ({ placeCode }) => placeCode },
  { title: { vi: 'Tháng', en: 'Month' }, width: 10, text: ({ month }) => month },
  {
    title: { vi: 'Biến động', en: 'Change' },
    width: 18,
    text: ({ change }, language) => changeNames[change][language],
  },
  { title: { vi: 'Mức trước', en: 'Before' }, width: 14, text: ({ amountBefore }) => amountBefore },
  { title: { vi: 'Mức này', en: 'Now' }, width: 14, text: ({ amount }) => amount },
  { title: { vi: 'Chênh lệch', en: 'Difference' }, width: 14, text: ({ difference }) => difference },
  {
    title: { vi: 'Lý do', en: 'Reasons' },
    width: 70,
    text: ({ reasons }, language) => reasons.map((reason) => reason[language]).join('\n'),
  },
];
