import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Permission } from '@ansinh/auth';
import {
  createRegistryClient,
  type Official,
  type RegistryClient,
  type RegistryEvent,
  ServiceToken,
} from '@ansinh/client';
import { readSealingKeys, Sealer } from '@ansinh/sealing';
import { type PlayedClient, registrySecret, testKeys } from '@ansinh/testing';
import { monthly, present, vuNinh } from './desk.js';
import { type Harness, startHarness } from './harness.js';
import { enterPerson, formHousehold } from './people.js';

const rights: Permission[] = [
  'registry:follow',
  'dossier:read',
  'dossier:receive',
  'dossier:process',
  'dossier:decide',
  'household:classify',
  'official:represent',
];
const official: Official = { id: 'an', office: vuNinh, name: 'Nguyễn Thị An; cán bộ' };
const onBehalfOf = { onBehalfOf: official };
const header = ({ id, office, name }: Official) => [id, office, name].map(encodeURIComponent).join('; ');

let harness: Harness;
let service: RegistryClient;
/** The same service, request by request. */
let raw: PlayedClient;
let desk: PlayedClient;
beforeAll(async () => {
  harness = await startHarness();
  raw = await harness.as({ sub: 'account-17', client: 'social-protection', permissions: rights });
  const { port } = harness.app.getHttpServer().address() as { port: number };
  const credentials = { issuer: harness.issuer, clientId: 'social-protection', clientSecret: registrySecret };
  const token = new ServiceToken(credentials);
  service = createRegistryClient({ baseUrl: `http://127.0.0.1:${port}`, ...token.options(), language: 'en' });
  desk = await harness.as({ sub: 'desk', office: vuNinh });
});
afterAll(() => harness.stop());

const refusal = (code: string) => ({ problem: { code } });

/** The dossiers that were told of since. */
async function toldSince(work: () => Promise<unknown>): Promise<RegistryEvent[]> {
  const { next } = await service.events.after(null, 5000);
  await work();
  return (await service.events.after(next, 5000)).items;
}

describe('a service with the official in whose name it acts', () => {
  test('opens a dossier and decides it; the official did it, and the service is named beside', async () => {
    const { id: personId } = await enterPerson(desk);
    const reference = randomUUID();
    let id = '';
    const events = await toldSince(async () => {
      const applicant = { name: 'Nguyễn Thị Hiền', personId };
      const opened = await service.dossiers.present({ ...monthly(), applicant, reference }, onBehalfOf);
      expect(opened).toMatchObject({ state: 'received', officeCode: vuNinh, reference });
      ({ id } = opened);
      const forwarded = await service.dossiers.forward(opened, {}, onBehalfOf);
      const decision = { outcome: 'declined', note: 'Không đủ điều kiện' } as const;
      const decided = await service.dossiers.decide(forwarded, decision, onBehalfOf);
      expect(decided).toMatchObject({ state: 'decided', outcome: 'declined', service: 'social-protection' });
    });
    const today = new Date(Date.now() + 7 * 3_600_000).toISOString().slice(0, 10);
    const told = {
      id,
      procedureCode: 'SP-MONTHLY',
      service: 'social-protection',
      reference,
      personId,
      employerId: null,
      placeCode: vuNinh,
      state: 'decided',
      outcome: 'declined',
      decidedOn: today,
    };
    expect(events).toMatchObject([
      { type: 'dossier.received', data: told },
      { type: 'dossier.decided', data: told },
    ]);
    const { body } = await desk.get(`/v1/dossiers/${id}/history`).expect(200);
    const { moves } = body as { moves: { actorName: string; service: string | null }[] };
    expect(new Set(moves.map(({ actorName, service: by }) => `${actorName} / ${by}`))).toEqual(
      new Set(['Nguyễn Thị An; cán bộ / social-protection']),
    );
    const audited = (await harness.dataSource.query(
      `SELECT DISTINCT actor_id, actor_name, office, facts->>'service' AS service FROM audit_event WHERE verb LIKE 'dossier.%'`,
    )) as object[];
    expect(audited).toEqual([
      { actor_id: 'an', actor_name: official.name, office: vuNinh, service: 'social-protection' },
    ]);
  });

  test('is bound to what the official may: the office has the dossier, and it lies there', async () => {
    const opened = await service.dossiers.present(monthly(), onBehalfOf);
    const elsewhere = { onBehalfOf: { ...official, office: '09367' } };
    await expect(service.dossiers.forward(opened, {}, elsewhere)).rejects.toMatchObject(
      refusal('DOSSIER_NOT_FOUND'),
    );
    await expect(service.dossiers.present(monthly(), elsewhere)).rejects.toMatchObject(
      refusal('DOSSIER_PLACE'),
    );
  });

  test('works on the dossiers of its own procedures alone', async () => {
    const { body } = await desk.get('/v1/procedures').expect(200);
    const { items } = body as { items: { code: string; service: string; receivedBy: string }[] };
    const others = items.find((one) => one.service === 'employment-loans' && one.receivedBy === 'commune')!;
    const ofAnother = { ...monthly(), procedureCode: others.code, documents: [] };
    await expect(service.dossiers.present(ofAnother, onBehalfOf)).rejects.toMatchObject(
      refusal('PROCEDURE_OF_ANOTHER_SERVICE'),
    );
    const theirs = await present(desk, { procedureCode: others.code, documents: [] });
    for (const attempt of [
      () => service.dossiers.withdraw(theirs, 'x', onBehalfOf),
      () => service.dossiers.forward(theirs, {}, onBehalfOf),
      () => service.dossiers.decide(theirs, { outcome: 'declined', note: 'x' }, onBehalfOf),
    ])
      await expect(attempt()).rejects.toMatchObject(refusal('PROCEDURE_OF_ANOTHER_SERVICE'));
  });

  test('opens one dossier under one reference, also by another key', async () => {
    const reference = randomUUID();
    const open = (idempotencyKey: string) =>
      service.dossiers.present({ ...monthly(), reference }, { ...onBehalfOf, idempotencyKey });
    const key = randomUUID();
    const first = await open(key);
    expect(await open(key)).toEqual(first);
    await expect(open(randomUUID())).rejects.toMatchObject(refusal('DOSSIER_REFERENCE_TAKEN'));
    await desk.post('/v1/dossiers', { ...monthly(), reference: randomUUID() }).expect(422);
  });

  test('what a desk received or withdrew is told too', async () => {
    const events = await toldSince(async () => {
      const dossier = await present(desk);
      await service.dossiers.withdraw(dossier as never, 'Người nộp rút hồ sơ', onBehalfOf);
    });
    expect(events.map(({ type }) => type)).toEqual(['dossier.received', 'dossier.withdrawn']);
    expect(events[0]!.data).toMatchObject({ reference: null, state: 'withdrawn' });
  });
});

