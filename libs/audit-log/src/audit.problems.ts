import type { ProblemDefinition } from '@ansinh/problem';

export const auditProblems = {
  notFound: {
    code: 'AUDIT_EVENT_NOT_FOUND',
    status: 404,
    title: { vi: 'Không tìm thấy sự kiện kiểm toán', en: 'The audit event was not found' },
  },
  dayOpen: {
    code: 'AUDIT_DAY_OPEN',
    status: 409,
    title: {
      vi: 'Ngày của sự kiện chưa được ký',
      en: 'The day of the event is not signed yet',
    },
  },
} satisfies Record<string, ProblemDefinition>;
