import type { ProblemDefinition } from '@ansinh/problem';

export const keyRotationProblems = {
  nothingToRotate: {
    code: 'NOTHING_TO_ROTATE',
    status: 409,
    title: {
      vi: 'Mọi số đã được niêm phong bằng khóa mới nhất',
      en: 'All numbers are sealed under the newest key already',
    },
  },
  notFound: {
    code: 'KEY_ROTATION_NOT_FOUND',
    status: 404,
    title: { vi: 'Không tìm thấy lần đổi khóa', en: 'The key rotation was not found' },
  },
} satisfies Record<string, ProblemDefinition>;
