import { Readable } from 'node:stream';
import type { DataSource } from 'typeorm';
import { copyRows, inTransaction, limitStatement } from '@ansinh/database';
import { copyValue } from '@ansinh/copy-text';
import { Random } from '@ansinh/samples';
import type { Sealer } from '@ansinh/sealing';
import { recordEvents } from '../event/record-events.js';
import { seedEmployers } from './employers.js';
import { seedHouseholds, type SeedHousehold, seedPeopleMax, type SeedPerson } from './people.js';
import { NameForms, personRow, personTarget, residenceTarget, seededBy, type Value } from './person-rows.js';

interface Province {
  people: number;
  /** A whole number from 0 to 65,535. */
  seed: number;
}

/** So many people share an employer: 1.5 million have 37,500. */
const peoplePerEmployer = 40;
/** Households in one transaction, and in memory. */
const householdsPerChunk = 5_000;
const since = '2025-07-01';

/** Rows of each table, in the order in which they refer to each other. */
const targets = {
  person: personTarget,
  residence: residenceTarget,
  fact: 'person_fact (person_id, kind, value, basis, valid_from, recorded_by)',
  household: 'household (id, head_id, office_code, recorded_by)',
  member: 'household_member (household_id, person_id, relation, valid_from, recorded_by)',
  class: 'household_class (household_id, year, class, basis, recorded_by)',
  employment: 'employment (id, employer_id, person_id, contract_from, insured_from, recorded_by)',
} as const;

type Rows = Record<keyof typeof targets, Value[][]>;

/**
 * Fills an empty registry with a province of nobody, the same for the same seed (seals apart). Written past the commands:
 * nobody asked for these people, and a row of audit each would say so a million times.
 * @returns people entered: none where there are some already
 */
export async function seedProvince(
  dataSource: DataSource,
  sealer: Sealer,
  { people, seed }: Province,
): Promise<number> {
  if (people > seedPeopleMax) throw new Error(`at most ${seedPeopleMax} people`);
  if (await hasPeople(dataSource)) return 0;
  const employers = Math.ceil(people / peoplePerEmployer);
  await enterEmployers(dataSource, employers, seed);
  const writer = new ProvinceWriter(dataSource, sealer, seed, employers);
  let chunk: SeedHousehold[] = [];
  for (const household of seedHouseholds(people, seed)) {
    chunk.push(household);
    if (chunk.length < householdsPerChunk) continue;
    await writer.write(chunk);
    chunk = [];
  }
  await writer.write(chunk);
  await inTransaction(dataSource, 'system', async (tx) => {
    await limitStatement(tx, 600);
    // Never vacuumed tables are read twice over: what is visible to all is not known of any page.
    for (const target of [...Object.values(targets), 'employer', 'name_form', 'event']) {
      await tx.query(`ANALYZE ${target.split(' ')[0]}`);
    }
  });
  return people;
}

async function hasPeople(dataSource: DataSource): Promise<boolean> {
  const [row] = (await inTransaction(dataSource, 'system', (tx) =>
    tx.query('SELECT EXISTS (SELECT FROM person) AS found'),
  )) as { found: boolean }[];
  return row!.found;
}

const idOf = (kind: number, seed: number, index: number) =>
  `01900000-${seed.toString(16).padStart(4, '0')}-7${kind.toString(16).padStart(3, '0')}-8000-${index.toString(16).padStart(12, '0')}`;
const kinds = { person: 1, household: 2, employer: 3, employment: 4 };

async function enterEmployers(dataSource: DataSource, count: number, seed: number): Promise<void> {
  function* lines() {
    for (const each of seedEmployers(count, seed)) {
      yield lineOf([
        idOf(kinds.employer, seed, each.index),
        each.taxCode,
        each.name,
        each.plainName,
        each.kind,
        each.park,
        each.placeCode,
        each.placeCode,
        seededBy,
      ]);
    }
  }
  await inTransaction(dataSource, 'system', async (tx) => {
    await limitStatement(tx, 600);
    await copyRows(
      tx,
      'employer (id, tax_code, name, plain_name, kind, park, place_code, office_code, recorded_by)',
      Readable.from(lines()),
    );
  });
}

const rowsPerPiece = 500;

/** A write a row would cost more than making it. */
function* piecesOf(rows: Value[][]): Generator<string> {
  for (let first = 0; first < rows.length; first += rowsPerPiece) {
    yield rows
      .slice(first, first + rowsPerPiece)
      .map(lineOf)
      .join('');
  }
}

const lineOf = (values: Value[]) => `${values.map(copyValue).join('\t')}\n`;

class ProvinceWriter {
  private readonly names = new NameForms();
  private readonly random: Random;

  constructor(
    private readonly dataSource: DataSource,
    private readonly sealer: Sealer,
    private readonly seed: number,
    private readonly employers: number,
  ) {
    this.random = new Random(seed + 2);
  }

  async write(households: SeedHousehold[]): Promise<void> {
    const rows: Rows = {
      person: [],
      residence: [],
      fact: [],
      household: [],
      member: [],
      class: [],
      employment: [],
    };
    for (const household of households) this.add(rows, household);
    await inTransaction(this.dataSource, 'system', async (tx) => {
      await limitStatement(tx, 600);
      await this.names.enter(
        tx,
        households.flatMap(({ members }) => members),
      );
      for (const [table, target] of Object.entries(targets) as [keyof Rows, string][]) {
        await copyRows(tx, target, Readable.from(piecesOf(rows[table])));
      }
      await recordEvents(
        tx,
        'person.registered',
        rows.person.map(([id]) => id as string),
      );
    });
  }

  private add(rows: Rows, household: SeedHousehold): void {
    const { placeCode } = household;
    const id = idOf(kinds.household, this.seed, household.index);
    const headId = idOf(kinds.person, this.seed, household.members[0]!.index);
    rows.household.push([id, headId, placeCode, seededBy]);
    rows.class.push([id, 2025, household.class, 'Rà soát 2025', seededBy]);
    for (const person of household.members) {
      const personId = idOf(kinds.person, this.seed, person.index);
      rows.person.push(personRow(this.sealer, personId, person, placeCode));
      rows.residence.push([personId, placeCode, since, seededBy]);
      rows.member.push([id, personId, person.relation, since, seededBy]);
      if (this.random.next() < 0.02) {
        const level = this.random.pick(['exceptionallySevere', 'severe', 'severe', 'mild']);
        rows.fact.push([personId, 'disabilityLevel', level, 'GXN khuyết tật', since, seededBy]);
      }
      this.employ(rows, personId, person);
    }
  }

  private employ(rows: Rows, personId: string, { birthYear, diedOn, index }: SeedPerson): void {
    const isOfAge = birthYear >= 1966 && birthYear <= 2007;
    if (!isOfAge || diedOn !== null || this.random.next() > 0.6) return;
    const year = Math.max(birthYear + 18, 2015 + this.random.below(11));
    const from = `${year}-${String(1 + this.random.below(12)).padStart(2, '0')}-01`;
    const employerId = idOf(kinds.employer, this.seed, this.random.below(this.employers));
    rows.employment.push([
      idOf(kinds.employment, this.seed, index),
      employerId,
      personId,
      from,
      from,
      seededBy,
    ]);
  }
}
