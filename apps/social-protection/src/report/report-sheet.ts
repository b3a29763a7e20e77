import { type Language } from '@ansinh/language';
import { nationalCatalogue } from '@ansinh/policy';
import { column, type ListSheet } from '@ansinh/uploads';
import { type ProgrammeCode, programmeOf } from '../programme/programmes.js';
import type { HalfYearLine } from './report.dto.js';

/** The names of its rules, or of what was asked for. */
const categoryNames = ({ programme, categories }: HalfYearLine, language: Language): string =>
  categories.map((category) => categoryName(programme, category, language)).join(' + ');

function categoryName(programme: ProgrammeCode, category: string, language: Language): string {
  const choice = programmeOf(programme).choices.find(({ code }) => code === category);
  const rules = nationalCatalogue().programmes[programme]!.programme.groups.flatMap((group) => group.rules);
  const rule = rules.find(({ id }) => id === category);
  return (choice ?? rule)?.name[language] ?? category;
}

export const reportSheet: ListSheet<HalfYearLine> = {
  name: 'half-year',
  sheet: { vi: 'Báo cáo 6 tháng', en: 'Half-year' },
  columns: [
    column(
      'Chương trình',
      'Programme',
      44,
      ({ programme }, language) => programmeOf(programme).name[language],
    ),
    column('Mã', 'Code', 18, ({ categories }) => categories.join(' + ')),
    column('Diện hưởng', 'Category', 50, categoryNames),
    column('Kỳ trước chuyển sang', 'Before', 20, ({ before }) => before),
    column('Cuối kỳ', 'People', 12, ({ people }) => people),
    column('Kinh phí được duyệt (đồng)', 'Owed (đồng)', 24, ({ owed }) => owed),
    column('Trừ thu hồi (đồng)', 'Deducted (đồng)', 20, ({ deducted }) => deducted),
    column('Đã chi trả (đồng)', 'Paid (đồng)', 20, ({ paid }) => paid),
  ],
};
