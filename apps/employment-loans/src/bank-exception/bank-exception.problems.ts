import type { ProblemDefinition } from '@ansinh/problem';

export const bankExceptionProblems = {
  notFound: {
    code: 'BANK_EXCEPTION_NOT_FOUND',
    status: 404,
    title: { vi: 'Không tìm thấy sai lệch với ngân hàng', en: 'The exception was not found' },
  },
  resolved: {
    code: 'BANK_EXCEPTION_RESOLVED',
    status: 409,
    title: { vi: 'Sai lệch này đã được xử lý', en: 'The exception is resolved already' },
  },
  notBookable: {
    code: 'BANK_EXCEPTION_NOT_BOOKABLE',
    status: 422,
    title: {
      vi: 'Không thể ghi sổ sai lệch này vào khoản vay đã nêu',
      en: 'This exception cannot be booked on the loan that is named',
    },
  },
} as const satisfies Record<string, ProblemDefinition>;
