import type { ProblemDefinition } from '@ansinh/problem';

export const jobProblems = {
  registryAway: {
    code: 'LOAN_REGISTRY_AWAY',
    status: 503,
    title: {
      vi: 'Chưa hỏi được sổ đăng ký về hợp đồng và bảo hiểm của người lao động; hãy thử lại sau',
      en: 'The registry does not answer who works where and is insured; try again later',
    },
  },
} satisfies Record<string, ProblemDefinition>;
