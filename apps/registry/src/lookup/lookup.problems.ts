import type { ProblemDefinition } from '@ansinh/problem';

export const lookupProblems = {
  tooMany: {
    code: 'LOOKUP_TOO_LARGE',
    status: 413,
    title: {
      vi: 'Danh sách tra cứu quá dài',
      en: 'The list to look up is too long',
    },
  },
} satisfies Record<string, ProblemDefinition>;
