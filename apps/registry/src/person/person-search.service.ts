import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { type Actor, scopeOf } from '@ansinh/auth';
import { inTransaction, type Page, pageOf, readCursor, type Transaction } from '@ansinh/database';
import { nameKey, searchForm } from '@ansinh/identity';
import { findPlace, placeCodesUnder, placeToday, placeVersions } from '@ansinh/places';
import { Sealer } from '@ansinh/sealing';
import type { PeopleQuery, PersonSummary } from './person.dto.js';
import { personColumns, type PersonRow, toSummary } from './person-rows.js';

interface Form {
  name_key: string;
  rank: number;
}

/** A person, and the place that the search gave him. */
export interface FoundPerson {
  person: PersonSummary;
  key: readonly (string | number)[];
}

interface FoundRow extends PersonRow, Form {}

/**
 * Names that hold what was typed come first; only where they fill no page are those asked for that look alike. A few at a
 * time: the best ones fill a page as a rule, while a commune may need many. Who has not found by then types on.
 */
const looks = { written: [4, 12, 32, 64, 128, 160], alike: [60] } as const;
type Fit = keyof typeof looks;
/** An office of no more communes asks for each of them. */
const codesMax = 64;
/** Whoever found so many people by what was typed is not shown those whose names only look alike. */
const peopleEnough = 5;
/** Below it nearly every name looks like every other, and all of them would be compared. */
const similarityMin = 0.45;
const yearPattern = /^(18|19|20)\d\d$/;

/**
 * Search as an officer types. First the names that there are, some ten thousand, are ranked by the typed text; then their
 * people are read in that order by an index, under the policy of the office. A search over a million people by trigrams
 * would be neither: its operators are not leakproof, and the policy would keep the index from being used (ADR 29).
 */
@Injectable()
export class PersonSearchService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly sealer: Sealer,
  ) {}

  /** The best match first; without a name in the text, everybody by id. */
  async search(query: PeopleQuery, actor: Actor): Promise<Page<FoundPerson>> {
    const { name, birthYear } = readTyped(query);
    const scope = scopeOf(actor);
    const filters = { birthYear, codes: query.place === undefined ? null : communesOf(query.place) };
    const narrow = filters.codes ?? scope.offices;
    const codes = narrow.length <= codesMax ? narrow : null;
    return inTransaction(this.dataSource, scope, async (tx) => {
      if (name === '') return this.everybody(tx, query, filters);
      const after = readCursor(query.after, 'row', 'text', 'text', 'row', 'uuid');
      const rows: FoundRow[] = [];
      const isEnough = () => rows.length >= peopleEnough;
      for await (const forms of formsLike(tx, name, after, isEnough)) {
        rows.push(
          ...(await peopleOf(tx, forms, { ...filters, narrow: codes }, after, query.limit + 1 - rows.length)),
        );
        if (rows.length > query.limit) break;
      }
      const page = pageOf(rows, query.limit, placeOf);
      const found = page.items.map((row) => this.found(row, placeOf(row)));
      return { next: page.next, items: found };
    });
  }

  private async everybody(tx: Transaction, query: PeopleQuery, filters: Filters): Promise<Page<FoundPerson>> {
    const after = readCursor(query.after, 'uuid')?.[0] ?? null;
    const rows = (await tx.query(
      `SELECT ${personColumns} FROM person
       WHERE survivor_id IS NULL AND ($1::uuid IS NULL OR id > $1) AND ($2::int IS NULL OR birth_year = $2)
         AND ($3::text[] IS NULL OR office_code = ANY ($3))
       ORDER BY id LIMIT $4`,
      [after, filters.birthYear, filters.codes, query.limit + 1],
    )) as PersonRow[];
    const page = pageOf(rows, query.limit, ({ id }) => [id]);
    return { next: page.next, items: page.items.map((row) => this.found(row, [row.id])) };
  }

  private found(row: PersonRow, key: FoundPerson['key']): FoundPerson {
    return { person: toSummary(this.sealer, row), key };
  }
}

interface Filters {
  birthYear: number | null;
  codes: string[] | null;
}

/** The order of people in a search: by name, and of one name by commune and year. */
const placeOf = ({ rank, name_key: key, office_code: office, birth_year: year, id }: FoundRow) => [
  rank,
  key,
  office,
  year,
  id,
];

/** A year among the words is one of birth; the rest is a name. */
function readTyped({ q = '', birthYear }: PeopleQuery): { name: string; birthYear: number | null } {
  const words = q.split(/[\s,;.]+/).filter((word) => word !== '');
  const year = words.find((word) => yearPattern.test(word));
  return {
    name: words.filter((word) => word !== year).join(' '),
    birthYear: birthYear ?? (year === undefined ? null : Number(year)),
  };
}

/** The communes of today on the territory of a place of any day. */
function communesOf(place: string): string[] {
  const today = new Set<string>();
  for (const code of placeCodesUnder(place)) {
    for (const version of placeVersions(code)) {
      if (version.level === 'commune') today.add(placeToday(version)?.code ?? code);
    }
  }
  // A commune of before is a part of one of today, and its code may be another one's now.
  const own = findPlace(place);
  return own?.level === 'commune' ? [placeToday(own)?.code ?? place] : [...today];
}

