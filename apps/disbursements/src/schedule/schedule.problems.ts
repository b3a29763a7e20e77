import type { ProblemDefinition } from '@ansinh/problem';

export const scheduleProblems = {
  notFound: {
    code: 'SCHEDULE_NOT_FOUND',
    status: 404,
    title: { vi: 'Không tìm thấy lịch chi trả', en: 'The schedule was not found' },
  },
  past: {
    code: 'SCHEDULE_IN_PAST',
    status: 422,
    title: {
      vi: 'Kỳ đầu đã quá hạn nộp danh sách',
      en: 'The list of the first month is overdue already',
    },
  },
  state: {
    code: 'SCHEDULE_STATE',
    status: 409,
    title: { vi: 'Trạng thái của lịch không cho phép', en: 'The state of the schedule does not allow this' },
  },
} satisfies Record<string, ProblemDefinition>;
