import { maskAccount, maskCitizenNumber } from '@ansinh/identity';
import type { Sealer } from '@ansinh/sealing';

/** What is kept sealed of a person, each under a seal of his own: people are read one by one, and may be erased one by one. */
export interface PersonNumbers {
  citizenNumber: string | null;
  insuranceNumber: string | null;
  phone: string | null;
}

export const personPlace = (id: string) => `person/${id}`;

/** Digits and a sign each: a tab never stands in one. */
export function sealPerson(sealer: Sealer, id: string, numbers: PersonNumbers): Buffer {
  const text = [numbers.citizenNumber, numbers.insuranceNumber, numbers.phone].map((part) => part ?? '');
  return sealer.seal(text.join('\t'), personPlace(id));
}

export function openPerson(sealer: Sealer, id: string, sealed: Buffer): PersonNumbers {
  const [citizenNumber, insuranceNumber, phone] = sealer.open(sealed, personPlace(id)).split('\t');
  return {
    citizenNumber: citizenNumber || null,
    insuranceNumber: insuranceNumber || null,
    phone: phone || null,
  };
}

export function maskPerson({ citizenNumber, insuranceNumber, phone }: PersonNumbers): PersonNumbers {
  return {
    citizenNumber: citizenNumber && maskCitizenNumber(citizenNumber),
    insuranceNumber: insuranceNumber && maskCitizenNumber(insuranceNumber),
    phone: phone && maskAccount(phone),
  };
}

/** Another number of a person: an old one, or one that was replaced. */
export const numberPlace = (personId: string, key: string) => `person/${personId}/number/${key}`;

export const accountPlace = (id: string) => `account/${id}`;

/**
 * The key that a number of any kind is looked up by. Citizen numbers have the same keys as in every other service, so that
 * a person's payments are found by it.
 */
export function numberKeyOf(sealer: Sealer, number: string): string {
  return sealer.lookupKey(number.length === 12 ? 'payee' : 'number', number);
}
