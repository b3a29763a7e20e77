import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Operation, PlayedClient } from '@ansinh/testing';
import { png, present } from './desk.js';
import { type Harness, startHarness } from './harness.js';
import { operationsOf, type Records, request } from './operations.js';
import { enterEmployer, enterPerson, formHousehold, newEmployer } from './people.js';

/** Two districts and one commune; all may do everything, within their own area. */
const offices = { bacNinh: ['256', '09163'], tuSon: ['261', '09367'], vuNinh: ['09169', '09169'] } as const;
type Office = keyof typeof offices;

let harness: Harness;
let operations: Operation[];
const kept = {} as Record<Office, Records & { client: PlayedClient; marks: string[] }>;
beforeAll(async () => {
  harness = await startHarness();
  operations = operationsOf(harness);
  for (const office of Object.keys(offices) as Office[]) kept[office] = await recordsOf(office);
});
afterAll(() => harness.stop());

async function recordsOf(office: Office) {
  const [code, placeCode] = offices[office];
  const client = await harness.as({ sub: `officer-${code}`, office: code });
  const name = `Nguyễn Thị ${office}`;
  const residence = { placeCode, validFrom: '2025-07-01' };
  // Codes of before were given to others: each lives where his code says on that day.
  if (office !== 'vuNinh') residence.validFrom = '2025-01-01';
  const { id, citizenNumber } = await enterPerson(client, { name, residence });
  const account = { bankBin: '970405', account: '26002000', holder: 'A', validFrom: '2022-01-01' };
  await client.post(`/v1/people/${id}/accounts`, account).expect(201);
  const { body } = await client.get(`/v1/people/${id}`).expect(200);
  const accountId = (body as { accounts: { id: string }[] }).accounts[0]!.id;
  const householdId = await formHousehold(client, id);
  const { id: singleId } = await enterPerson(client, { name, residence, citizenNumber: undefined });
  const today = offices[office][1] === '09367' ? '09367' : '09169';
  const employerId = await enterEmployer(client, { placeCode: today });
  const employmentId = await employmentOf(client, employerId, singleId);
  const { id: dossierId } = await present(client, { placeCode: today });
  await client.upload(`/v1/dossiers/${dossierId}/attachments`, png(), 'image/png').expect(201);
  const importId = await importOf(client, today);
  const mergeId = await mergeOf(client, id, { name: `${name} Khác`, residence });
  const { runId, pairId } = await pairOf(client);
  const ids = { accountId, householdId, singleId, employerId, employmentId, dossierId, importId };
  const judged = { mergeId, runId, pairId };
  const marks = [id, name, ...Object.values(ids), ...Object.values(judged)];
  return { client, personId: id, citizenNumber, ...ids, ...judged, marks };
}

async function employmentOf(client: PlayedClient, employerId: string, personId: string): Promise<string> {
  const contract = { personId, contractFrom: '2022-01-01' };
  await client.post(`/v1/employers/${employerId}/workers`, contract).expect(201);
  const { body } = await client.get(`/v1/employers/${employerId}/workers`).expect(200);
  return (body as { items: { id: string }[] }).items[0]!.id;
}

async function mergeOf(client: PlayedClient, id: string, over: object): Promise<string> {
  const { id: absorbedId } = await enterPerson(client, over);
  const { body: survivor } = await client.get(`/v1/people/${id}`).expect(200);
  const { body } = await client
    .post(`/v1/people/${id}/merges`, { absorbedId, absorbedVersion: 1, reason: 'x' })
    .set('if-match', `"${(survivor as { version: number }).version}"`)
    .expect(201);
  return (body as { mergeId: string }).mergeId;
}

/** The pair of the two people of an office, by a search of its first commune. */
async function pairOf(client: PlayedClient): Promise<{ runId: string; pairId: string }> {
  const { id: runId } = (await client.post('/v1/duplicate-runs', {}).expect(201)).body as { id: string };
  await client.post(`/v1/duplicate-runs/${runId}/chunks`, {}).expect(201);
  const { body } = await client.get('/v1/duplicates').expect(200);
  return { runId, pairId: (body as { items: { id: string }[] }).items[0]!.id };
}

async function importOf(client: PlayedClient, placeCode: string): Promise<string> {
  const { taxCode } = newEmployer();
  const list = `taxCode,name,kind,placeCode\n${taxCode},A,enterprise,${placeCode}\n`;
  const { body } = await client.upload('/v1/imports?kind=employers', list, 'text/csv').expect(201);
  return (body as { id: string }).id;
}

const named = ({ path, id }: Operation) =>
  (path.includes('{id}') && id !== 'getKeyRotation') || id === 'lookUpPerson';

/**
 * Of places, of what the office itself enters, of lists and employment and of the audit log, which have their own suites, and of keys, which are
 * the service's; the rest is somebody’s.
 */
const open = [
  'checkImport',
  'classifyHouseholds',
  'createPerson',
  'enterEmployer',
  'formHousehold',
  'getKeyRotation',
  'getPlace',
  'lookUpEmployment',
  'lookUpPeople',
  'presentDossier',
  'proveAuditEvent',
  'rotateKey',
  'startDuplicateRun',
  'trackDossier',
];

test.each([
  ['tuSon', 'bacNinh'],
  ['bacNinh', 'tuSon'],
  ['vuNinh', 'tuSon'],
] as [Office, Office][])(
  'for %s a record of %s is not there, whatever is asked of it',
  async (mine, theirs) => {
    const asked = operations.filter(named);
    expect(asked.length).toBeGreaterThan(7);
    for (const operation of asked) {
      const { body } = await request(kept[mine].client, operation, kept[theirs]);
      expect({ id: operation.id, ...(body as object) }).toMatchObject({ id: operation.id, status: 404 });
    }
  },
);

test('no list shows what is another office’s, and every list was looked at', async () => {
  const lists = operations.filter((operation) => operation.method === 'get' && !operation.path.includes('{'));
  expect(
    operations
      .filter((operation) => !named(operation) && !lists.includes(operation))
      .map(({ id }) => id)
      .sort(),
  ).toEqual(open);
  for (const operation of lists) {
    const { text } = await request(kept.tuSon.client, operation, kept.tuSon).expect(200);
    for (const mark of kept.bacNinh.marks) expect(`${operation.id}: ${text}`).not.toContain(mark);
  }
});

test('what an office has, every operation finds', async () => {
  // A death is the end of the commands that a life has; nothing asks for it here.
  for (const operation of operations.filter(named)) {
    const { status } = await request(kept.bacNinh.client, operation, kept.bacNinh);
    expect({ id: operation.id, status }).not.toMatchObject({ status: 404 });
    expect({ id: operation.id, isServed: status < 500 }).toMatchObject({ isServed: true });
  }
});

test('a commune of today sees the people of the communes that it was made of', async () => {
  // Vũ Ninh was made of 09163, 09166 and 09169; the district entered one of 09163.
  await kept.vuNinh.client.get(`/v1/people/${kept.bacNinh.personId}`).expect(200);
  await kept.bacNinh.client.get(`/v1/people/${kept.vuNinh.personId}`).expect(200);
});

test('an office that no place code names sees nothing, and changes nothing', async () => {
  const stranger = await harness.as({ sub: 'stranger', office: '99999' });
  expect((await stranger.get('/v1/people').expect(200)).body).toEqual({ items: [], next: null });
  for (const operation of operations.filter((each) => named(each) || each.id === 'createPerson')) {
    const { status } = await request(stranger, operation, kept.bacNinh);
    expect({ id: operation.id, isRefused: [403, 404].includes(status) }).toMatchObject({ isRefused: true });
  }
});
