import type { ProblemDefinition } from '@ansinh/problem';

export const recoveryProblems = {
  notFound: {
    code: 'RECOVERY_NOT_FOUND',
    status: 404,
    title: { vi: 'Không tìm thấy đề nghị thu hồi này', en: 'The recovery was not found' },
  },
  beneficiary: {
    code: 'RECOVERY_BENEFICIARY',
    status: 422,
    title: {
      vi: 'Không tìm thấy người này trong danh sách hưởng',
      en: 'The person is not in the register',
    },
  },
  terms: {
    code: 'RECOVERY_TERMS',
    status: 422,
    title: {
      vi: 'Trừ dần thì nêu mức trừ mỗi tháng; nộp lại tiền mặt thì nêu số và ngày phiếu thu; miễn thì không nêu gì thêm',
      en: 'Instalments say the most a month, cash its receipt and day, a waiver neither',
    },
  },
  day: {
    code: 'RECOVERY_DAY',
    status: 422,
    title: { vi: 'Ngày phiếu thu ở tương lai', en: 'The day of the receipt is in the future' },
  },
  tooMuch: {
    code: 'RECOVERY_TOO_MUCH',
    status: 422,
    title: {
      vi: 'Nhiều hơn số tiền đã chi thừa còn phải thu hồi',
      en: 'It is more than is owed and not spoken for',
    },
  },
  onePlan: {
    code: 'RECOVERY_ONE_PLAN',
    status: 409,
    title: {
      vi: 'Người này đang có một đề nghị trừ dần chưa xong',
      en: 'There is a plan of instalments of this person that has not ended',
    },
  },
  receipt: {
    code: 'RECOVERY_RECEIPT',
    status: 409,
    title: { vi: 'Phiếu thu này đã được ghi nhận', en: 'The receipt is there already' },
  },
  state: {
    code: 'RECOVERY_STATE',
    status: 409,
    title: {
      vi: 'Đề nghị thu hồi không ở trạng thái cho phép việc này',
      en: 'The recovery is not in a state for this',
    },
  },
  own: {
    code: 'RECOVERY_OWN',
    status: 403,
    title: {
      vi: 'Người đề nghị thu hồi không được phê duyệt đề nghị của mình',
      en: 'Who proposed it may not approve it',
    },
  },
} satisfies Record<string, ProblemDefinition>;
