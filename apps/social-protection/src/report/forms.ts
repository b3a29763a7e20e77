import type { Text } from '@ansinh/language';
import type { PlaceLevel } from '@ansinh/places';
import type { ProgrammeCode } from '../programme/programmes.js';
import source from './forms.json' with { type: 'json' };

export type FormCode = '10a' | '10b' | '10c' | '10d';
export type AgeBand = 'child' | 'adult' | 'elderly' | 'elderly80' | 'unknown';

/** What a line is of; what is left out says nothing. */
interface Selection {
  programme: string;
  categories?: string[];
  ages?: string[];
  disabilities?: string[];
}

interface LineForm {
  code: string;
  name: Text;
  legalBasis: string;
  /** None of what this service keeps: its cells stay empty, for the office to fill in. */
  of: readonly Selection[];
  /** What comes on top of another: who has both stands in the line of the other, and of both nobody knows its part. */
  isOnTop?: boolean;
}

interface Form {
  code: string;
  title: Text;
  sections: readonly { code: string; name: Text; lines: readonly LineForm[] }[];
}

export interface Numbers {
  before: number;
  people: number;
  /** How often something was approved that is paid once. */
  times: number;
  owed: bigint;
  deducted: bigint;
  paid: bigint;
}

/** What was counted of one unit, and is alike in everything that a form asks. */
export interface Counted extends Numbers {
  unit: string;
  programme: ProgrammeCode;
  /** All rules that it is granted by, or what was chosen of what is paid once. */
  categories: readonly string[];
  age: AgeBand;
  disability: string | null;
}

interface Filled {
  code: string;
  name: Text;
  sum: Numbers;
}

export interface FilledForm {
  code: FormCode;
  title: Text;
  sections: (Filled & { lines: (Omit<Filled, 'sum'> & { legalBasis: string; numbers: Numbers | null })[] })[];
  sum: Numbers;
}

export const forms: readonly Form[] = source.forms;
export const { layoutNote, onTopNote, recipientNote, replaced, confidence, legalBasis } = source;
export const formProgrammes = [
  ...new Set(
    forms.flatMap(({ sections }) =>
      sections.flatMap(({ lines }) =>
        lines.flatMap((line) => line.of.map((selection) => selection.programme)),
      ),
    ),
  ),
] as ProgrammeCode[];

export const none: Readonly<Numbers> = { before: 0, people: 0, times: 0, owed: 0n, deducted: 0n, paid: 0n };

/** To whom a level reports a half-year that ends on this day. */
export function recipientOf(level: PlaceLevel, end: string): { to: Text; confidence: string } {
  return source.recipients.find((one) => one.level === level && (!one.until || end < one.until))!;
}

/** Every form of these rows. A row stands in the first line of a form that takes it, and in no other: lines add up to their sums. */
export function fill(rows: readonly Counted[]): FilledForm[] {
  return forms.map((form) => {
    const taken = linesOf(form, rows);
    const sections = form.sections.map(({ code, name, lines }) => {
      const filled = lines.map((line) => ({
        code: line.code,
        name: line.name,
        legalBasis: line.legalBasis,
        numbers: isUnknown(line, rows, taken) ? null : sumOf(taken.get(line) ?? []),
      }));
      return { code, name, lines: filled, sum: sumOf(filled.flatMap(({ numbers }) => numbers ?? [])) };
    });
    return {
      code: form.code as FormCode,
      title: form.title,
      sections,
      sum: sumOf(sections.map(({ sum }) => sum)),
    };
  });
}

/**
 * Nothing is kept of it, or all who have it have it on top of something else: how much of their money it is, nobody knows. Where nobody
 * has it at all there is nothing.
 */
function isUnknown(line: LineForm, rows: readonly Counted[], taken: Map<LineForm, Counted[]>): boolean {
  return line.of.length === 0 || (!taken.has(line) && standingElsewhere(line, rows, taken).length > 0);
}

/** Rows of which a line comes on top, and which stand in the line of what they are. */
function standingElsewhere(
  line: LineForm,
  rows: readonly Counted[],
  taken: Map<LineForm, Counted[]>,
): Counted[] {
  if (!line.isOnTop) return [];
  const own = taken.get(line) ?? [];
  return rows.filter((row) => line.of.some((selection) => takes(selection, row)) && !own.includes(row));
}

/** Of each line that comes on top: how many have it who stand elsewhere, and what is said of it by which cell. */
export function notesOnTop(rows: readonly Counted[]): Text[] {
  return forms.flatMap((form) => {
    const taken = linesOf(form, rows);
    return form.sections.flatMap((section) =>
      section.lines.flatMap((line) => {
        const elsewhere = standingElsewhere(line, rows, taken);
        if (elsewhere.length === 0) return [];
        const { before, people } = sumOf(elsewhere);
        const code = `${form.code}.${section.code}.${line.code}`;
        return [
          {
            vi: `Dòng ${code}: ${people} người cuối kỳ (kỳ trước ${before}) hưởng thêm khoản này đã tính ở dòng diện chính; ${taken.has(line) ? 'số trong dòng chỉ gồm người chỉ hưởng khoản này' : 'ô để trống vì không biết riêng phần tiền'}.`,
            en: `Line ${code}: ${people} people at the end (${before} before) have it on top and stand in the line of their main category; ${taken.has(line) ? 'its numbers are of those alone who have nothing else' : 'its cells are empty, since its part of their money is not known'}.`,
          },
        ];
      }),
    );
  });
}

function linesOf({ sections }: Form, rows: readonly Counted[]): Map<LineForm, Counted[]> {
  const lines = sections.flatMap((section) => section.lines);
  const byCare = lines.toSorted((one, other) => turnOf(one) - turnOf(other));
  const taken = new Map<LineForm, Counted[]>();
  for (const row of rows) {
    const line = byCare.find(({ of }) => of.some((selection) => takes(selection, row)));
    if (line) taken.set(line, [...(taken.get(line) ?? []), row]);
  }
  return taken;
}

/**
 * What somebody is comes before what comes on top of it, wherever the lines stand; the last line of a form may take what is left of a
 * programme.
 */
function turnOf({ of, isOnTop }: LineForm): number {
  if (of.some(({ categories }) => !categories)) return 2;
  return isOnTop ? 1 : 0;
}

function takes({ programme, categories, ages, disabilities }: Selection, row: Counted): boolean {
  return (
    programme === row.programme &&
    (categories?.some((category) => row.categories.includes(category)) ?? true) &&
    (ages?.includes(row.age) ?? true) &&
    (disabilities?.includes(row.disability ?? 'none') ?? true)
  );
}

export function sumOf(all: readonly Numbers[]): Numbers {
  const sum = { ...none };
  for (const { before, people, times, owed, deducted, paid } of all) {
    sum.before += before;
    sum.people += people;
    sum.times += times;
    sum.owed += owed;
    sum.deducted += deducted;
    sum.paid += paid;
  }
  return sum;
}
