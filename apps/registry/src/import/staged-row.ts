import { v7 as uuidv7 } from 'uuid';
import { todayInVietnam } from '@ansinh/calendar';
import {
  isCitizenNumber,
  maskNumbersIn,
  nameInitials,
  nameKey,
  normaliseName,
  numberContradictions,
  searchForm,
  taxCodeFault,
} from '@ansinh/identity';
import { communeToday, officeCovers } from '@ansinh/places';
import type { RawRow } from '@ansinh/payment-list';
import { RandomBytes, type Sealer } from '@ansinh/sealing';
import { employerKinds } from '../employer/employer-kinds.js';
import { relations } from '../household/relations.js';
import { readBirth } from '../lookup/lookup-list.js';
import type { Sex } from '../person/person.dto.js';
import { numberKeyOf, sealPerson } from '../person/sealed-person.js';
import { type ImportKind, importColumns } from './import-columns.js';
import {
  contradictionFacts,
  type FindingFacts,
  type ImportFindingCode,
  importFindings,
  type RowFinding,
} from './import-findings.js';

/** Columns of `import_row` besides its key, in their order. What a kind does not have is null. */
export const stagedColumns = {
  people: [
    'record_id',
    'is_blocked',
    'number_key',
    'sealed',
    'name',
    'name_key',
    'plain_name',
    'initials',
    'birth_year',
    'born_on',
    'sex',
    'ethnicity',
    'place_code',
    'office_code',
    'address',
    'valid_from',
  ],
  households: ['record_id', 'is_blocked', 'household_code', 'number_key', 'relation', 'valid_from'],
  employers: [
    'record_id',
    'is_blocked',
    'tax_code',
    'name',
    'plain_name',
    'kind',
    'park',
    'place_code',
    'office_code',
  ],
  employment: [
    'record_id',
    'is_blocked',
    'tax_code',
    'number_key',
    'valid_from',
    'valid_until',
    'insured_from',
    'insured_until',
  ],
} as const satisfies Record<ImportKind, readonly string[]>;

type StagedColumn = (typeof stagedColumns)[ImportKind][number];
export type StagedRow = Partial<Record<StagedColumn, string | number | boolean | Buffer | null>>;

