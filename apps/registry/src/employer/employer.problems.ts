import type { ProblemDefinition } from '@ansinh/problem';

export const employerProblems = {
  notFound: {
    code: 'EMPLOYER_NOT_FOUND',
    status: 404,
    title: { vi: 'Không tìm thấy đơn vị sử dụng lao động', en: 'The employer was not found' },
  },
  exists: {
    code: 'EMPLOYER_EXISTS',
    status: 409,
    title: { vi: 'Mã số thuế này đã có trong sổ', en: 'The tax code is in the registry already' },
  },
  taxCode: {
    code: 'TAX_CODE_WRONG',
    status: 422,
    title: { vi: 'Mã số thuế không đúng', en: 'The tax code is wrong' },
  },
  closed: {
    code: 'EMPLOYER_CLOSED',
    status: 409,
    title: { vi: 'Đơn vị đã ngừng hoạt động', en: 'The employer is closed' },
  },
} satisfies Record<string, ProblemDefinition>;
