import { Readable } from 'node:stream';
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { copyValue } from '@ansinh/copy-text';
import { copyRows, inTransaction, limitStatement } from '@ansinh/database';
import { decodeCitizenNumber, nameInitials, nameKey, searchForm } from '@ansinh/identity';
import type { Sealer } from '@ansinh/sealing';
import { recordEvents } from '../event/record-events.js';
import { officeOfResidence } from '../person/person-rows.js';
import { NameForms, personRow, personTarget, residenceTarget, seededBy, type Value } from './person-rows.js';

/** A person of a file of made-up ones: a line of JSON each. */
export interface FiledPerson {
  citizenNumber: string;
  name: string;
  placeCode: string;
  /** First day there. */
  residentFrom: string;
  diedOn: string | null;
}

/** People in one transaction, and in memory. */
const peoplePerChunk = 20_000;
const presentYear = 2026;

/**
 * Enters people who are named one by one, for a demonstration that needs to know them; past the commands, as the province is.
 * Birth and sex are those of the number.
 * @param path of a file with a `FiledPerson` a line, no number twice
 * @returns people entered
 */
export async function seedPeople(dataSource: DataSource, sealer: Sealer, path: string): Promise<number> {
  const names = new NameForms();
  let entered = 0;
  let chunk: FiledPerson[] = [];
  const enter = async () => {
    await enterChunk(dataSource, sealer, names, chunk);
    entered += chunk.length;
    chunk = [];
  };
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    chunk.push(JSON.parse(line) as FiledPerson);
    if (chunk.length === peoplePerChunk) await enter();
  }
  if (chunk.length > 0) await enter();
  await inTransaction(dataSource, 'system', async (tx) => {
    await limitStatement(tx, 600);
    await tx.query('ANALYZE person, person_residence, name_form, name_word, event');
  });
  return entered;
}

async function enterChunk(
  dataSource: DataSource,
  sealer: Sealer,
  names: NameForms,
  chunk: readonly FiledPerson[],
): Promise<void> {
  const people = chunk.map((filed) => toSeeded(filed));
  const residences = people.map(({ id, filed }) => [id, filed.placeCode, filed.residentFrom, seededBy]);
  await inTransaction(dataSource, 'system', async (tx) => {
    await limitStatement(tx, 600);
    await names.enter(
      tx,
      people.map(({ person }) => person),
    );
    const rows = people.map(({ id, person, office }) => personRow(sealer, id, person, office));
    await copyRows(tx, personTarget, Readable.from(rows.map(lineOf)));
    await copyRows(tx, residenceTarget, Readable.from(residences.map(lineOf)));
    await recordEvents(
      tx,
      'person.registered',
      people.map(({ id }) => id),
    );
  });
}

const lineOf = (values: Value[]) => `${values.map(copyValue).join('\t')}\n`;

function toSeeded(filed: FiledPerson) {
  const { citizenNumber, name, diedOn } = filed;
  const decoded = decodeCitizenNumber(citizenNumber, presentYear);
  if (!decoded) throw new Error('a person of the file has no citizen number');
  const { birthYear, sex } = decoded;
  const forms = { nameKey: nameKey(name), plain: searchForm(name), initials: nameInitials(name) };
  return {
    id: uuidv7(),
    filed,
    office: officeOfResidence(filed.placeCode, filed.residentFrom),
    person: { ...forms, name, citizenNumber, birthYear, bornOn: null, sex, diedOn },
  };
}
