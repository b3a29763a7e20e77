import type { ProblemDefinition } from '@ansinh/problem';

export const idempotencyProblems = {
  keyMissing: {
    code: 'IDEMPOTENCY_KEY_MISSING',
    status: 400,
    title: { vi: 'Thiếu tiêu đề Idempotency-Key', en: 'The header Idempotency-Key is missing' },
  },
  keyMalformed: {
    code: 'IDEMPOTENCY_KEY_MALFORMED',
    status: 400,
    title: {
      vi: 'Idempotency-Key phải gồm 8–128 ký tự ASCII nhìn thấy được',
      en: 'Idempotency-Key must be 8–128 visible ASCII characters',
    },
  },
  keyReused: {
    code: 'IDEMPOTENCY_KEY_REUSED',
    status: 422,
    title: {
      vi: 'Idempotency-Key này đã dùng cho một yêu cầu khác',
      en: 'This Idempotency-Key was used for another request',
    },
  },
  stillRunning: {
    code: 'COMMAND_STILL_RUNNING',
    status: 409,
    title: {
      vi: 'Yêu cầu cùng Idempotency-Key đang được thực hiện',
      en: 'A request with the same Idempotency-Key is still running',
    },
  },
} satisfies Record<string, ProblemDefinition>;
