import type { ProblemDefinition } from '@ansinh/problem';

export const decisionProblems = {
  notFound: {
    code: 'SUPPORT_DECISION_NOT_FOUND',
    status: 404,
    title: { vi: 'Không tìm thấy quyết định này', en: 'The decision was not found' },
  },
} satisfies Record<string, ProblemDefinition>;
