import { expect } from '@jest/globals';
import type { PlayedClient } from '@ansinh/testing';
import { present } from './desk.js';
import { enterEmployer, enterPerson } from './people.js';

export interface Seen {
  id: string;
  version: number;
  mergedInto: string | null;
  placeCode: string;
  diedOn: string | null;
  numbers: { number: string; originId: string }[];
  residences: { originId: string }[];
  accounts: { id: string; originId: string }[];
}

interface Sent {
  client?: PlayedClient;
  choices?: object[];
  key?: string;
}

export const codeOf = ({ status, body }: { status: number; body: unknown }) =>
  [status, (body as { code?: string }).code] as const;

export const account = {
  bankBin: '970405',
  account: '2600205000001',
  holder: 'NGUYEN THI HOA',
  validFrom: '2022-01-01',
};

/** What specs of merges do as an officer, whom they have only once they run. */
export function merging(officer: () => PlayedClient) {
  const seen = async (id: string, client = officer()) =>
    (await client.get(`/v1/people/${id}`).expect(200)).body as Seen;

  /** Merges the second into the first, by the versions that both have now. The reply is not judged. */
  async function merge(
    survivor: string,
    absorbed: string,
    { client = officer(), choices = [], key }: Sent = {},
  ) {
    const { version } = await seen(survivor, client);
    const { version: absorbedVersion } = await seen(absorbed, client);
    const body = { absorbedId: absorbed, absorbedVersion, reason: 'Một người hai hồ sơ', choices };
    return client.post(`/v1/people/${survivor}/merges`, body, key).set('if-match', `"${version}"`);
  }

  async function merged(survivor: string, absorbed: string, sent: Sent = {}): Promise<string> {
    const reply = await merge(survivor, absorbed, sent);
    expect(reply).toMatchObject({ status: 201, body: { survivorId: survivor, absorbedId: absorbed } });
    return (reply.body as { mergeId: string }).mergeId;
  }

  async function undo(survivor: string, mergeId: string, client = officer()) {
    const { version } = await seen(survivor, client);
    const reply = client.post(`/v1/people/${survivor}/merges/${mergeId}/undoing`, { reason: 'Hai người' });
    return reply.set('if-match', `"${version}"`);
  }

  const lookUp = async (number: string, client = officer()) =>
    ((await client.post('/v1/people/lookups', { number }).expect(200)).body as { id: string }).id;

  const fact = (id: string, value: string | null, over: object = {}) =>
    officer()
      .post(`/v1/people/${id}/facts`, {
        kind: 'disabilityLevel',
        value,
        basis: 'GXN 1',
        validFrom: '2020-01-01',
        ...over,
      })
      .expect(201);

  const heldOn = async (id: string, query = 'on=2022-01-01') =>
    (
      (await officer().get(`/v1/people/${id}/facts?${query}`).expect(200)).body as {
        items: { value: string }[];
      }
    ).items.map(({ value }) => value);

  /** Two records with all that a record can have. */
  async function twoRecords() {
    const one = await enterPerson(officer(), { name: 'Nguyễn Thị Hoà', oldNumber: '125000011' });
    const other = await enterPerson(officer(), { name: 'Nguyễn Thị Hoa', oldNumber: '125000012' });
    for (const { id } of [one, other]) {
      await officer().post(`/v1/people/${id}/accounts`, account).expect(201);
      const employer = await enterEmployer(officer());
      const contract = { personId: id, contractFrom: '2022-01-01' };
      await officer().post(`/v1/employers/${employer}/workers`, contract).expect(201);
      await present(officer(), { applicant: { name: 'Nguyễn Thị Hoà', personId: id } });
    }
    return { one, other };
  }
  return { seen, merge, merged, undo, lookUp, fact, heldOn, twoRecords };
}
