import type { MeasureForm, ScoredLine } from './shape.js';
import type { Reader, Vocabulary } from './vocabulary.js';

/**
 * The sum of points of the answers that were marked on a form. @throws RangeError for answers that the form cannot have: two of
 * one line, one that is not on the form of the column, a needed line without any
 */
export function compileScores(
  { points, of, in: column }: Extract<MeasureForm, { points: string }>,
  words: Vocabulary,
): Reader {
  const { row } = words.parameter(points);
  const answers = words.read(of);
  const columnOf = column === undefined ? undefined : words.read(column);
  return (run) => {
    const [marked, place] = [answers(run), columnOf?.(run) ?? null];
    if (marked === undefined || marked === null || (columnOf && place === null)) return undefined;
    // Without a form there are no points: what is compared with them stays open.
    if (!row?.scores) return undefined;
    return sumOf(marked as readonly string[], {
      id: row.id,
      lines: row.scores,
      column: place as string | null,
    });
  };
}

function sumOf(
  marked: readonly string[],
  { id, lines, column }: { id: string; lines: readonly ScoredLine[]; column: string | null },
): number {
  const left = new Set(marked);
  if (left.size < marked.length) throw new RangeError(`${id}: an answer is marked twice`);
  let sum = 0;
  for (const { line, isNeeded, answers } of lines) {
    const onForm = Object.entries(answers).filter(([, points]) => pointsIn(points, column) !== undefined);
    const chosen = onForm.filter(([answer]) => left.delete(answer));
    if (chosen.length > 1) throw new RangeError(`${id}: ${line} has ${chosen.length} answers`);
    if (isNeeded && onForm.length > 0 && chosen.length === 0)
      throw new RangeError(`${id}: ${line} has no answer`);
    if (chosen.length === 1) sum += Number(pointsIn(chosen[0]![1], column));
  }
  for (const answer of left) throw new RangeError(`${id} has no line ${answer}`);
  return sum;
}

function pointsIn(points: string | Record<string, string>, column: string | null): string | undefined {
  if (typeof points === 'string') return points;
  return column === null ? undefined : points[column];
}
