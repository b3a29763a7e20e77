import type { ProblemDefinition } from '@ansinh/problem';

export const insuranceProblems = {
  flawed: {
    code: 'INSURANCE_LIST_FLAWED',
    status: 422,
    title: {
      vi: 'Danh sách xác nhận của cơ quan BHXH có dòng sai, chưa nhận dòng nào',
      en: 'The list of the insurance office has flawed rows; none was taken',
    },
  },
  repeated: {
    code: 'INSURANCE_LIST_REPEATED',
    status: 422,
    title: {
      vi: 'Danh sách trả lời hai lần về cùng một người, tháng và đơn vị',
      en: 'The list answers twice for the same person, month and employer',
    },
  },
} satisfies Record<string, ProblemDefinition>;
