import { ProblemError } from '@ansinh/problem';

/**
 * Takes the rows of a list one after the other: what one of them changes counts for the next.
 * @throws ProblemError that of the first row which is refused, with its number in the list, from 1, as `row`
 */
export async function eachRow<Row, Result>(
  rows: readonly Row[],
  take: (row: Row) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (const row of rows) {
    try {
      results.push(await take(row));
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      const extensions = { ...error.options.extensions, row: results.length + 1 };
      throw new ProblemError(error.definition, { ...error.options, extensions });
    }
  }
  return results;
}
