import type { ProblemDefinition } from '@ansinh/problem';

export const cashListProblems = {
  notFound: {
    code: 'CASH_LIST_NOT_FOUND',
    status: 404,
    title: { vi: 'Không có danh sách tiền mặt này', en: 'There is no such cash list' },
  },
  notIssued: {
    code: 'CASH_LIST_NOT_ISSUED',
    status: 409,
    title: {
      vi: 'Danh sách chưa được phát hành: lô chưa được gửi',
      en: 'The list is not issued yet: the batch was not sent',
    },
  },
  notCash: {
    code: 'NOT_PAID_IN_CASH',
    status: 409,
    title: { vi: 'Lô này không chi bằng tiền mặt', en: 'This batch is not paid in cash' },
  },
  receiptsRefused: {
    code: 'RECEIPTS_REFUSED',
    status: 422,
    title: {
      vi: 'Danh sách kết quả bị từ chối, chưa ghi nhận dòng nào',
      en: 'The results were refused; nothing was booked',
    },
  },
  receiptsEmpty: {
    code: 'NO_RECEIPTS',
    status: 422,
    title: { vi: 'Danh sách không có kết quả nào', en: 'The list has no result' },
  },
} satisfies Record<string, ProblemDefinition>;