test('a service records what a review found, in the name of who recognised it, in his area alone', async () => {
  const { citizenNumber, id: personId } = await enterPerson(desk);
  const householdId = await formHousehold(desk, personId);
  const sealer = new Sealer(readSealingKeys(testKeys.SEALING_KEYS, testKeys.LOOKUP_KEY));
  const personKey = sealer.lookupKey('payee', citizenNumber);
  const classes = { year: 2022, basis: 'QĐ 12', households: [{ personKey, class: 'poor' as const }] };
  const record = (office: string) =>
    service.householdClasses.record(classes, { onBehalfOf: { ...official, office } });
  expect(await record('09367')).toEqual({ classified: 0, unchanged: 0, unknown: [personKey] });
  expect(await record(vuNinh)).toEqual({ classified: 1, unchanged: 0, unknown: [] });
  const { body } = await desk.get(`/v1/households/${householdId}`).expect(200);
  expect(body).toMatchObject({ classes: [{ year: 2022, class: 'poor', basis: 'QĐ 12' }] });
  const [event] = (await harness.dataSource.query(
    `SELECT actor_name AS name FROM audit_event WHERE verb = 'household.classifyMany' ORDER BY seq DESC LIMIT 1`,
  )) as object[];
  expect(event).toEqual({ name: official.name });
  await expect(service.householdClasses.record(classes)).rejects.toMatchObject(refusal('OFFICIAL_MISSING'));
});

describe('the header', () => {
  const open = (client: PlayedClient, value?: string) => {
    const request = client.post('/v1/dossiers', monthly());
    return value === undefined ? request : request.set('on-behalf-of', value);
  };

  test.each([
    ['nobody', undefined, 'OFFICIAL_MISSING'],
    ['two parts', 'an; 09169', 'OFFICIAL_MALFORMED'],
    ['four parts', 'an; 09169; An; x', 'OFFICIAL_MALFORMED'],
    ['an empty part', 'an; 09169; ', 'OFFICIAL_MALFORMED'],
    ['a line break', 'an; 09169; An%0AB', 'OFFICIAL_MALFORMED'],
    ['what is no percent-encoding', 'an; 09169; %E1', 'OFFICIAL_MALFORMED'],
    ['an office that is none', 'an; 99999; An', 'FORBIDDEN'],
  ])('that names %s is refused', async (_, value, code) => {
    expect((await open(raw, value)).body).toMatchObject({ code });
  });

  test('is taken from services alone: not from an official, nor without the permission', async () => {
    const without = rights.filter((right) => right !== 'official:represent');
    for (const player of [
      { sub: 'someone', office: '27' },
      { sub: 'other', client: 'social-protection', permissions: without },
    ])
      expect((await open(await harness.as(player), header(official))).body).toMatchObject({
        code: 'FORBIDDEN',
      });
  });

  test('names nobody of an office beyond that of the service', async () => {
    const ofDistrict = await harness.as({
      sub: 's',
      client: 'social-protection',
      office: '256',
      permissions: rights,
    });
    expect((await open(ofDistrict, header(official))).status).toBe(201);
    const ofProvince = header({ ...official, office: '27' });
    expect((await open(ofDistrict, ofProvince)).body).toMatchObject({ code: 'FORBIDDEN' });
  });

  test('is taken on routes for officials alone', async () => {
    const { body } = await raw.get('/v1/events').set('on-behalf-of', header(official));
    expect(body).toMatchObject({ code: 'FORBIDDEN' });
  });

  test('narrows what is read to the office of the official', async () => {
    const { id } = await present(desk);
    await raw.get(`/v1/dossiers/${id}`).expect(200);
    const other = header({ ...official, office: '09367' });
    await raw.get(`/v1/dossiers/${id}`).set('on-behalf-of', other).expect(404);
  });
});