/** Names known already, by what was written: a province has far fewer names than people. */
const names = new Map<string, NameForms>();
const namesKept = 50_000;
const random = new RandomBytes();
const valueShownMax = 60;
const controlCharacters = /[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;
/** Where a list does not say since when somebody lives there. */
const firstDayOfToday = '2025-07-01';

interface NameForms {
  name: string;
  name_key: string;
  plain_name: string;
  initials: string;
}

/** Reads rows of one kind for one office: what goes into the registry, ready to be copied, and what is wrong with it. */
export class RowStager {
  private readonly today = todayInVietnam();
  private readonly year = Number(this.today.slice(0, 4));
  private readonly indexes: ReadonlyMap<string, number>;
  private cells: string[] = [];
  private found: RowFinding[] = [];

  constructor(
    private readonly kind: ImportKind,
    private readonly office: string,
    private readonly at: number,
    private readonly sealer: Sealer,
  ) {
    this.indexes = new Map(importColumns[kind].map(({ name }, index) => [name, index]));
  }

  stage(raw: RawRow): { staged: StagedRow; findings: RowFinding[] } {
    this.cells = raw.cells.map((cell) => cell.trim());
    this.found = [];
    const id = uuidv7({ msecs: this.at, seq: raw.row, random: random.take(16) });
    const staged = raw.problem ? {} : this.readers[this.kind](id);
    if (raw.problem) {
      const { columnIndex } = raw.problem;
      const column = columnIndex === undefined ? null : importColumns[this.kind][columnIndex]!.name;
      this.find('UNREADABLE_ROW', column);
    }
    const isBlocked = this.found.some(({ code }) => importFindings[code].isBlocking);
    return { staged: { ...staged, record_id: id, is_blocked: isBlocked }, findings: this.found };
  }

  private readonly readers: Record<ImportKind, (id: string) => StagedRow> = {
    people: (id) => this.person(id),
    households: () => ({
      household_code: this.text('household', 40),
      number_key: this.numberKey('citizenNumber'),
      relation: this.choice('relation', relations, relationWords),
      valid_from: this.day('memberFrom'),
    }),
    employers: () => {
      const name = this.text('name', 200);
      return {
        tax_code: this.taxCode(),
        name,
        plain_name: name && searchForm(name),
        kind: this.choice('kind', employerKinds, kindWords),
        park: this.text('park', 100),
        ...this.commune('placeCode', this.today),
      };
    },
    employment: () => ({
      tax_code: this.taxCode(),
      number_key: this.numberKey('citizenNumber'),
      ...this.period('valid', 'contractFrom', 'contractUntil'),
      ...this.period('insured', 'insuredFrom', 'insuredUntil'),
    }),
  };

  private person(id: string): StagedRow {
    const citizenNumber = this.number('citizenNumber');
    const insuranceNumber = this.formed('insuranceNumber', /^(\d{10}|\d{12})$/);
    const phone = this.formed('phone', /^0\d{9,10}$/);
    const birth = this.birth();
    const sex = this.choice('sex', ['male', 'female'], sexWords) as Sex | null;
    const from = this.pastDay('residentFrom') ?? firstDayOfToday;
    if (citizenNumber && birth && sex) {
      const contradictions = numberContradictions(citizenNumber, { ...birth, sex }, this.year);
      if (contradictions.length > 0) {
        this.find('NUMBER_CONTRADICTS', 'citizenNumber', contradictionFacts(contradictions));
      }
    }
    return {
      number_key: citizenNumber && numberKeyOf(this.sealer, citizenNumber),
      sealed: sealPerson(this.sealer, id, { citizenNumber, insuranceNumber, phone }),
      ...this.name(),
      birth_year: birth?.birthYear ?? null,
      born_on: birth?.bornOn ?? null,
      sex,
      ethnicity: this.text('ethnicity', 50),
      ...this.commune('placeCode', from),
      address: this.text('address', 300) ?? '',
      valid_from: from,
    };
  }

  private name(): Partial<NameForms> {
    const cell = this.cells[this.indexes.get('name')!]!;
    const known = names.get(cell);
    if (known) return known;
    const written = this.text('name', 140);
    if (written === null) return {};
    const forms = {
      name: written,
      name_key: nameKey(written),
      plain_name: searchForm(written),
      initials: nameInitials(written),
    };
    if (names.size >= namesKept) names.clear();
    names.set(cell, forms);
    return forms;
  }

  private birth(): { birthYear: number; bornOn: string | null } | null {
    const cell = this.cell('birth');
    if (cell === '') return null;
    const birth = readBirth(cell);
    if (!birth) this.find('WRONG_CELL', 'birth', { value: shown(cell) });
    return birth;
  }

  private number(column: string): string | null {
    const cell = this.cell(column);
    if (cell === '' || isCitizenNumber(cell)) return cell || null;
    this.find('WRONG_CELL', column, { value: shown(cell) });
    return null;
  }

  private numberKey(column: string): string | null {
    const number = this.number(column);
    return number && numberKeyOf(this.sealer, number);
  }

  private taxCode(): string | null {
    const cell = this.cell('taxCode');
    if (cell === '' || taxCodeFault(cell) === null) return cell || null;
    this.find('WRONG_TAX_CODE', 'taxCode', { value: shown(cell) });
    return null;
  }

  private day(column: string): string | null {
    const cell = this.cell(column);
    if (cell === '') return null;
    const day = readBirth(cell)?.bornOn ?? null;
    if (day === null) this.find('WRONG_CELL', column, { value: shown(cell) });
    return day;
  }

  /** As a command refuses it: a residence of a day to come would count at once, and be told of. */
  private pastDay(column: string): string | null {
    const day = this.day(column);
    if (day === null || day <= this.today) return day;
    this.find('DAY_TO_COME', column);
    return null;
  }

  private period(prefix: 'valid' | 'insured', fromColumn: string, untilColumn: string): StagedRow {
    const [from, until] = [this.day(fromColumn), this.day(untilColumn)];
    if (from && until && until <= from) this.find('DAYS_IN_WRONG_ORDER', untilColumn);
    return { [`${prefix}_from`]: from, [`${prefix}_until`]: until };
  }

  private commune(column: string, on: string): StagedRow {
    const cell = this.cell(column);
    if (cell === '') return {};
    const office = communeToday(cell, on);
    if (office === null) this.find('UNKNOWN_COMMUNE', column, { value: shown(cell) });
    else if (!officeCovers(this.office, office)) {
      this.find('COMMUNE_OF_ANOTHER_OFFICE', column, { value: shown(cell) });
    } else return { place_code: cell, office_code: office };
    return {};
  }

  private choice<Value extends string>(
    column: string,
    values: readonly Value[],
    words: Readonly<Record<string, Value>>,
  ): Value | null {
    const cell = this.cell(column);
    if (cell === '') return null;
    const value = values.find((each) => each === cell) ?? words[searchForm(cell)];
    if (value) return value;
    this.find('WRONG_CHOICE', column, { value: shown(cell), values: values.join(', ') });
    return null;
  }

  private formed(column: string, form: RegExp): string | null {
    const cell = this.cell(column);
    if (cell === '' || form.test(cell)) return cell || null;
    this.find('WRONG_CELL', column, { value: shown(cell) });
    return null;
  }

  private text(column: string, lengthMax: number): string | null {
    const cell = this.cell(column);
    if (cell === '') return null;
    const text = normaliseName(cell);
    if (text !== '' && text.length <= lengthMax && !controlCharacters.test(cell)) return text;
    this.find('TEXT_TOO_LONG', column, { limit: lengthMax });
    return null;
  }

  /** Reports the cell as missing when it is empty and may not be. */
  private cell(column: string): string {
    const index = this.indexes.get(column)!;
    const cell = this.cells[index]!;
    if (cell === '' && !importColumns[this.kind][index]!.isOptional) this.find('MISSING_CELL', column);
    return cell;
  }

  private find(code: ImportFindingCode, column: string | null, facts: FindingFacts = {}): void {
    this.found.push({ code, column, facts });
  }
}

function shown(cell: string): string {
  // PostgreSQL takes neither NUL nor half a surrogate pair into JSON.
  return maskNumbersIn(cell.slice(0, valueShownMax).replace(/[\p{Cc}\p{Cs}]/gu, '\ufffd'));
}

/** What offices write, in the form that names are searched by. */
const sexWords = { nam: 'male', nu: 'female', male: 'male', female: 'female' } as const;

const relationWords = {
  'chu ho': 'head',
  vo: 'spouse',
  chong: 'spouse',
  con: 'child',
  bo: 'parent',
  cha: 'parent',
  me: 'parent',
  chau: 'grandchild',
  anh: 'sibling',
  chi: 'sibling',
  em: 'sibling',
  khac: 'other',
} as const;

const kindWords = {
  'doanh nghiep': 'enterprise',
  'cong ty': 'enterprise',
  'hop tac xa': 'cooperative',
  'ho kinh doanh': 'businessHousehold',
  'don vi su nghiep': 'publicUnit',
  'co quan nha nuoc': 'publicUnit',
  hoi: 'association',
} as const;
