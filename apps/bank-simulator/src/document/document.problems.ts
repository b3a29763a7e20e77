import type { ProblemDefinition } from '@ansinh/problem';

export const documentProblems = {
  notFound: {
    code: 'DOCUMENT_NOT_FOUND',
    status: 404,
    title: { vi: 'Không có chứng từ này', en: 'There is no such document' },
  },
} satisfies Record<string, ProblemDefinition>;
