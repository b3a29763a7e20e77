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

/** More names than this fit a typed text only where it says nothing; the officer types on. */
const formsMax = 400;
/** Names whose people are asked for in one statement: the best few fill a page as a rule. */
const formsPerLook = 40;
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
    const filters = { birthYear, codes: query.place === undefined ? null : communesOf(query.place) };
    return inTransaction(this.dataSource, scopeOf(actor), async (tx) => {
      if (name === '') return this.everybody(tx, query, filters);
      const after = readCursor(query.after, 'row', 'text', 'row', 'uuid');
      const forms = await formsLike(tx, name, after);
      const rows: FoundRow[] = [];
      for (let first = 0; first < forms.length && rows.length <= query.limit; first += formsPerLook) {
        const looked = forms.slice(first, first + formsPerLook);
        rows.push(...(await peopleOf(tx, looked, filters, after, query.limit + 1 - rows.length)));
      }
      const page = pageOf(rows, query.limit, ({ rank, name_key: key, birth_year: year, id }) => [
        rank,
        key,
        year,
        id,
      ]);
      const found = page.items.map((row) =>
        this.found(row, [row.rank, row.name_key, row.birth_year, row.id]),
      );
      return { next: page.next, items: found };
    });
  }

  private async everybody(tx: Transaction, query: PeopleQuery, filters: Filters): Promise<Page<FoundPerson>> {
    const after = readCursor(query.after, 'uuid')?.[0] ?? null;
    const rows = (await tx.query(
      `SELECT ${personColumns} FROM person
       WHERE ($1::uuid IS NULL OR id > $1) AND ($2::int IS NULL OR birth_year = $2)
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

/**
 * Names by how well they fit, best first. Whole names come before beginnings and ends, these before words within, before
 * initials, before what only looks alike; within each, marks as typed come first.
 */
async function formsLike(tx: Transaction, typed: string, after: (string | number)[] | null): Promise<Form[]> {
  const plain = searchForm(typed);
  const initials = /^[a-z]{2,6}$/.test(plain) ? plain : null;
  const words = plain.split(' ');
  return (await tx.query(
    `SELECT name_key, rank FROM (
       SELECT name_key, 10000 * CASE
           WHEN plain = $1 THEN 0
           WHEN starts_with(plain, $1 || ' ') OR right(plain, length($1) + 1) = ' ' || $1 THEN 1
           WHEN plain LIKE ALL ($2::text[]) THEN 2
           WHEN initials = $4 THEN 3
           ELSE 4 END
         + CASE WHEN position($3 IN name_key) > 0 THEN 0 ELSE 5000 END
         + 1000 - (1000 * greatest(similarity(plain, $1), word_similarity($1, plain)))::int AS rank
       FROM name_form
       WHERE plain LIKE ALL ($2::text[]) OR initials = $4 OR plain % $1 OR $1 <% plain) ranked
     WHERE $5::int IS NULL OR (rank, name_key) >= ($5, $6)
     ORDER BY rank, name_key LIMIT ${formsMax}`,
    [
      plain,
      words.map((word) => `%${word.replace(/[\\%_]/g, '\\$&')}%`),
      nameKey(typed),
      initials,
      after?.[0] ?? null,
      after?.[1] ?? null,
    ],
  )) as Form[];
}

/** Each name's people by the index (name, year, id), at most a page of each. */
async function peopleOf(
  tx: Transaction,
  forms: Form[],
  { birthYear, codes }: Filters,
  after: (string | number)[] | null,
  limit: number,
): Promise<FoundRow[]> {
  const [rank, key, year, id] = after ?? [null, null, null, null];
  return (await tx.query(
    `SELECT ${personColumns}, form.name_key, form.rank
     FROM unnest($1::text[], $2::int[]) AS form (name_key, rank)
     CROSS JOIN LATERAL (
       SELECT * FROM person
       WHERE person.name_key = form.name_key
         AND ($3::int IS NULL OR birth_year = $3) AND ($4::text[] IS NULL OR office_code = ANY ($4))
         AND ($5::int IS NULL OR (form.rank, form.name_key COLLATE "C") <> ($5, $6::text)
              OR (birth_year, id) > ($7::int, $8::uuid))
       ORDER BY birth_year, id LIMIT $9) person
     ORDER BY form.rank, form.name_key COLLATE "C", person.birth_year, person.id LIMIT $9`,
    [
      forms.map((form) => form.name_key),
      forms.map((form) => form.rank),
      birthYear,
      codes,
      rank,
      key,
      year,
      id,
      limit,
    ],
  )) as FoundRow[];
}
