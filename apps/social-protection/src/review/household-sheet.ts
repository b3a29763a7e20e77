import type { Language } from '@ansinh/language';
import { column, type ListSheet } from '@ansinh/uploads';
import { declaredFacts } from './household-row.js';
import type { ReviewedHouseholdView } from './review.dto.js';

const classNames = {
  poor: { vi: 'Hộ nghèo', en: 'Poor' },
  nearPoor: { vi: 'Hộ cận nghèo', en: 'Near poor' },
  notPoor: { vi: 'Không nghèo', en: 'Neither' },
};

const lacked = (deprivedOf: readonly string[], language: Language) =>
  deprivedOf.map((indicator) => declaredFacts['deprivedOf']!.values![indicator]![language]).join('; ');

export const householdSheet: ListSheet<ReviewedHouseholdView> = {
  name: 'reviewed-households',
  sheet: { vi: 'Hộ được rà soát', en: 'Reviewed households' },
  columns: [
    column('Mã xã', 'Commune', 10, ({ placeCode }) => placeCode),
    column('Chủ hộ', 'Head', 28, ({ name }) => name),
    column('Số nhân khẩu', 'Members', 14, ({ members }) => String(members)),
    column('Phân loại', 'Class', 16, ({ class: found }, language) => found && classNames[found][language]),
    column('Điểm B1', 'Points B1', 10, ({ pointsB1 }) => pointsB1),
    column('Điểm B2', 'Points B2', 10, ({ pointsB2 }) => pointsB2),
    column('Chỉ số thiếu hụt', 'Deprived of', 60, ({ deprivedOf }, language) => lacked(deprivedOf, language)),
  ],
};
