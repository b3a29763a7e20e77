import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { type Actor, scopeOf } from '@ansinh/auth';
import {
  askPlanned,
  type AskPlanned,
  inTransaction,
  type Page,
  pageOf,
  readCursor,
  type Transaction,
} from '@ansinh/database';
import { findPlace, placeCodesUnder, placeToday, placeVersions } from '@ansinh/places';
import { problems, ProblemError } from '@ansinh/problem';
import { Sealer } from '@ansinh/sealing';
import {
  type Asked,
  type Fit,
  fitOf,
  fits,
  namedPeople,
  type NamedRow,
  placeOf,
} from './named-people.sql.js';
import type { FoundPerson, PeopleQuery } from './person.dto.js';
import { summaryColumns, type SummaryRow, toSummary } from './person-rows.js';

/** A person, and the place that the search gave him. */
interface RankedPerson {
  person: FoundPerson;
  key: readonly (string | number)[];
}

/** Whoever found so many people by what was typed is not shown those of names that fit worse. */
const peopleEnough: Record<Fit, number> = { written: Infinity, slip: 5, alike: 3 };
const yearPattern = /^(18|19|20)\d\d$/;
const communePattern = /^\d{5}$/;
/** Digits that no word parts, as cards and people group them: `001 090 123 456`, `0912.345.678`. A day has its strokes. */
const digitsPattern = /\d+(?:[^\p{L}\d/]+\d+)*/gu;
/** The least digits of what is a number of somebody: an identity card, a telephone, an insurance. */
const numberDigitsMin = 9;

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

  /** The best match first; without a name in the text, everybody by id. @throws ProblemError INVALID_REQUEST for a number */
  async search(query: PeopleQuery, actor: Actor): Promise<Page<RankedPerson>> {
    const { name, birthYear, place } = readTyped(query);
    const filters = { birthYear, codes: place === undefined ? null : communesOf(place) };
    const scope = inOrderOf(scopeOf(actor));
    if (name === '') return inTransaction(this.dataSource, scope, (tx) => this.everybody(tx, query, filters));
    const after = readCursor(query.after, 'row', 'text', 'text', 'row', 'uuid', 'row');
    const passed = Number(after?.at(-1) ?? 0);
    const { page, standing } = await askPlanned(this.dataSource, scope, async (ask) => {
      const rows = await this.named(
        { typed: name, ...filters, after },
        { passed, limit: query.limit + 1, ask },
      );
      const placed = rows.map((row, index) => ({ row, key: [...placeOf(row), passed + index + 1] }));
      const page = pageOf(placed, query.limit, ({ key }) => key);
      return { page, standing: await this.standingFor(page.items, ask) };
    });
    const items = page.items.flatMap(({ row, key }) => {
      const person = standing.get(row.survivor_id ?? row.id);
      const foundByName = row.survivor_id === null ? null : row.name;
      return person ? [{ key, person: { ...toSummary(this.sealer, person), foundByName } }] : [];
    });
    return { next: page.next, items };
  }

  /** Who fits worse is asked for where few fit better. A page goes on in what the one before it had begun. */
  private async named(
    asked: Omit<Asked, 'fit' | 'limit'>,
    { passed, limit, ask }: { passed: number; limit: number; ask: AskPlanned },
  ): Promise<NamedRow[]> {
    const begun = asked.after ? fitOf(Number(asked.after[0])) : 'written';
    const rows: NamedRow[] = [];
    for (const fit of fits.slice(fits.indexOf(begun))) {
      if (rows.length === limit || (fit !== begun && passed + rows.length >= peopleEnough[fit])) break;
      rows.push(...(await ask<NamedRow>(namedPeople({ ...asked, fit, limit: limit - rows.length }))));
    }
    return rows;
  }

  /** The people whom the rows are of, by id: of a merged record the one that it was merged into, who belongs to its office. */
  private async standingFor(
    found: readonly { row: SummaryRow }[],
    ask: AskPlanned,
  ): Promise<Map<string, SummaryRow>> {
    const standing = new Map(found.map(({ row }) => [row.id, row]));
    const merged = found.flatMap(({ row }) => (row.survivor_id === null ? [] : [row.survivor_id]));
    if (merged.length === 0) return standing;
    const sql = `SELECT ${summaryColumns} FROM person WHERE id = ANY ($1::uuid[])`;
    const survivors = { sql, parameters: [merged], isKept: true };
    for (const row of await ask<SummaryRow>(survivors)) standing.set(row.id, row);
    return standing;
  }

  private async everybody(
    tx: Transaction,
    query: PeopleQuery,
    filters: Filters,
  ): Promise<Page<RankedPerson>> {
    const after = readCursor(query.after, 'uuid')?.[0] ?? null;
    const rows = (await tx.query(
      `SELECT ${summaryColumns} FROM person
       WHERE survivor_id IS NULL AND ($1::uuid IS NULL OR id > $1) AND ($2::int IS NULL OR birth_year = $2)
         AND ($3::text[] IS NULL OR office_code = ANY ($3))
       ORDER BY id LIMIT $4`,
      [after, filters.birthYear, filters.codes, query.limit + 1],
    )) as SummaryRow[];
    const page = pageOf(rows, query.limit, ({ id }) => [id]);
    const items = page.items.map((row) => ({
      key: [row.id],
      person: { ...toSummary(this.sealer, row), foundByName: null },
    }));
    return { next: page.next, items };
  }
}

type OfficeScope = ReturnType<typeof scopeOf>;

const inOrder = new WeakMap<OfficeScope, OfficeScope>();

/**
 * The same codes in the order of the index. For each name that people are read of PostgreSQL sorts them anew, 328 of
 * them for the province, and what is in order already is only looked through.
 */
function inOrderOf(scope: OfficeScope): OfficeScope {
  let ordered = inOrder.get(scope);
  if (!ordered) {
    ordered = { offices: scope.offices.toSorted() };
    inOrder.set(scope, ordered);
  }
  return ordered;
}

interface Filters {
  birthYear: number | null;
  codes: string[] | null;
}

interface Typed {
  name: string;
  birthYear: number | null;
  place: string | undefined;
}

/** A year among the words is one of birth, five digits are a commune; the rest is a name. */
function readTyped({ q = '', birthYear, place }: PeopleQuery): Typed {
  const words = q.split(/[\s,;.]+/).filter((word) => word !== '');
  if (hasNumber(q)) throw numberTyped();
  const year = words.find((word) => yearPattern.test(word));
  const commune = words.find((word) => communePattern.test(word));
  return {
    name: words.filter((word) => word !== year && word !== commune).join(' '),
    birthYear: birthYear ?? (year === undefined ? null : Number(year)),
    place: place ?? commune,
  };
}

function hasNumber(q: string): boolean {
  return [...q.matchAll(digitsPattern)].some(([digits]) => {
    const groups = digits.split(/\D+/);
    // Nine digits too, that are of nobody.
    const isYearAndCommune =
      groups.length === 2 &&
      groups.some((group) => yearPattern.test(group)) &&
      groups.some((group) => communePattern.test(group));
    return !isYearAndCommune && groups.join('').length >= numberDigitsMin;
  });
}

/** Nobody would be found by it, as if nobody had it; and addresses are logged. */
function numberTyped(): ProblemError {
  const detail = {
    vi: 'có số của người dân: hãy tra số bằng POST /v1/people/lookups, vì địa chỉ truy cập được ghi lại',
    en: 'has a number of a person: look it up by POST /v1/people/lookups, for addresses are logged',
  };
  return new ProblemError(problems.invalidRequest, { errors: [{ pointer: '?q', code: 'number', detail }] });
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
