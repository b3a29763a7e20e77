import { type Transaction } from '@ansinh/database';
import type { Sealer } from '@ansinh/sealing';
import { numberKeyOf, sealPerson } from '../person/sealed-person.js';
import type { SeedPerson } from './people.js';

export type Value = string | number | null;

/** Columns of a seeded person, in the order of `personRow`. */
export const personTarget =
  'person (id, number_key, sealed, name, name_key, birth_year, born_on, sex, ethnicity, died_on, office_code, recorded_by)';
export const residenceTarget = 'person_residence (person_id, place_code, valid_from, recorded_by)';
export const seededBy = 'seed';

/** A row of COPY. */
export function personRow(
  sealer: Sealer,
  id: string,
  person: Omit<SeedPerson, 'index' | 'relation' | 'bornOn'> & { bornOn: string | null },
  officeCode: string,
): Value[] {
  const numbers = { citizenNumber: person.citizenNumber, insuranceNumber: null, phone: null };
  return [
    id,
    numberKeyOf(sealer, person.citizenNumber),
    `\\x${sealPerson(sealer, id, numbers).toString('hex')}`,
    person.name,
    person.nameKey,
    person.birthYear,
    person.bornOn,
    person.sex,
    'Kinh',
    person.diedOn,
    officeCode,
    seededBy,
  ];
}

type NameForm = Pick<SeedPerson, 'nameKey' | 'plain' | 'initials'>;

/** The names that were entered already are not asked for again. */
export class NameForms {
  private readonly names = new Set<string>();

  async enter(tx: Transaction, people: readonly NameForm[]): Promise<void> {
    const fresh = new Map<string, NameForm>();
    for (const person of people) if (!this.names.has(person.nameKey)) fresh.set(person.nameKey, person);
    for (const key of fresh.keys()) this.names.add(key);
    const forms = [...fresh.values()];
    await tx.query(
      `INSERT INTO name_form SELECT * FROM unnest($1::text[], $2::text[], $3::text[]) ON CONFLICT DO NOTHING`,
      [
        forms.map(({ nameKey }) => nameKey),
        forms.map(({ plain }) => plain),
        forms.map(({ initials }) => initials),
      ],
    );
  }
}
