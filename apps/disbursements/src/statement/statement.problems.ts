import type { ProblemDefinition } from '@ansinh/problem';

export const statementProblems = {
  unreadable: {
    code: 'STATEMENT_UNREADABLE',
    status: 422,
    title: { vi: 'Không đọc được sao kê', en: 'The statement cannot be read' },
  },
  unknownAccount: {
    code: 'STATEMENT_UNKNOWN_ACCOUNT',
    status: 422,
    title: {
      vi: 'Sao kê của tài khoản không thuộc nguồn nào',
      en: 'The statement is of an account that no fund pays from',
    },
  },
  changed: {
    code: 'STATEMENT_CHANGED',
    status: 409,
    title: {
      vi: 'Sao kê này đã nhập với nội dung khác',
      en: 'This statement was imported before with another content',
    },
  },
  unbalanced: {
    code: 'STATEMENT_UNBALANCED',
    status: 422,
    title: {
      vi: 'Số dư đầu kỳ cộng phát sinh không bằng số dư cuối kỳ',
      en: 'Opening balance and entries do not make the closing balance',
    },
  },
  unknownLines: {
    code: 'STATUS_UNKNOWN_LINES',
    status: 422,
    title: {
      vi: 'Báo cáo trạng thái từ chối dòng không có trong điện',
      en: 'The status report refuses lines that are not in the message',
    },
  },
  unknownMessage: {
    code: 'STATUS_UNKNOWN_MESSAGE',
    status: 422,
    title: {
      vi: 'Báo cáo trạng thái của điện không phải của ta',
      en: 'The status report is for a message that is not ours',
    },
  },
} satisfies Record<string, ProblemDefinition>;
