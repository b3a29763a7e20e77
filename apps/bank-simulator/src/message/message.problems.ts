import type { ProblemDefinition } from '@ansinh/problem';

export const messageProblems = {
  invalid: {
    code: 'INVALID_MESSAGE',
    status: 400,
    title: { vi: 'Không đọc được điện thanh toán', en: 'The payment message cannot be read' },
  },
  otherContent: {
    code: 'MESSAGE_REUSED',
    status: 409,
    title: {
      vi: 'Mã điện này đã dùng cho nội dung khác',
      en: 'This message id was used for another content',
    },
  },
  notFound: {
    code: 'MESSAGE_NOT_FOUND',
    status: 404,
    title: { vi: 'Ngân hàng chưa nhận điện này', en: 'The bank never received this message' },
  },
} satisfies Record<string, ProblemDefinition>;
