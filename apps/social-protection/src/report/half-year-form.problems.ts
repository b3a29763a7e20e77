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
  beforeLaw: {
    code: 'HALF_YEAR_BEFORE_LAW',
    status: 422,
    title: {
      vi: 'Mẫu 10a đến 10d áp dụng từ kỳ bắt đầu ngày 01/7/2021',
      en: 'Forms 10a to 10d are reported of half-years that begin on 1 July 2021 or later',
    },
  },
} satisfies Record<string, ProblemDefinition>;
