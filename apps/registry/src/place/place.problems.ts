import type { ProblemDefinition } from '@ansinh/problem';

export const placeProblems = {
  notFound: {
    code: 'PLACE_NOT_FOUND',
    status: 404,
    title: {
      vi: 'Không có địa bàn với mã này vào ngày đó',
      en: 'There is no place with this code on that day',
    },
  },
} satisfies Record<string, ProblemDefinition>;
