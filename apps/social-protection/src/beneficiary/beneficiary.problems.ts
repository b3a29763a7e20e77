import type { ProblemDefinition } from '@ansinh/problem';

export const beneficiaryProblems = {
  notFound: {
    code: 'BENEFICIARY_NOT_FOUND',
    status: 404,
    title: { vi: 'Không tìm thấy đối tượng hưởng này', en: 'The beneficiary was not found' },
  },
  known: {
    code: 'BENEFICIARY_KNOWN',
    status: 409,
    title: {
      vi: 'Người này đã có trong danh sách hưởng của chương trình',
      en: 'The person is in the register of this programme already',
    },
  },
  elsewhere: {
    code: 'BENEFICIARY_ELSEWHERE',
    status: 422,
    title: {
      vi: 'Người này đang hưởng ở xã khác: phải chuyển về trước',
      en: 'The person is in the register of another commune, and has to be moved first',
    },
  },
  fact: {
    code: 'BENEFICIARY_FACT',
    status: 422,
    title: {
      vi: 'Dữ kiện không phải là dữ kiện mà quy định của chương trình hỏi đến, hoặc sai kiểu',
      en: 'A fact is not one that the law of the programme asks for, or is of another type',
    },
  },
  place: {
    code: 'BENEFICIARY_PLACE',
    status: 422,
    title: {
      vi: 'Địa bàn không có vào ngày đó, hoặc thuộc đơn vị khác',
      en: 'There was no such commune on that day, or it is of another office',
    },
  },
  account: {
    code: 'BENEFICIARY_ACCOUNT',
    status: 422,
    title: {
      vi: 'Cần cả mã ngân hàng và số tài khoản đúng, hoặc không có cả hai khi nhận tiền mặt',
      en: 'Bank and account are both needed, and right; or neither, where he is paid in cash',
    },
  },
} satisfies Record<string, ProblemDefinition>;
