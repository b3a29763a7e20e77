import type { ProblemDefinition } from '@ansinh/problem';

export const accountProblems = {
  notFound: {
    code: 'ACCOUNT_NOT_FOUND',
    status: 404,
    title: { vi: 'Ngân hàng không có tài khoản này', en: 'The bank keeps no such account' },
  },
  exists: {
    code: 'ACCOUNT_EXISTS',
    status: 409,
    title: {
      vi: 'Tài khoản đã mở với tên hoặc số dư đầu khác',
      en: 'The account was opened with another name or opening balance',
    },
  },
} satisfies Record<string, ProblemDefinition>;
