import type { ProblemDefinition } from '@ansinh/problem';

export const refusedDocumentProblems = {
  notFound: {
    code: 'REFUSED_DOCUMENT_NOT_FOUND',
    status: 404,
    title: { vi: 'Không tìm thấy chứng từ bị từ chối', en: 'The refused document was not found' },
  },
  taken: {
    code: 'REFUSED_DOCUMENT_TAKEN',
    status: 409,
    title: { vi: 'Chứng từ này đã được nhập', en: 'This document has been taken in already' },
  },
  bankSilent: {
    code: 'BANK_SILENT',
    status: 503,
    title: {
      vi: 'Ngân hàng chưa đưa lại được chứng từ; hãy thử lại',
      en: 'The bank does not hand the document out at the moment; try again',
    },
  },
} satisfies Record<string, ProblemDefinition>;
