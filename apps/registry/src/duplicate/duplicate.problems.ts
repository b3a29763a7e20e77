import type { ProblemDefinition } from '@ansinh/problem';

export const duplicateProblems = {
  pairNotFound: {
    code: 'DUPLICATE_NOT_FOUND',
    status: 404,
    title: { vi: 'Không tìm thấy cặp hồ sơ này', en: 'The pair was not found' },
  },
  pairState: {
    code: 'DUPLICATE_STATE',
    status: 409,
    title: { vi: 'Cặp hồ sơ đã có kết luận này', en: 'This has been said of the pair already' },
  },
  runNotFound: {
    code: 'DUPLICATE_RUN_NOT_FOUND',
    status: 404,
    title: { vi: 'Không tìm thấy đợt rà soát này', en: 'The search was not found' },
  },
  runDone: {
    code: 'DUPLICATE_RUN_DONE',
    status: 409,
    title: { vi: 'Đợt rà soát đã xong', en: 'The search is at its end' },
  },
} satisfies Record<string, ProblemDefinition>;
