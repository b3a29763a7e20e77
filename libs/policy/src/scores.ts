import type { MeasureForm, ScoredLine } from './shape.js';
import type { Reader, Vocabulary } from './vocabulary.js';

/** Answers that a form cannot have. A RangeError as every fact is that no case can have; it says what can be mended. */
export class FormError extends RangeError {
  override readonly name = 'FormError';

  constructor(
    message: string,
    readonly fault: 'markedTwice' | 'oneOf' | 'needsOneOf' | 'notOnForm',
    /** The answers that it is about: those that were marked, or of `needsOneOf` those that could be. */
    readonly answers: readonly string[],
  ) {
    super(message);
  }
}

/**
 * The sum of points of the answers that were marked on a form. @throws FormError for answers that the form cannot have: two of
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
  if (left.size < marked.length) {
    const twice = marked.filter((answer, index) => marked.indexOf(answer) !== index);
    throw new FormError(`${id}: an answer is marked twice`, 'markedTwice', twice);
  }
  let sum = 0;
  for (const { line, isNeeded, answers } of lines) {
    const onForm = Object.entries(answers).filter(([, points]) => pointsIn(points, column) !== undefined);
    const chosen = onForm.filter(([answer]) => left.delete(answer));
    if (chosen.length > 1)
      throw new FormError(`${id}: ${line} has ${chosen.length} answers`, 'oneOf', namesOf(chosen));
    if (isNeeded && onForm.length > 0 && chosen.length === 0)
      throw new FormError(`${id}: ${line} has no answer`, 'needsOneOf', namesOf(onForm));
    if (chosen.length === 1) sum += Number(pointsIn(chosen[0]![1], column));
  }
  for (const answer of left) throw new FormError(`${id} has no line ${answer}`, 'notOnForm', [answer]);
  return sum;
}

const namesOf = (answers: readonly (readonly [string, unknown])[]) => answers.map(([answer]) => answer);

function pointsIn(points: string | Record<string, string>, column: string | null): string | undefined {
  if (typeof points === 'string') return points;
  return column === null ? undefined : points[column];
}
