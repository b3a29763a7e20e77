import type { ProblemDefinition } from '@ansinh/problem';

export const eventProblems = {
  cursorUnknown: {
    code: 'EVENT_CURSOR_UNKNOWN',
    status: 409,
    title: {
      vi: 'Sổ không có sự kiện mà con trỏ chỉ đến: sổ đã được khôi phục từ bản sao lưu, hãy đọc lại từ đầu',
      en: 'The registry has no event at this cursor: a backup has come back, read again from the beginning',
    },
  },
} as const satisfies Record<string, ProblemDefinition>;
