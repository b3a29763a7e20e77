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
