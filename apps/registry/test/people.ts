import { taxCodeFault } from '@ansinh/identity';
import type { PlayedClient } from '@ansinh/testing';

let last = 0;

/** A person whom no other test has; everything valid unless told otherwise. Born 1985, a woman by record and number. */
export function newPerson(over: object = {}): Record<string, unknown> & { citizenNumber: string } {
  last += 1;
  return {
    name: 'Nguyễn Thị Hoà',
    citizenNumber: `027185${String(last).padStart(6, '0')}`,
    birthYear: 1985,
    sex: 'female',
    residence: { placeCode: '09163', address: 'Khu 3', validFrom: '2020-01-01' },
    ...over,
  };
}

export async function enterPerson(client: PlayedClient, over: object = {}) {
  const person = newPerson(over);
  const { body } = await client.post('/v1/people', person).expect(201);
  const recorded = body as { id: string; version: number; warnings: { code: string }[] };
  return { ...recorded, citizenNumber: person.citizenNumber };
}

let lastCode = 230_100_000;

/** An employer whom no other test has: a tax code with the check digit that belongs to it. */
export function newEmployer(over: object = {}): Record<string, unknown> & { taxCode: string } {
  for (;;) {
    lastCode += 1;
    const codes = Array.from({ length: 10 }, (_, digit) => `${lastCode}${digit}`);
    const taxCode = codes.find((code) => taxCodeFault(code) === null);
    if (taxCode)
      return { taxCode, name: 'Công ty Đồng Tâm', kind: 'enterprise', placeCode: '09169', ...over };
  }
}

export async function enterEmployer(client: PlayedClient, over: object = {}): Promise<string> {
  const { body } = await client.post('/v1/employers', newEmployer(over)).expect(201);
  return (body as { id: string }).id;
}

const since = { validFrom: '2022-01-01' };

export async function formHousehold(client: PlayedClient, headId: string): Promise<string> {
  const { body } = await client.post('/v1/households', { headId, ...since }).expect(201);
  return (body as { id: string }).id;
}

export const joinHousehold = (client: PlayedClient, household: string, personId: string) =>
  client.post(`/v1/households/${household}/members`, { personId, relation: 'child', ...since });
