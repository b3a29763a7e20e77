import type { ProblemDefinition } from '@ansinh/problem';

export const disbursementListProblems = {
  notFound: {
    code: 'DISBURSEMENT_LIST_NOT_FOUND',
    status: 404,
    title: { vi: 'Không tìm thấy danh sách giải ngân', en: 'The list of disbursements was not found' },
  },
  empty: {
    code: 'DISBURSEMENT_LIST_EMPTY',
    status: 409,
    title: { vi: 'Không có khoản vay nào chờ giải ngân', en: 'No disbursement waits for a list' },
  },
} satisfies Record<string, ProblemDefinition>;
