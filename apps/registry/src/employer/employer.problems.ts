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
  notClosed: {
    code: 'EMPLOYER_NOT_CLOSED',
    status: 409,
    title: {
      vi: 'Đơn vị không được ghi là đã ngừng hoạt động',
      en: 'The employer is not recorded as closed',
    },
  },
  noEmployment: {
    code: 'EMPLOYMENT_NOT_FOUND',
    status: 404,
    title: { vi: 'Không tìm thấy hợp đồng lao động này', en: 'The employment was not found' },
  },
  employmentEnded: {
    code: 'EMPLOYMENT_ENDED',
    status: 409,
    title: { vi: 'Hợp đồng đã kết thúc trước ngày này', en: 'The contract had ended by that day' },
  },
  employmentDays: {
    code: 'EMPLOYMENT_DAYS',
    status: 422,
    title: { vi: 'Ngày kết thúc phải sau ngày bắt đầu', en: 'It must end after it began' },
  },
} satisfies Record<string, ProblemDefinition>;
