import type { ProblemDefinition } from '@ansinh/problem';

export const insuranceProblems = {
  notFound: {
    code: 'INSURANCE_LIST_NOT_FOUND',
    status: 404,
    title: {
      vi: 'Không tìm thấy danh sách xác nhận này của cơ quan BHXH',
      en: 'The list of the insurance office was not found',
    },
  },
  taken: {
    code: 'INSURANCE_LIST_TAKEN',
    status: 409,
    title: {
      vi: 'Danh sách này đã được nhận hết, không có dòng nào sai',
      en: 'The list was taken whole; nothing is wrong with any row of it',
    },
  },
  swept: {
    code: 'INSURANCE_LIST_SWEPT',
    status: 410,
    title: {
      vi: 'Các dòng của danh sách này đã được xoá khi hết hạn giữ',
      en: 'The rows of this list were removed after their last day',
    },
  },
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
