import type { ProblemDefinition } from '@ansinh/problem';

export const halfYearFormProblems = {
  place: {
    code: 'HALF_YEAR_PLACE',
    status: 422,
    title: {
      vi: 'Địa bàn không có vào cuối kỳ báo cáo, hoặc thuộc đơn vị khác',
      en: 'There was no such unit at the end of the half-year, or it is of another office',
    },
  },
} satisfies Record<string, ProblemDefinition>;
