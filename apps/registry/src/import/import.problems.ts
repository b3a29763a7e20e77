import type { ProblemDefinition } from '@ansinh/problem';

export const importProblems = {
  notFound: {
    code: 'IMPORT_NOT_FOUND',
    status: 404,
    title: { vi: 'Không tìm thấy lần nhập danh sách này', en: 'The import was not found' },
  },
  done: {
    code: 'IMPORT_DONE',
    status: 409,
    title: { vi: 'Danh sách đã được nhập hết', en: 'The whole list has been applied' },
  },
  swept: {
    code: 'IMPORT_SWEPT',
    status: 410,
    title: {
      vi: 'Các dòng của danh sách này đã được xoá khi hết hạn giữ; hãy nhập lại danh sách',
      en: 'The rows of this list were removed on their day; send the list in again',
    },
  },
} satisfies Record<string, ProblemDefinition>;
