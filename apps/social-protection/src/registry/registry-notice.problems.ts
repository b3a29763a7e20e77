import type { ProblemDefinition } from '@ansinh/problem';

export const registryNoticeProblems = {
  notFound: {
    code: 'REGISTRY_NOTICE_NOT_FOUND',
    status: 404,
    title: { vi: 'Không tìm thấy tin này của sổ dân cư', en: 'The notice of the registry was not found' },
  },
  notOpen: {
    code: 'REGISTRY_NOTICE_NOT_OPEN',
    status: 409,
    title: {
      vi: 'Tin này không chờ quyết định: đã được áp dụng, đã trả lời, hoặc đã có tin khác thay thế',
      en: 'Nothing is to be decided of the notice: it was applied, answered, or another one came since',
    },
  },
} satisfies Record<string, ProblemDefinition>;
