import type { ProblemDefinition } from '@ansinh/problem';

export const lawProblems = {
  programme: {
    code: 'LAW_PROGRAMME_NOT_FOUND',
    status: 404,
    title: { vi: 'Không có chương trình này', en: 'There is no such programme' },
  },
  facts: {
    code: 'LAW_FACTS',
    status: 422,
    title: {
      vi: 'Thông tin không đúng dạng mà chương trình hỏi',
      en: 'The facts are not in the form that the programme asks for',
    },
  },
  notFound: {
    code: 'LAW_ROW_NOT_FOUND',
    status: 404,
    title: { vi: 'Không tìm thấy mức riêng này', en: 'This row of the province was not found' },
  },
  refused: {
    code: 'LAW_ROW_REFUSED',
    status: 422,
    title: {
      vi: 'Mức riêng không đứng được bên cạnh quy định hiện có',
      en: 'The row does not stand beside the law that is there',
    },
  },
  judged: {
    code: 'LAW_ROW_JUDGED',
    status: 409,
    title: { vi: 'Mức riêng này đã được duyệt hoặc bác', en: 'The row was approved or rejected already' },
  },
  own: {
    code: 'LAW_ROW_OWN',
    status: 403,
    title: { vi: 'Người nhập không được phê duyệt', en: 'Who entered the row may not approve it' },
  },
  notAwaiting: {
    code: 'LAW_ROW_NOT_AWAITING',
    status: 404,
    title: { vi: 'Không có quy định này chờ xác nhận', en: 'No such row of law waits for a confirmation' },
  },
  changed: {
    code: 'LAW_ROW_CHANGED',
    status: 409,
    title: {
      vi: 'Quy định đã khác so với bản đã xem',
      en: 'The row of law is not the one that was looked at',
    },
  },
  confirmed: {
    code: 'LAW_ROW_CONFIRMED',
    status: 409,
    title: { vi: 'Quy định này đã được xác nhận', en: 'The row of law is confirmed already' },
  },
} satisfies Record<string, ProblemDefinition>;
