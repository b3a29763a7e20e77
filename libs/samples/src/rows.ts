import { listPlaces } from '@ansinh/places';
import { MOST_PEOPLE, sampleName, samplePerson } from './people.js';
import { Random, weighted } from './random.js';
import { supportOfThousand, type Support } from './support.js';

/** The columns of a payment list, in the order in which the samples are written. */
export const sampleColumns = [
  'payeeId',
  'payeeName',
  'bankBin',
  'account',
  'amount',
  'programmeCode',
  'policyCode',
  'period',
  'placeCode',
  'ordinal',
  'remittance',
] as const;

export type SampleColumn = (typeof sampleColumns)[number];

/** The finding that a flawed row is made to cause, named by its code. */
export type SampleFlaw = (typeof flaws)[number];

export type SampleRow = Record<SampleColumn, string> & { flaw: SampleFlaw | null };

export interface SampleOptions {
  rows: number;
  /** A whole number from 0; the same options give the same rows on every machine. */
  seed: number;
  /** Part of the rows that is flawed, 0 to 1; 0.005 by default. */
  flawed?: number;
  /** `2022-03` or `2022`; `2022-03` by default. The places are those of the first day of the period. */
  period?: string;
  /** `NQ68` by default. */
  programmeCode?: string;
}

const flaws = [
  'MALFORMED_ROW',
  'MISSING_FIELD',
  'INVALID_CITIZEN_ID',
  'INVALID_AMOUNT',
  'AMOUNT_OUT_OF_BOUNDS',
  'INVALID_ACCOUNT',
  'UNKNOWN_BANK',
  'UNKNOWN_PLACE',
  'DUPLICATE_IN_LIST',
  'NAME_MISMATCH',
  'SHARED_ACCOUNT',
] as const;

/** Flaws that need an earlier row to be in conflict with. */
const conflicts: ReadonlySet<SampleFlaw> = new Set(['DUPLICATE_IN_LIST', 'NAME_MISMATCH', 'SHARED_ACCOUNT']);

/** Part of the rows that repeats the row before as a second lawful payment, with the ordinal 2. */
const SECOND_PAYMENTS = 0.01;

/** The list of places begins on this day. */
const PLACES_KNOWN_SINCE = '2021-01-13';

const banks = weighted([
  ['970405', 30],
  ['970418', 15],
  ['970415', 15],
  ['970436', 14],
  ['970422', 9],
  ['970407', 6],
  ['970432', 4],
  ['970423', 3],
  ['970443', 2],
  ['970416', 1],
  ['970449', 1],
]);

/** What goes before the eight digits that make an account unique: banks write 10 to 14 digits. */
const accountPrefixes = ['2600', '2601', '43210', '0351', '10', '19', '0', '104', '9'];

const wrongAmounts = ['1.500.000', '1500000,5', '-1500000', '1.5E+06', '0', '１５０００００'];
const wrongAccounts = ['1234', '1.90E+13', '19034 5678 9012'];
const wrongBanks = ['999888', '970499', 'Agribank'];
const wrongPeriods = ['03/2022', '2022-13', 'Mar-22'];

/**
 * The rows of a payment list as an office would bring it: people with numbers, names, banks and communes that could be.
 * Every flaw comes in turn. A row without a flaw passes every check of its own and those against the others.
 * Throws RangeError for more rows than there are distinct citizen numbers to give, and for a negative seed.
 */
