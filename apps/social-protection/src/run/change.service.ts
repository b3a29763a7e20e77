import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { type Actor, scopeOf } from '@ansinh/auth';
import { inTransaction, type Page, pageOf, readCursor } from '@ansinh/database';
import type { Text } from '@ansinh/language';
import { reasonsBetween } from '@ansinh/policy';
import { ProblemError } from '@ansinh/problem';
import { column, type ListSheet } from '@ansinh/uploads';
import type { DecisionView } from '../decision/decision.dto.js';
import { DecisionService, madeAgain } from '../decision/decision.service.js';
import { lawsOf } from '../law.js';
import type { ChangesQuery, ChangeView } from './change.dto.js';
import { reasonText } from './reason-text.js';
import { runProblems } from './run.problems.js';

type Row = Omit<ChangeView, 'reasons'> & {
  earlierId: string | null;
  /** What is deducted, and by what; null on a line that compares decisions. */
  recoveries: { paper: string; month: string; amount: string }[] | null;
};

/** What a run of a month is different in from before, line by line with its reasons: looked at before anybody approves. */
@Injectable()
export class ChangeService {
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
      const [id, part] = readCursor(after, 'uuid', 'row') ?? [null, null];
      return tx.query(selectLines, [runId, change ?? null, id, part, limit + 1]);
    })) as Row[];
    const page = pageOf(rows, limit, ({ decisionId, recoveries }) => [decisionId, recoveries ? 1 : 0]);
    return { next: page.next, items: await this.withReasons(page.items, actor) };
  }

  /** Both decisions made again from the facts that were kept, and set beside each other. */
  private async withReasons(rows: readonly Row[], actor: Actor): Promise<ChangeView[]> {
    const ids = rows.flatMap(({ decisionId, earlierId }) => (earlierId ? [decisionId, earlierId] : []));
    const views = await this.decisions.byIds(ids, actor);
    const lawAt = await inTransaction(this.dataSource, 'system', lawsOf);
    const again = (view: DecisionView) => madeAgain(lawAt, view);
    return rows.map(({ earlierId, recoveries, ...row }) => {
      if (recoveries) return { ...row, reasons: recoveries.map(recoveryText) };
      const [now, before] = [views.get(row.decisionId), views.get(earlierId ?? '')];
      const reasons = now && before ? reasonsBetween(again(before), again(now)) : [];
      return { ...row, reasons: reasons.map((reason) => reasonText(now!.programme, reason)) };
    });
  }
}

/** A decision may be different from the last one, and have something deducted: two lines, one after the other. */
const selectLines = `
(SELECT d.id AS "decisionId", b.id AS "beneficiaryId", b.name, b.place_code AS "placeCode", to_char(d.month, 'YYYY-MM') AS month,
   d.change, d.amount_before::text AS "amountBefore", d.amount::text AS amount, (d.amount - d.amount_before)::text AS difference,
   d.earlier_id AS "earlierId", NULL::jsonb AS recoveries
 FROM decision d JOIN beneficiary b ON b.id = d.beneficiary_id
 WHERE d.run_id = $1 AND d.change IS NOT NULL AND ($2::text IS NULL OR d.change = $2) AND ($3::uuid IS NULL OR d.id > $3)
 ORDER BY d.id LIMIT $5)
UNION ALL
(SELECT e.id, b.id, b.name, b.place_code, e.period, 'recovered', e.amount::text, (e.amount - e.deducted)::text, (-e.deducted)::text,
   NULL, (SELECT jsonb_agg(jsonb_build_object('paper', r.paper, 'month', to_char(entry.month, 'YYYY-MM'), 'amount', entry.amount::text)
     ORDER BY entry.id) FROM recovery_entry entry JOIN recovery r ON r.id = entry.recovery_id WHERE entry.entitlement_id = e.id)
 FROM entitlement e JOIN decision d ON d.id = e.id JOIN beneficiary b ON b.id = d.beneficiary_id
 WHERE e.run_id = $1 AND e.deducted > 0 AND ($2::text IS NULL OR $2 = 'recovered')
   AND ($3::uuid IS NULL OR (e.id, 1) > ($3, $4::int))
 ORDER BY e.id LIMIT $5)
ORDER BY "decisionId", recoveries NULLS FIRST LIMIT $5`;

function recoveryText({ paper, month, amount }: { paper: string; month: string; amount: string }): Text {
  const sum = BigInt(amount);
  return {
    vi: `${paper}: trừ ${sum.toLocaleString('vi')} đồng đã chi thừa của tháng ${month}`,
    en: `${paper}: ${sum.toLocaleString('en')} đồng deducted that were paid too much for ${month}`,
  };
}

const changeNames: Record<ChangeView['change'], Text> = {
  new: { vi: 'Tăng mới', en: 'New' },
  changed: { vi: 'Thay đổi mức', en: 'Changed' },
  stopped: { vi: 'Thôi hưởng', en: 'Stopped' },
  arrears: { vi: 'Truy lĩnh', en: 'Arrears' },
  overpaid: { vi: 'Đã chi thừa', en: 'Overpaid' },
  undecided: { vi: 'Chưa đủ căn cứ', en: 'Undecided' },
  recovered: { vi: 'Trừ thu hồi', en: 'Recovered' },
};

export const changeSheet: ListSheet<ChangeView> = {
  name: 'changes',
  sheet: { vi: 'Biến động', en: 'Changes' },
  columns: [
    column('Họ và tên', 'Full name', 28, ({ name }) => name),
    column('Mã xã', 'Commune', 10, ({ placeCode }) => placeCode),
    column('Tháng', 'Month', 10, ({ month }) => month),
    column('Biến động', 'Change', 18, ({ change }, language) => changeNames[change][language]),
    column('Mức trước', 'Before', 14, ({ amountBefore }) => amountBefore),
    column('Mức này', 'Now', 14, ({ amount }) => amount),
    column('Chênh lệch', 'Difference', 14, ({ difference }) => difference),
    column('Lý do', 'Reasons', 70, ({ reasons }, language) =>
      reasons.map((reason) => reason[language]).join('\n'),
    ),
  ],
};
