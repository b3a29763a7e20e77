import { ProblemError } from '@ansinh/problem';

/** How the refusal of a row is told: by its place in what was asked, from 0. */
export type Refuse = (error: ProblemError, index: number) => ProblemError;

/** Of a list: with the number of the row, from 1, as `row`. */
export const refuseOfList: Refuse = ({ definition, options }, index) =>
  new ProblemError(definition, { ...options, extensions: { ...options.extensions, row: index + 1 } });

/** Of one that is asked for alone there is no row to name. */
export const refuseAlone: Refuse = (error) => error;

/**
 * Takes rows one after the other: what one of them changes counts for the next.
 * @throws ProblemError that of the first row which is refused
 */
export function eachRow<Row, Result>(
  rows: readonly Row[],
  refuse: Refuse,
  take: (row: Row) => Result,
): Result[] {
  return rows.map((row, index) => {
    try {
      return take(row);
    } catch (error) {
      throw error instanceof ProblemError ? refuse(error, index) : error;
    }
  });
}
