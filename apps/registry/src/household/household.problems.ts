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
} satisfies Record<string, ProblemDefinition>;
