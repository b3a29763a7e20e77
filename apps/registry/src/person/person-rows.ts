import { todayInVietnam } from '@ansinh/calendar';
import type { Transaction } from '@ansinh/database';
import { maskAccount, maskCitizenNumber, numberContradictions } from '@ansinh/identity';
import { communeToday } from '@ansinh/places';
import { ProblemError } from '@ansinh/problem';
import type { Sealer } from '@ansinh/sealing';
import type {
  AccountView,
  OtherNumberView,
  PersonRecorded,
  PersonSummary,
  PersonView,
  ResidenceView,
  Sex,
  Warning,
} from './person.dto.js';
import { selvesOf } from './merged-records.sql.js';
import { personProblems } from './person.problems.js';
import { accountPlace, maskPerson, numberPlace, openPerson } from './sealed-person.js';

export interface PersonRow {
  id: string;
  number_key: string | null;
  sealed: Buffer;
  name: string;
  birth_year: number;
  born_on: string | null;
  sex: Sex;
  ethnicity: string | null;
  died_on: string | null;
  office_code: string;
  survivor_id: string | null;
  version: number;
}

/** What a list shows of a person. */
export type SummaryRow = Omit<PersonRow, 'ethnicity' | 'version'>;

/** Days as text: a `date` would become midnight of the machine's own time zone. */
export const summaryColumns = `person.id, person.number_key, person.sealed, person.name, person.birth_year,
  person.born_on::text, person.sex, person.died_on::text, person.office_code, person.survivor_id`;
export const personColumns = `${summaryColumns}, person.ethnicity, person.version`;

/**
 * @param lock who is locked is about to be changed, or referred to: that may be only a record that stands for itself
 * @throws ProblemError PERSON_NOT_FOUND, for those of other offices too; PERSON_MERGED under a lock
 */
export async function findPerson(
  tx: Transaction,
  id: string,
  lock: 'FOR UPDATE' | 'FOR SHARE' | '' = '',
): Promise<PersonRow> {
  const [row] = (await tx.query(`SELECT ${personColumns} FROM person WHERE id = $1 ${lock}`, [
    id,
  ])) as PersonRow[];
  if (!row) throw new ProblemError(personProblems.notFound);
  if (lock !== '' && row.survivor_id !== null)
    throw new ProblemError(personProblems.merged, { extensions: { mergedInto: row.survivor_id } });
  return row;
}

export function toSummary(sealer: Sealer, row: SummaryRow): PersonSummary {
  const { citizenNumber } = openPerson(sealer, row.id, row.sealed);
  return {
    id: row.id,
    citizenNumber: citizenNumber && maskCitizenNumber(citizenNumber),
    numberKey: row.number_key,
    name: row.name,
    birthYear: row.birth_year,
    bornOn: row.born_on,
    sex: row.sex,
    diedOn: row.died_on,
    placeCode: row.office_code,
    mergedInto: row.survivor_id,
  };
}

/** A person with all that has dates of its own, whichever of his records it came with. @param isMasked false only after the reading was logged */
export async function readPerson(
  tx: Transaction,
  sealer: Sealer,
  row: PersonRow,
  isMasked: boolean,
): Promise<PersonView> {
  const numbers = openPerson(sealer, row.id, row.sealed);
  return {
    ...toSummary(sealer, row),
    ...(isMasked ? maskPerson(numbers) : numbers),
    version: row.version,
    isMasked,
    ethnicity: row.ethnicity,
    numbers: await numbersOf(tx, sealer, row.id, isMasked),
    residences: await residencesOf(tx, row.id),
    accounts: await accountsOf(tx, sealer, row.id, isMasked),
    warnings: warningsOf(row, numbers.citizenNumber),
  };
}

/** What a command answers, as the record stands in its transaction. */
export async function recorded(tx: Transaction, sealer: Sealer, id: string): Promise<PersonRecorded> {
  const row = await findPerson(tx, id);
  const { citizenNumber } = openPerson(sealer, id, row.sealed);
  return { id, version: row.version, warnings: warningsOf(row, citizenNumber) };
}

