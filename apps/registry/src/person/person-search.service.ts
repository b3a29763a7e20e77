import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { type Actor, scopeOf } from '@ansinh/auth';
import {
  inTransaction,
  type Page,
  pageOf,
  plannedRows,
  readCursor,
  type Transaction,
} from '@ansinh/database';
import { findPlace, placeCodesUnder, placeToday, placeVersions } from '@ansinh/places';
import { Sealer } from '@ansinh/sealing';
import { firstRank, type Fit, fits, namedPeople, type NamedRow, placeOf } from './named-people.sql.js';
import type { PeopleQuery, PersonSummary } from './person.dto.js';
import { personColumns, type PersonRow, toSummary } from './person-rows.js';

/** A person, and the place that the search gave him. */
export interface FoundPerson {
  person: PersonSummary;
  key: readonly (string | number)[];
}

/** Whoever found so many people by what was typed is not shown those of other names. */
const peopleEnough: Record<Fit, number> = { written: Infinity, slip: 5, alike: 1 };
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
    const scope = scopeOf(actor);
    if (name === '') return inTransaction(this.dataSource, scope, (tx) => this.everybody(tx, query, filters));
    const after = readCursor(query.after, 'row', 'text', 'text', 'row', 'uuid');
    const rows: NamedRow[] = [];
    for (const fit of fitsAsked(after)) {
      if (rows.length > query.limit || rows.length >= peopleEnough[fit]) break;
      const limit = query.limit + 1 - rows.length;
      const named = namedPeople({ typed: name, fit, ...filters, after, limit });
      rows.push(...(await plannedRows<NamedRow>(this.dataSource, scope, named)));
    }
    const page = pageOf(rows, query.limit, placeOf);
    return { next: page.next, items: page.items.map((row) => this.found(row, placeOf(row))) };
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

/** Those that the pages before have not passed; who found anybody there is not shown names that only look alike. */
function fitsAsked(after: (string | number)[] | null): Fit[] {
  if (!after) return [...fits];
  const rank = Number(after[0]);
  if (rank >= firstRank.alike) return ['alike'];
  return rank >= firstRank.slip ? ['slip'] : ['written', 'slip'];
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
