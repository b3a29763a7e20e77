import type { ProblemDefinition } from '@ansinh/problem';

export const authProblems = {
  officialMissing: {
    code: 'OFFICIAL_MISSING',
    status: 400,
    title: {
      vi: 'Dịch vụ phải cho biết thực hiện thay cho cán bộ nào (tiêu đề On-Behalf-Of)',
      en: 'A service states for which official it acts (header On-Behalf-Of)',
    },
  },
  officialMalformed: {
    code: 'OFFICIAL_MALFORMED',
    status: 400,
    title: {
      vi: 'On-Behalf-Of phải có dạng «mã cán bộ; mã đơn vị; họ tên», mã hóa phần trăm UTF-8',
      en: 'On-Behalf-Of must be "<id>; <office>; <name>", each percent-encoded UTF-8',
    },
  },
} as const satisfies Record<string, ProblemDefinition>;