function warningsOf({ birth_year: birthYear, sex }: PersonRow, citizenNumber: string | null): Warning[] {
  const year = Number(todayInVietnam().slice(0, 4));
  return citizenNumber === null ? [] : numberContradictions(citizenNumber, { birthYear, sex }, year);
}

async function numbersOf(
  tx: Transaction,
  sealer: Sealer,
  id: string,
  isMasked: boolean,
): Promise<OtherNumberView[]> {
  const rows = (await tx.query(
    `SELECT person_id, kind, number_key, sealed, valid_until::text FROM person_number
     WHERE person_id = ${selvesOf('$1::uuid')} ORDER BY id DESC`,
    [id],
  )) as { person_id: string; kind: string; number_key: string; sealed: Buffer; valid_until: string | null }[];
  const shown = (number: string) => (isMasked ? maskCitizenNumber(number) : number);
  const kept = rows.map((row) => ({
    kind: row.kind,
    number: shown(sealer.open(row.sealed, numberPlace(row.person_id, row.number_key))),
    validUntil: row.valid_until,
    originId: row.person_id,
  }));
  return [...(await numbersOfAbsorbed(tx, sealer, id, shown)), ...kept];
}

/** The citizen numbers of records that were merged into this one: the person is found by them. */
async function numbersOfAbsorbed(
  tx: Transaction,
  sealer: Sealer,
  id: string,
  shown: (number: string) => string,
): Promise<OtherNumberView[]> {
  const rows = (await tx.query('SELECT id, sealed FROM person WHERE survivor_id = $1 ORDER BY id', [id])) as {
    id: string;
    sealed: Buffer;
  }[];
  return rows.flatMap((row) => {
    const { citizenNumber } = openPerson(sealer, row.id, row.sealed);
    if (citizenNumber === null) return [];
    return { kind: 'citizen', number: shown(citizenNumber), validUntil: null, originId: row.id };
  });
}

async function residencesOf(tx: Transaction, id: string): Promise<ResidenceView[]> {
  const rows = (await tx.query(
    `SELECT person_id, place_code, address, valid_from::text, valid_until::text, recorded_at
     FROM person_residence WHERE person_id = ${selvesOf('$1::uuid')} ORDER BY id DESC`,
    [id],
  )) as {
    person_id: string;
    place_code: string;
    address: string;
    valid_from: string;
    valid_until: string | null;
    recorded_at: Date;
  }[];
  return rows.map((row) => ({
    placeCode: row.place_code,
    address: row.address,
    validFrom: row.valid_from,
    validUntil: row.valid_until,
    recordedAt: row.recorded_at.toISOString(),
    originId: row.person_id,
  }));
}

async function accountsOf(
  tx: Transaction,
  sealer: Sealer,
  id: string,
  isMasked: boolean,
): Promise<AccountView[]> {
  const rows = (await tx.query(
    `SELECT id, person_id, bank_bin, sealed, holder, state, valid_from::text, valid_until::text
     FROM person_account WHERE person_id = ${selvesOf('$1::uuid')} ORDER BY id DESC`,
    [id],
  )) as {
    id: string;
    person_id: string;
    bank_bin: string;
    sealed: Buffer;
    holder: string;
    state: string;
    valid_from: string;
    valid_until: string | null;
  }[];
  return rows.map((row) => {
    const account = sealer.open(row.sealed, accountPlace(row.id));
    return {
      id: row.id,
      bankBin: row.bank_bin,
      account: isMasked ? maskAccount(account) : account,
      holder: row.holder,
      state: row.state,
      validFrom: row.valid_from,
      validUntil: row.valid_until,
      originId: row.person_id,
    };
  });
}

/**
 * The commune that a residence lies in today, whose office the person belongs to.
 * @throws ProblemError PLACE_UNKNOWN
 */
export function officeOfResidence(placeCode: string, on: string): string {
  const office = communeToday(placeCode, on);
  if (office === null) throw new ProblemError(personProblems.placeUnknown);
  return office;
}
