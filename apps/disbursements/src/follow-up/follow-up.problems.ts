import type { ProblemDefinition } from '@ansinh/problem';

export const followUpProblems = {
  refused: {
    code: 'CORRECTIONS_REFUSED',
    status: 422,
    title: {
      vi: 'Danh sách sửa bị từ chối, chưa lập lô nào',
      en: 'The corrections were refused; no batch was made',
    },
  },
  empty: {
    code: 'NO_CORRECTIONS',
    status: 422,
    title: { vi: 'Danh sách không sửa dòng nào', en: 'The list corrects no line' },
  },
  taken: {
    code: 'RETURNED_LINE_TAKEN',
    status: 409,
    title: {
      vi: 'Có dòng đã được một lô khác chi lại',
      en: 'Another batch pays some of the lines again already',
    },
  },
  listFixed: {
    code: 'FOLLOW_UP_LIST_FIXED',
    status: 409,
    title: {
      vi: 'Danh sách của lô chi lại lấy từ các dòng bị trả; hãy huỷ lô và lập lại với danh sách sửa mới',
      en: 'The list of a follow-up comes from the returned lines; cancel it and make it again with new corrections',
    },
  },
} satisfies Record<string, ProblemDefinition>;
