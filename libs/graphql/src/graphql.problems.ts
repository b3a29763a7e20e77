import type { ProblemDefinition } from '@ansinh/problem';

export const graphqlProblems = {
  queryTooLarge: {
    code: 'QUERY_TOO_LARGE',
    status: 400,
    title: { vi: 'Câu truy vấn vượt giới hạn', en: 'The query is over the limits' },
  },
  oneCommand: {
    code: 'ONE_COMMAND_A_REQUEST',
    status: 400,
    title: {
      vi: 'Mỗi yêu cầu chỉ có một lệnh, vì có một Idempotency-Key',
      en: 'A request holds one command, since it has one Idempotency-Key',
    },
  },
} satisfies Record<string, ProblemDefinition>;
