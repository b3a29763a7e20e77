import type { ProblemDefinition } from '@ansinh/problem';

export const listProblems = {
  notFound: {
    code: 'SUPPORT_LIST_NOT_FOUND',
    status: 404,
    title: { vi: 'Không tìm thấy danh sách đề nghị hỗ trợ này', en: 'The list was not found' },
  },
  clean: {
    code: 'SUPPORT_LIST_CLEAN',
    status: 409,
    title: {
      vi: 'Danh sách này không có dòng nào sai',
      en: 'Nothing is wrong with any row of the list',
    },
  },
  notKept: {
    code: 'SUPPORT_LIST_NOT_KEPT',
    status: 409,
    title: {
      vi: 'Danh sách này được nộp trước khi hệ thống lưu bản gốc: hãy xem các dòng sai ở danh mục nhận xét',
      en: 'The list was brought before its cells were kept: its findings say which rows are wrong',
    },
  },
  swept: {
    code: 'SUPPORT_LIST_SWEPT',
    status: 410,
    title: {
      vi: 'Bản gốc của danh sách này đã được xoá khi hết hạn giữ: hãy xem các dòng sai ở danh mục nhận xét',
      en: 'The cells of this list were removed after their last day: its findings say which rows are wrong',
    },
  },
  choice: {
    code: 'SUPPORT_CHOICE_UNKNOWN',
    status: 422,
    title: {
      vi: 'Chương trình không có chính sách hoặc nhóm này',
      en: 'The programme has no such policy or group',
    },
  },
  months: {
    code: 'SUPPORT_MONTHS',
    status: 422,
    title: {
      vi: 'Chương trình theo tháng cần các tháng đề nghị, mỗi tháng một lần; chương trình một lần thì không',
      en: 'A programme by months needs the months asked for, each once; one that pays once has none',
    },
  },
  place: {
    code: 'SUPPORT_PLACE',
    status: 422,
    title: {
      vi: 'Địa bàn không có vào ngày đó, hoặc thuộc đơn vị khác',
      en: 'There was no such commune on that day, or it is of another office',
    },
  },
  taxCode: {
    code: 'SUPPORT_TAX_CODE',
    status: 422,
    title: { vi: 'Mã số thuế không đúng', en: 'The tax code is wrong' },
  },
  future: {
    code: 'SUPPORT_FUTURE_DAY',
    status: 422,
    title: { vi: 'Ngày tiếp nhận ở tương lai', en: 'The day of receipt is in the future' },
  },
  tooLong: {
    code: 'SUPPORT_LIST_TOO_LONG',
    status: 422,
    title: {
      vi: 'Danh sách có hơn 60.000 người: hãy chia thành nhiều tệp',
      en: 'The list has more than 60,000 people: divide it',
    },
  },
} satisfies Record<string, ProblemDefinition>;
