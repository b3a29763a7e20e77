import type { ProblemDefinition } from '@ansinh/problem';

export const exceptionProblems = {
  notFound: {
    code: 'EXCEPTION_NOT_FOUND',
    status: 404,
    title: { vi: 'Không tìm thấy sai lệch', en: 'The exception was not found' },
  },
  resolved: {
    code: 'EXCEPTION_RESOLVED',
    status: 409,
    title: { vi: 'Sai lệch này đã được xử lý', en: 'The exception is resolved already' },
  },
  notRecordable: {
    code: 'EXCEPTION_NOT_RECORDABLE',
    status: 422,
    title: {
      vi: 'Không thể ghi nhận sai lệch này là đã chi',
      en: 'This exception cannot be booked as the payment',
    },
  },
  notReturnable: {
    code: 'EXCEPTION_NOT_RETURNABLE',
    status: 422,
    title: {
      vi: 'Không thể ghi nhận sai lệch này là chưa chi',
      en: 'This exception cannot be booked as money that was not handed out',
    },
  },
} satisfies Record<string, ProblemDefinition>;
