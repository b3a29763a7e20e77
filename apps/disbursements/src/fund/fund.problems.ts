import type { ProblemDefinition } from '@ansinh/problem';

export const fundProblems = {
  notFound: {
    code: 'FUND_NOT_FOUND',
    status: 404,
    title: { vi: 'Không tìm thấy nguồn kinh phí', en: 'The fund was not found' },
  },
  exists: {
    code: 'FUND_EXISTS',
    status: 409,
    title: {
      vi: 'Mã nguồn hoặc tài khoản chi đã được dùng cho nguồn khác',
      en: 'The fund code or its account is used by another fund',
    },
  },
  unknownProgramme: {
    code: 'PROGRAMME_UNKNOWN',
    status: 422,
    title: { vi: 'Chưa khai báo chương trình', en: 'The programme is not known' },
  },
  allotmentExists: {
    code: 'ALLOTMENT_EXISTS',
    status: 409,
    title: {
      vi: 'Số quyết định cấp kinh phí này đã ghi sổ',
      en: 'An allotment with this reference is already booked',
    },
  },
  allotmentNotFound: {
    code: 'ALLOTMENT_NOT_FOUND',
    status: 404,
    title: { vi: 'Không có lần cấp kinh phí này', en: 'There is no such allotment' },
  },
  allotmentReversed: {
    code: 'ALLOTMENT_REVERSED',
    status: 409,
    title: { vi: 'Lần cấp kinh phí này đã được ghi đảo', en: 'The allotment is reversed already' },
  },
  insufficient: {
    code: 'INSUFFICIENT_FUND',
    status: 409,
    title: { vi: 'Nguồn kinh phí không đủ', en: 'The fund does not suffice' },
  },
} satisfies Record<string, ProblemDefinition>;
