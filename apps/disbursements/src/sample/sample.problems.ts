import type { ProblemDefinition } from '@ansinh/problem';

export const sampleProblems = {
  notFound: {
    code: 'SAMPLE_NOT_FOUND',
    status: 404,
    title: { vi: 'Không tìm thấy mẫu kiểm tra', en: 'The sample was not found' },
  },
  nothingPaid: {
    code: 'NOTHING_TO_SAMPLE',
    status: 422,
    title: {
      vi: 'Lô không có khoản nào đã chi để lấy mẫu',
      en: 'No line of the batch was paid, so none can be drawn',
    },
  },
  refused: {
    code: 'RESULTS_REFUSED',
    status: 422,
    title: {
      vi: 'Kết quả bị từ chối, chưa ghi dòng nào',
      en: 'The results were refused; nothing was recorded',
    },
  },
  recorded: {
    code: 'RESULT_RECORDED',
    status: 409,
    title: {
      vi: 'Có khoản đã có kết quả; hãy ghi đính chính cho kết quả mới nhất',
      en: 'Some payments have a result already; correct the latest one instead',
    },
  },
} satisfies Record<string, ProblemDefinition>;
