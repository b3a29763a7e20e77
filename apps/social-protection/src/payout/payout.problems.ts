import type { ProblemDefinition } from '@ansinh/problem';

export const payoutProblems = {
  nothing: {
    code: 'SUPPORT_PAYOUT_EMPTY',
    status: 422,
    title: {
      vi: 'Không còn khoản nào của đợt xét này cần chi',
      en: 'Nothing of the run is left to be paid',
    },
  },
} satisfies Record<string, ProblemDefinition>;
