import type { ProblemDefinition } from '@ansinh/problem';

export const capitalProblems = {
  notFound: {
    code: 'CAPITAL_PLAN_NOT_FOUND',
    status: 404,
    title: { vi: 'Không tìm thấy kế hoạch vốn', en: 'The capital plan was not found' },
  },
  exists: {
    code: 'CAPITAL_PLAN_EXISTS',
    status: 409,
    title: {
      vi: 'Địa bàn đã có kế hoạch vốn của nguồn này trong năm',
      en: 'The place has a plan of this source for the year already',
    },
  },
  changed: {
    code: 'CAPITAL_DECISION_BOOKED',
    status: 409,
    title: {
      vi: 'Quyết định này đã được ghi vào kế hoạch vốn',
      en: 'This decision is booked in the plan already',
    },
  },
  exhausted: {
    code: 'CAPITAL_EXHAUSTED',
    status: 409,
    title: { vi: 'Kế hoạch vốn không còn đủ', en: 'The capital plan has not enough left' },
  },
  elsewhere: {
    code: 'CAPITAL_PLAN_ELSEWHERE',
    status: 422,
    title: {
      vi: 'Kế hoạch vốn không dành cho địa bàn hoặc năm này',
      en: 'The capital plan is not of this place, or not of this year',
    },
  },
} satisfies Record<string, ProblemDefinition>;
