import type { ProblemDefinition } from '@ansinh/problem';

export const closingProblems = {
  day: {
    code: 'LOAN_CLOSING_DAY',
    status: 422,
    title: {
      vi: 'Chỉ khóa sổ đến hôm nay, theo thứ tự ngày',
      en: 'Days are closed in their order, and none that has not come',
    },
  },
  underWay: {
    code: 'LOAN_CLOSING_UNDER_WAY',
    status: 409,
    title: { vi: 'Đang khóa sổ một ngày khác', en: 'Another day is being closed' },
  },
} as const satisfies Record<string, ProblemDefinition>;
