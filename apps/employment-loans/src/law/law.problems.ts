import type { ProblemDefinition } from '@ansinh/problem';

export const lawProblems = {
  notAwaiting: {
    code: 'LOAN_LAW_ROW_NOT_AWAITING',
    status: 404,
    title: { vi: 'Không có quy định này chờ xác nhận', en: 'No such row of law waits for a confirmation' },
  },
  changed: {
    code: 'LOAN_LAW_ROW_CHANGED',
    status: 409,
    title: {
      vi: 'Quy định đã khác so với bản đã xem',
      en: 'The row of law is not the one that was looked at',
    },
  },
  confirmed: {
    code: 'LOAN_LAW_ROW_CONFIRMED',
    status: 409,
    title: { vi: 'Quy định này đã được xác nhận', en: 'The row of law is confirmed already' },
  },
} satisfies Record<string, ProblemDefinition>;
