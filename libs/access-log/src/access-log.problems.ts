import type { ProblemDefinition } from '@ansinh/problem';

export const accessProblems = {
  purposeMissing: {
    code: 'ACCESS_PURPOSE_MISSING',
    status: 400,
    title: {
      vi: 'Phải nêu mục đích xem số đầy đủ (tiêu đề Access-Purpose)',
      en: 'State why whole numbers are needed (header Access-Purpose)',
    },
  },
  purposeMalformed: {
    code: 'ACCESS_PURPOSE_MALFORMED',
    status: 400,
    title: {
      vi: 'Mục đích phải gồm mã và ghi chú từ 10 đến 300 ký tự: «inspection; …»',
      en: 'A purpose is a code and a note of 10 to 300 characters: "inspection; …"',
    },
  },
  unmaskingRefused: {
    code: 'UNMASKING_REFUSED',
    status: 403,
    title: {
      vi: 'Không có quyền xem số định danh và số tài khoản đầy đủ',
      en: 'You may not see whole citizen numbers and accounts',
    },
  },
} satisfies Record<string, ProblemDefinition>;
