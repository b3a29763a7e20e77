import type { PlannedQuery } from '@ansinh/database';
import { nameKey, searchForm } from '@ansinh/identity';
import { summaryColumns, type SummaryRow } from './person-rows.js';
import { meantBy } from './slips.js';

/** How a name fits what was typed: it holds that, or would but for one slip of the finger, or has words that look like it. */
export const fits = ['written', 'slip', 'alike'] as const;
export type Fit = (typeof fits)[number];

/** Ranks of a fit begin here: who fits better comes first. */
const firstRank: Record<Fit, number> = { written: 0, slip: 40_000, alike: 50_000 };

/** The best names fill a page as a rule; who has not found by so many types on. */
const namesMax: Record<Fit, number> = { written: 400, slip: 60, alike: 60 };
/** Words that names are looked for by, for one or two letters of them. */
const wordsFollowedMax = 8;
/** What two slips leave of a word of four letters. */
const similarityMin = 0.35;
/** Texts of more words are so rare that no connection keeps a plan for them. */
const wordsKeptMax = 6;

/** In which the search was that gave this rank. */
export const fitOf = (rank: number): Fit => fits.findLast((fit) => rank >= firstRank[fit])!;

export interface NamedRow extends SummaryRow {
  name_key: string;
  rank: number;
}

/** The order of people in a search: by name, and of one name by commune and year. */
export const placeOf = ({ rank, name_key, office_code, birth_year, id }: NamedRow) => [
  rank,
  name_key,
  office_code,
  birth_year,
  id,
];

export interface Asked {
  typed: string;
  fit: Fit;
  birthYear: number | null;
  codes: readonly string[] | null;
  /** The place of the last one of the page before. */
  after: readonly (string | number)[] | null;
  limit: number;
}

/**
 * People whose names fit, in one statement. They are read name by name, in the order of the index (name, commune, year, id),
 * until there are enough: what sorts them has the names in order already, and takes one at a time. The communes of the policy
 * are a condition of that index, so what lives elsewhere is not even passed over.
 */
export function namedPeople({ typed, fit, birthYear, codes, after, limit }: Asked): PlannedQuery {
  const plain = searchForm(typed);
  const parameters: unknown[] = [];
  const $ = (value: unknown) => `$${parameters.push(value)}`;
  const names = namesBy[fit](plain, typed, $);
  const lives = codes ? `AND office_code = ANY (${$(codes)}::text[])` : '';
  const born = birthYear === null ? '' : `AND birth_year = ${$(birthYear)}`;
  const [rank, key, ...person] = (after ?? []).slice(0, 5).map($);
  // The name that the page before ended in may have more people.
  const isLeft = after ? `WHERE (rank, name_key) >= (${rank}::int, ${key}::text)` : '';
  const once = isOnce(fit, plain, born, $);
  const isNext = after
    ? `AND ((form.rank, form.name_key) <> (${rank}::int, ${key}::text)
            OR (office_code, birth_year, id) > (${person[0]}::text, ${person[1]}::int, ${person[2]}::uuid))`
    : '';
  const sql = `
    SELECT ${summaryColumns}, form.name_key, form.rank
    FROM (SELECT name_key, rank FROM (${names}) ranked ${isLeft} ORDER BY rank, name_key LIMIT ${namesMax[fit]}) form
    CROSS JOIN LATERAL (
      SELECT * FROM person WHERE person.name_key = form.name_key AND ${once} ${lives} ${born} ${isNext}
      ORDER BY office_code, birth_year, id LIMIT ${$(limit)}) person
    ORDER BY form.rank, form.name_key, person.office_code, person.birth_year, person.id LIMIT ${$(limit)}`;
  return { sql, parameters, isKept: plain.split(' ').length <= wordsKeptMax };
}

/**
 * Each person once, by whichever of his records. By a record that was merged into another one where neither the person's own
 * name holds what was typed nor that of another record of his; and where one does, by no slip and no likeness.
 */
function isOnce(fit: Fit, plain: string, born: string, $: (value: unknown) => string): string {
  const holds = (of: string) => `EXISTS (
        SELECT FROM person self JOIN name_form own ON own.name_key = self.name_key
        WHERE (${of}) AND ((${holdsWords(plain, $)}) ${isInitials(plain, $)}) ${born.replace('birth_year', 'self.birth_year')})`;
  if (fit !== 'written') return `survivor_id IS NULL AND NOT ${holds('self.survivor_id = person.id')}`;
  const others =
    'self.id = person.survivor_id OR self.survivor_id = person.survivor_id AND self.id < person.id';
  return `(survivor_id IS NULL OR NOT ${holds(others)})`;
}

type NamesBy = (plain: string, typed: string, $: (value: unknown) => string) => string;

/** Names with their ranks. */
const namesBy: Record<Fit, NamesBy> = { written: namesWritten, slip: namesBySlip, alike: namesAlike };

/**
 * Whole names come before beginnings and ends, these before words within, before initials; within each, marks as typed come
 * first, and then the shortest, which is the nearest. What is typed without a space stands in a name where it stands in one of
 * its words, and there are some hundreds of words: the names of those are found in a third of the time that trigrams take.
 */
function namesWritten(plain: string, typed: string, $: (value: unknown) => string): string {
  const [whole, key] = [$(plain), $(nameKey(typed))];
  const holds = holdsWords(plain, $);
  const hasWords = byWords(plain, $);
  return `
    SELECT name_key, 10000 * CASE
        WHEN plain = ${whole} THEN 0
        WHEN starts_with(plain, ${whole} || ' ') OR right(plain, length(${whole}) + 1) = ' ' || ${whole} THEN 1
        WHEN ${holds} THEN 2
        ELSE 3 END
      + CASE WHEN position(${key} IN name_key) > 0 THEN 0 ELSE 5000 END
      + least(length(plain) - length(${whole}), 999) AS rank
    FROM name_form WHERE (${hasWords}) ${isInitials(plain, $)}`;
}

