import type { ProblemDefinition } from '@ansinh/problem';

export const bankFileProblems = {
  notFound: {
    code: 'BANK_FILE_NOT_FOUND',
    status: 404,
    title: { vi: 'Không tìm thấy tệp của ngân hàng', en: 'The file of the bank was not found' },
  },
  day: {
    code: 'BANK_FILE_DAY',
    status: 422,
    title: {
      vi: 'Tệp số dư cần một ngày đã qua hoặc hôm nay; tệp thu nợ không có ngày',
      en: 'A file of balances is as of a day that has come; a file of repayments has none',
    },
  },
  tooLong: {
    code: 'BANK_FILE_TOO_LONG',
    status: 422,
    title: { vi: 'Tệp có quá nhiều dòng', en: 'The file has too many rows' },
  },
  done: {
    code: 'BANK_FILE_DONE',
    status: 409,
    title: { vi: 'Mọi dòng của tệp đã được xử lý', en: 'All rows of the file were taken up' },
  },
} as const satisfies Record<string, ProblemDefinition>;
