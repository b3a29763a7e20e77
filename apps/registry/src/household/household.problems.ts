import type { ProblemDefinition } from '@ansinh/problem';

export const householdProblems = {
  notFound: {
    code: 'HOUSEHOLD_NOT_FOUND',
    status: 404,
    title: { vi: 'Không tìm thấy hộ', en: 'The household was not found' },
  },
  elsewhere: {
    code: 'MEMBER_ELSEWHERE',
    status: 409,
    title: {
      vi: 'Người này đang thuộc một hộ khác',
      en: 'The person belongs to another household at present',
    },
  },
  noMember: {
    code: 'NOT_A_MEMBER',
    status: 409,
    title: { vi: 'Người này không thuộc hộ', en: 'The person is no member of the household' },
  },
  headStays: {
    code: 'HEAD_STAYS',
    status: 409,
    title: { vi: 'Hãy chọn chủ hộ khác trước', en: 'Choose another head first' },
  },
  relations: {
    code: 'RELATIONS_INCOMPLETE',
    status: 422,
    title: {
      vi: 'Phải nêu quan hệ của từng người còn lại trong hộ với chủ hộ mới',
      en: 'Say how each of the other members, and nobody else, is related to the new head',
    },
  },
  headDay: {
    code: 'HEAD_DAY',
    status: 409,
    title: {
      vi: 'Có người vào hộ từ ngày này hoặc sau đó; hãy chọn ngày muộn hơn',
      en: 'Somebody joined on that day or after it: choose a later one',
    },
  },
} satisfies Record<string, ProblemDefinition>;
