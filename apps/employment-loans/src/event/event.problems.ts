import type { ProblemDefinition } from '@ansinh/problem';

export const eventProblems = {
  cursorUnknown: {
    code: 'LOAN_EVENT_CURSOR_UNKNOWN',
    status: 409,
    title: {
      vi: 'Không có sự kiện mà con trỏ chỉ đến: cơ sở dữ liệu đã được khôi phục từ bản sao lưu, hãy đọc lại từ đầu',
      en: 'There is no event at this cursor: a backup has come back, read again from the beginning',
    },
  },
} as const satisfies Record<string, ProblemDefinition>;
