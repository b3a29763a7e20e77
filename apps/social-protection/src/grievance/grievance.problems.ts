import type { ProblemDefinition } from '@ansinh/problem';

export const grievanceProblems = {
  notFound: {
    code: 'GRIEVANCE_NOT_FOUND',
    status: 404,
    title: { vi: 'Không tìm thấy khiếu nại này', en: 'The grievance was not found' },
  },
  contested: {
    code: 'GRIEVANCE_CONTESTED_NOT_FOUND',
    status: 422,
    title: {
      vi: 'Không tìm thấy quyết định hoặc kết quả rà soát bị khiếu nại, hoặc chưa có hiệu lực',
      en: 'What is contested was not found, or does not hold yet',
    },
  },
  open: {
    code: 'GRIEVANCE_OPEN',
    status: 409,
    title: {
      vi: 'Quyết định này đang có một khiếu nại chưa giải quyết xong',
      en: 'There is a grievance about it that is not answered',
    },
  },
  day: {
    code: 'GRIEVANCE_DAY',
    status: 422,
    title: {
      vi: 'Ngày nhận ở tương lai, hoặc trước ngày quyết định',
      en: 'The day of receipt is in the future, or before the decision',
    },
  },
  due: {
    code: 'GRIEVANCE_DUE',
    status: 422,
    title: {
      vi: 'Hạn trả lời do quy định ấn định; chỉ nêu hạn khi không có quy định, và không trước ngày nhận',
      en: 'The law says by when it is answered; a day is named where no law does, and not before the receipt',
    },
  },
  state: {
    code: 'GRIEVANCE_STATE',
    status: 409,
    title: {
      vi: 'Khiếu nại không ở trạng thái cho phép việc này',
      en: 'The grievance is not in a state for this',
    },
  },
  judge: {
    code: 'GRIEVANCE_JUDGE',
    status: 403,
    title: {
      vi: 'Người xác minh, hoặc người đã ra quyết định bị khiếu nại, không được trả lời khiếu nại',
      en: 'Who examined it, or made what is contested, may not answer it',
    },
  },
  correction: {
    code: 'GRIEVANCE_CORRECTION',
    status: 422,
    title: {
      vi: 'Quyết định thay thế phải của cùng một người, cùng kỳ, lập sau quyết định bị khiếu nại và đã có hiệu lực',
      en: 'What corrects it has to be of the same person and month, later than what is contested, and to hold',
    },
  },
} satisfies Record<string, ProblemDefinition>;