/** Names by how well they fit, the best first, a few at a time. */
async function* formsLike(
  tx: Transaction,
  typed: string,
  after: (string | number)[] | null,
  isEnough: () => boolean,
): AsyncGenerator<Form[]> {
  const [rank, key] = (after ?? []) as [number?, string?];
  let last: Form | null = rank === undefined ? null : { rank, name_key: key! };
  // The name that the page before ended in may have more people.
  let isLastDone = false;
  for (const fit of ['written', 'alike'] as const) {
    if (fit === 'written' && (rank ?? 0) >= rankAlike) continue;
    if (fit === 'alike' && isEnough()) return;
    for (const limit of looks[fit]) {
      const forms = await rankForms(tx, typed, fit, { last, isLastDone, limit });
      if (forms.length > 0) yield forms;
      if (forms.length < limit) break;
      [last, isLastDone] = [forms.at(-1)!, true];
    }
  }
}

const rankAlike = 40_000;

/**
 * Of names that hold what was typed the shortest is the nearest; trigrams would say the same at ten times the cost, and there
 * may be thousands.
 */
const nearness = {
  written: 'least(length(plain) - length($1), 999)',
  alike: '1000 - (1000 * greatest(similarity(plain, $1), word_similarity($1, plain)))::int',
};

/**
 * Whole names come before beginnings and ends, these before words within, before initials, before what only looks alike;
 * within each, marks as typed come first. Each word is a condition of its own: of an array the index would not be asked.
 */
async function rankForms(
  tx: Transaction,
  typed: string,
  fit: Fit,
  { last, isLastDone, limit }: { last: Form | null; isLastDone: boolean; limit: number },
): Promise<Form[]> {
  const plain = searchForm(typed);
  const initials = /^[a-z]{2,6}$/.test(plain) ? plain : null;
  const words = plain.split(' ').map((word) => `%${word.replace(/[\\%_]/g, '\\$&')}%`);
  const holds = words.map((_, index) => `plain LIKE $${index + 6}`).join(' AND ');
  const written = initials === null ? `(${holds})` : `(${holds} OR initials = $3)`;
  if (fit === 'alike') {
    await tx.query(`SELECT set_config('pg_trgm.similarity_threshold', '${similarityMin}', true)`);
  }
  return (await tx.query(
    `SELECT name_key, rank FROM (
       SELECT name_key, 10000 * CASE
           WHEN plain = $1 THEN 0
           WHEN starts_with(plain, $1 || ' ') OR right(plain, length($1) + 1) = ' ' || $1 THEN 1
           WHEN ${holds} THEN 2
           WHEN initials = $3 THEN 3
           ELSE 4 END
         + CASE WHEN position($2 IN name_key) > 0 THEN 0 ELSE 5000 END
         + ${nearness[fit]} AS rank
       FROM name_form
       WHERE ${fit === 'written' ? written : `(plain % $1 OR $1 <% plain) AND NOT coalesce(${written}, false)`}) ranked
     WHERE $4::int IS NULL OR (rank, name_key) ${isLastDone ? '>' : '>='} ($4, $5)
     ORDER BY rank, name_key LIMIT ${limit}`,
    [plain, nameKey(typed), initials, last?.rank ?? null, last?.name_key ?? null, ...words],
  )) as Form[];
}

/**
 * Each name's people by the index (name, commune, year, id) alone, at most a page of each; then the page itself. For a few
 * communes they are asked for one by one: what lives elsewhere is not even passed over.
 */
async function peopleOf(
  tx: Transaction,
  forms: Form[],
  { birthYear, codes, narrow }: Filters & { narrow: readonly string[] | null },
  after: (string | number)[] | null,
  limit: number,
): Promise<FoundRow[]> {
  const [rank, key, office, year, id] = after ?? [null, null, null, null, null];
  const [communes, isThere] = narrow
    ? ['CROSS JOIN unnest($4::text[]) AS commune (code)', 'office_code = commune.code']
    : ['', '($4::text[] IS NULL OR office_code = ANY ($4))'];
  return (await tx.query(
    `SELECT ${personColumns}, named.name_key, named.rank
     FROM (
       SELECT form.name_key, form.rank, borne.office_code, borne.birth_year, borne.id
       FROM unnest($1::text[], $2::int[]) AS form (name_key, rank)
       ${communes}
       CROSS JOIN LATERAL (
         SELECT office_code, birth_year, id FROM person
         WHERE person.name_key = form.name_key AND survivor_id IS NULL AND ${isThere} AND ($3::int IS NULL OR birth_year = $3)
           AND ($5::int IS NULL OR (form.rank, form.name_key COLLATE "C") <> ($5, $6::text)
                OR (office_code, birth_year, id) > ($7::text, $8::int, $9::uuid))
         ORDER BY office_code, birth_year, id LIMIT $10) borne
       ORDER BY form.rank, form.name_key COLLATE "C", borne.office_code, borne.birth_year, borne.id LIMIT $10) named
     JOIN person USING (id)
     ORDER BY named.rank, named.name_key COLLATE "C", named.office_code, named.birth_year, named.id`,
    [
      forms.map((form) => form.name_key),
      forms.map((form) => form.rank),
      birthYear,
      narrow ?? codes,
      rank,
      key,
      office,
      year,
      id,
      limit,
    ],
  )) as FoundRow[];
}