export function* generateRows(options: SampleOptions): Generator<SampleRow, void, undefined> {
  const { rows, seed, flawed = 0.005, period = '2022-03', programmeCode = 'NQ68' } = options;
  if (!Number.isSafeInteger(rows) || rows < 0 || rows > MOST_PEOPLE)
    throw new RangeError(`Cannot make ${rows} rows`);
  if (!Number.isSafeInteger(seed) || seed < 0) throw new RangeError(`Not a seed: ${seed}`);
  const random = new Random(seed);
  const communes = communesOf(period);
  const supports = [...supportOfThousand];
  let flawCount = random.below(flaws.length);
  // The last row without a flaw that no other row repeats or is in conflict with yet.
  let free: SampleRow | null = null;

  for (let index = 0; index < rows; index += 1) {
    if (index % supports.length === 0) random.shuffle(supports);
    const support = supports[index % supports.length]!;
    const base = { ...lawfulRow(random, { seed, index, support }), programmeCode, period, flaw: null };
    base.placeCode = random.pick(communes);
    const flaw: SampleFlaw | null = random.next() < flawed ? flaws[flawCount % flaws.length]! : null;

    if (flaw !== null && (free !== null || !conflicts.has(flaw))) {
      flawCount += 1;
      yield flawedRow(random, base, { flaw, other: free ?? base });
      if (conflicts.has(flaw)) free = null;
    } else if (free !== null && random.next() < SECOND_PAYMENTS) {
      yield { ...free, ordinal: '2' };
      free = null;
    } else {
      yield base;
      free = base;
    }
  }
}

function communesOf(period: string): string[] {
  const firstDay = period.length === 4 ? `${period}-01-01` : `${period}-01`;
  return listPlaces(firstDay < PLACES_KNOWN_SINCE ? PLACES_KNOWN_SINCE : firstDay)
    .filter((place) => place.level === 'commune' && place.offices.includes('27'))
    .map((place) => place.code);
}

interface RowSource {
  seed: number;
  index: number;
  support: Support;
}

function lawfulRow(random: Random, { seed, index, support }: RowSource): SampleRow {
  const person = samplePerson(random, seed, index);
  // 7,368,787 is coprime to 10^8: no account is given twice in 10^8 rows.
  const accountTail = (index * 7_368_787 + (seed % 100_000) * 971) % 100_000_000;
  return {
    payeeId: person.payeeId,
    payeeName: person.payeeName,
    bankBin: random.pick(banks),
    account: random.pick(accountPrefixes) + String(accountTail).padStart(8, '0'),
    amount: support.amount,
    programmeCode: '',
    policyCode: support.policyCode,
    period: '',
    placeCode: '',
    ordinal: random.next() < 0.9 ? '1' : '',
    remittance: support.remittance,
    flaw: null,
  };
}

interface Flawing {
  flaw: SampleFlaw;
  /** An earlier row without a flaw, for the flaws that are a conflict of two rows. */
  other: SampleRow;
}

function flawedRow(random: Random, row: SampleRow, { flaw, other }: Flawing): SampleRow {
  switch (flaw) {
    case 'MALFORMED_ROW':
      return { ...row, flaw, period: random.pick(wrongPeriods) };
    case 'MISSING_FIELD':
      return { ...row, flaw, [random.pick(['payeeName', 'bankBin', 'placeCode'] as const)]: '' };
    case 'INVALID_CITIZEN_ID':
      return { ...row, flaw, payeeId: row.payeeId.slice(1) };
    case 'INVALID_AMOUNT':
      return { ...row, flaw, amount: random.pick(wrongAmounts) };
    case 'AMOUNT_OUT_OF_BOUNDS':
      return { ...row, flaw, amount: '900000000' };
    case 'INVALID_ACCOUNT':
      return { ...row, flaw, account: random.pick(wrongAccounts) };
    case 'UNKNOWN_BANK':
      return { ...row, flaw, bankBin: random.pick(wrongBanks) };
    case 'UNKNOWN_PLACE':
      return { ...row, flaw, placeCode: '99999' };
    case 'DUPLICATE_IN_LIST':
      return { ...other, flaw };
    case 'NAME_MISMATCH':
      return {
        ...row,
        flaw,
        payeeId: other.payeeId,
        payeeName: otherName(random, other),
        policyCode: 'NQ68-11',
      };
    case 'SHARED_ACCOUNT':
      return { ...row, flaw, bankBin: other.bankBin, account: other.account };
  }
}

function otherName(random: Random, row: SampleRow): string {
  const name = sampleName(random, 'male');
  return name === row.payeeName ? `${name} Em` : name;
}
