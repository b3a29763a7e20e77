import { column, type ListSheet } from '@ansinh/uploads';
import type { CapitalPlanView } from './capital.dto.js';

export const capitalSheet: ListSheet<CapitalPlanView> = {
  name: 'capital-plans',
  sheet: { vi: 'Kế hoạch vốn', en: 'Capital plans' },
  columns: [
    column('Mã địa bàn', 'Place', 12, ({ placeCode }) => placeCode),
    column('Năm', 'Year', 8, ({ year }) => year),
    column('Nguồn vốn', 'Source', 14, ({ source }) => source),
    column('Mức duyệt dưới cấp tỉnh', 'Limit below the province', 20, (plan) => plan.limitBelowProvince),
    column('Kế hoạch', 'Planned', 18, ({ planned }) => planned),
    column('Vốn đã thu hồi', 'Collected', 18, ({ collected }) => collected),
    column('Chuyển từ năm khác', 'Carried', 18, ({ carried }) => carried),
    column('Còn được duyệt', 'Available', 18, ({ available }) => available),
    column('Đã duyệt', 'Committed', 18, ({ committed }) => committed),
    column('Đang giải ngân', 'Ordered', 18, ({ ordered }) => ordered),
    column('Đã giải ngân', 'Lent', 18, ({ lent }) => lent),
  ],
};