/**
 * Names by the words that have the typed ones in them. One or two letters may be in a quarter of all words, and to follow all of those
 * takes longer than all the rest: beside a longer word they are only looked for in the names that have that one.
 */
function byWords(plain: string, $: (value: unknown) => string): string {
  const parts = patternsOf(plain).sort((one, other) => other.length - one.length);
  const shortest = parts.length > 1 && parts.at(-1)!.length <= '%an%'.length ? parts.pop() : undefined;
  const wordsOf = (part: string, choice = 'array_agg(word)') =>
    `SELECT ${choice} FROM name_word WHERE word LIKE ${$(part)}`;
  const hasWords = parts.map((part) => `string_to_array(plain, ' ') && (${wordsOf(part)})`);
  if (shortest !== undefined) {
    const few = `CASE WHEN count(*) <= ${wordsFollowedMax} THEN array_agg(word) ELSE (${wordsOf(parts[0]!)}) END`;
    hasWords.push(`string_to_array(plain, ' ') && (${wordsOf(shortest, few)}) AND plain LIKE ${$(shortest)}`);
  }
  return hasWords.join(' AND ');
}

const holdsWords = (plain: string, $: (value: unknown) => string) =>
  patternsOf(plain)
    .map((part) => `plain LIKE ${$(part)}`)
    .join(' AND ');

const patternsOf = (plain: string) => plain.split(' ').map((word) => `%${word.replace(/[\\%_]/g, '\\$&')}%`);

const isInitials = (plain: string, $: (value: unknown) => string) =>
  /^[a-z]{2,6}$/.test(plain) ? `OR initials = ${$(plain)}` : '';

/**
 * Of each word what it may mean, as one text: some 700 elements of an array would be quoted one by one, and read so again. As rows of
 * the statement, whose number the planner knows without the values.
 */
const meantRows = (words: readonly string[], $: (value: unknown) => string) =>
  words.map((word, at) => `(${at + 1}, ${$(meantBy(word).join(' '))})`).join(', ');

/**
 * All words but one stand in the name, and in the place of that one another that differs by a slip. Of what could be meant
 * only the words of some name are looked for. Names that hold what was typed were found before.
 */
function namesBySlip(plain: string, _typed: string, $: (value: unknown) => string): string {
  const words = plain.split(' ').slice(0, wordsKeptMax);
  const others = words.map((_, at) => words.toSpliced(at, 1).join(' '));
  return `
    SELECT DISTINCT name_key, ${firstRank.slip} + least(abs(length(plain) - length(${$(plain)})), 999) AS rank
    FROM (
      SELECT string_to_array((${$(others)}::text[])[at], ' ') AS others, array_agg(name_word.word) AS meant
      FROM (VALUES ${meantRows(words, $)}) AS typed (at, words)
      CROSS JOIN LATERAL string_to_table(words, ' ') AS word JOIN name_word USING (word)
      GROUP BY at) slip
    JOIN name_form ON string_to_array(plain, ' ') @> slip.others AND string_to_array(plain, ' ') && slip.meant
    WHERE NOT ((${holdsWords(plain, $)}) ${isInitials(plain, $)})`;
}

/**
 * Where a typed word stands in no name at all, words that look like it may stand in its place; the others have to be there. Words are
 * compared and not names, of which there are a hundred times as many. Names that are one slip from the text were found before.
 */
function namesAlike(plain: string, _typed: string, $: (value: unknown) => string): string {
  const words = plain.split(' ').slice(0, wordsKeptMax);
  const hasWords = words.map(
    (_, at) => `string_to_array(plain, ' ') && (SELECT words FROM place WHERE at = ${at + 1})`,
  );
  const whole = $(plain);
  return `
    WITH typed AS MATERIALIZED (
      SELECT word, at, NOT EXISTS (SELECT FROM name_word WHERE position(typed.word IN name_word.word) > 0) AS is_strange
      FROM unnest(${$(words)}::text[]) WITH ORDINALITY AS typed (word, at)
    ), place AS MATERIALIZED (
      SELECT typed.at, array_agg(name_word.word) AS words, array_agg(name_word.word) FILTER (WHERE is_slip) AS slips
      FROM typed CROSS JOIN name_word
      CROSS JOIN LATERAL (SELECT typed.is_strange AND (name_word.word, typed.at) IN (
        SELECT word, at FROM (VALUES ${meantRows(words, $)}) AS meant (at, words)
        CROSS JOIN LATERAL string_to_table(words, ' ') AS word) AS is_slip) judged
      WHERE CASE WHEN is_strange THEN is_slip OR similarity(name_word.word, typed.word) >= ${similarityMin}
        ELSE position(typed.word IN name_word.word) > 0 END
      GROUP BY typed.at
    )
    SELECT name_key, ${firstRank.alike} + 1000 - (1000 * word_similarity(${whole}, plain))::int AS rank
    FROM name_form
    WHERE (SELECT bool_or(is_strange) FROM typed) AND ${hasWords.join(' AND ')} AND initials <> ${whole}
      AND NOT ((SELECT count(*) = 1 FROM typed WHERE is_strange)
        AND string_to_array(plain, ' ') @> (SELECT coalesce(array_agg(word) FILTER (WHERE NOT is_strange), '{}') FROM typed)
        AND EXISTS (SELECT FROM place WHERE string_to_array(plain, ' ') && slips))`;
}
