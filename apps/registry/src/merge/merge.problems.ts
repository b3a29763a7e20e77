import type { ProblemDefinition } from '@ansinh/problem';

export const mergeProblems = {
  notFound: {
    code: 'MERGE_NOT_FOUND',
    status: 404,
    title: { vi: 'Không tìm thấy lần gộp này', en: 'The merge was not found' },
  },
  itself: {
    code: 'MERGE_WITH_ITSELF',
    status: 422,
    title: { vi: 'Không thể gộp một hồ sơ với chính nó', en: 'A record is not merged with itself' },
  },
  numberless: {
    code: 'MERGE_SURVIVOR_WITHOUT_NUMBER',
    status: 422,
    title: {
      vi: 'Hồ sơ được giữ phải là hồ sơ có số định danh',
      en: 'The record that stays must be the one with a citizen number',
    },
  },
  undecided: {
    code: 'MERGE_UNDECIDED',
    status: 422,
    title: {
      vi: 'Hai hồ sơ mâu thuẫn: hãy chọn thông tin nào đúng',
      en: 'The records contradict each other: choose what holds',
    },
  },
  head: {
    code: 'MERGE_HEAD_OF_HOUSEHOLD',
    status: 409,
    title: {
      vi: 'Hồ sơ này là chủ hộ của hộ còn người khác: hãy chọn chủ hộ khác trước',
      en: 'The record is the head of a household of others: choose another head first',
    },
  },
  undone: {
    code: 'MERGE_UNDONE',
    status: 409,
    title: { vi: 'Lần gộp này đã được huỷ', en: 'The merge was undone already' },
  },
  deathChanged: {
    code: 'MERGE_DEATH_CHANGED',
    status: 409,
    title: {
      vi: 'Ngày mất đã thay đổi sau khi gộp nên không huỷ được',
      en: 'The day of death has changed since the merge: it cannot be undone',
    },
  },
} satisfies Record<string, ProblemDefinition>;
