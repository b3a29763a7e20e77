import type { ProblemDefinition } from '@ansinh/problem';

export const paymentProblems = {
  lineNotFound: {
    code: 'LINE_NOT_FOUND',
    status: 404,
    title: { vi: 'Không tìm thấy dòng trong danh sách', en: 'The list has no such line' },
  },
} satisfies Record<string, ProblemDefinition>;
