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
  otherBank: {
    code: 'STATEMENT_OTHER_BANK',
    status: 422,
    title: {
      vi: 'Sao kê của ngân hàng khác với ngân hàng của nguồn',
      en: 'The statement is of another bank than the fund’s',
    },
  },
  otherCurrency: {
    code: 'STATEMENT_OTHER_CURRENCY',
    status: 422,
    title: { vi: 'Sao kê không phải bằng đồng Việt Nam', en: 'The statement is not in Vietnamese đồng' },
  },
  contradiction: {
    code: 'STATEMENT_SUMS_DIFFER',
    status: 422,
    title: {
      vi: 'Tổng mà sao kê tự ghi không đúng với các bút toán của nó',
      en: 'A total that the statement states is not that of its entries',
    },
  },
  gap: {
    code: 'STATEMENT_GAP',
    status: 409,
    title: {
      vi: 'Thiếu sao kê liền trước; hãy nhập sao kê đó trước',
      en: 'The statement before this one is missing; import that one first',
    },
  },
  outOfSequence: {
    code: 'STATEMENT_OUT_OF_SEQUENCE',
    status: 422,
    title: {
      vi: 'Số thứ tự của sao kê không đứng sau sao kê đã nhập',
      en: 'The number of the statement does not follow the one imported last',
    },
  },
  openingDiffers: {
    code: 'STATEMENT_OPENING_DIFFERS',
    status: 409,
    title: {
      vi: 'Số dư đầu kỳ không bằng số dư cuối kỳ của sao kê liền trước',
      en: 'The opening balance is not the closing balance of the statement before',
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
