import { column, type ListSheet } from '@ansinh/uploads';
import type { ReminderView } from './reminder.dto.js';

export const reminderSheet: ListSheet<ReminderView> = {
  name: 'loan-reminders',
  sheet: { vi: 'Sắp đến hạn', en: 'Due soon' },
  columns: [
    column('Mã khoản vay', 'Code', 16, ({ code }) => code),
    column('Người vay', 'Borrower', 36, ({ borrowerName }) => borrowerName),
    column('Mã xã', 'Commune', 10, ({ placeCode }) => placeCode),
    column('Chương trình', 'Product', 18, ({ productCode }) => productCode),
    column('Ngày đến hạn', 'Due on', 14, ({ dueOn }) => dueOn),
    column('Gốc đến hạn', 'Principal', 18, ({ principal }) => principal),
    column('Lãi đến hạn', 'Interest', 18, ({ interest }) => interest),
  ],
};
