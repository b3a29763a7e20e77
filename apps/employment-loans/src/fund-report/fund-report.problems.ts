import type { ProblemDefinition } from '@ansinh/problem';

export const fundReportProblems = {
  period: {
    code: 'FUND_REPORT_PERIOD',
    status: 422,
    title: {
      vi: 'Kỳ báo cáo phải nằm trong một năm, từ ngày đầu đến ngày cuối',
      en: 'The period of the report is within one year, its first day not after its last',
    },
  },
} satisfies Record<string, ProblemDefinition>;
