import { randomUUID } from 'node:crypto';
import { type Operation, operationsIn, type PlayedClient, statedPurpose } from '@ansinh/testing';
import { describeRegistry } from '../src/api-description.js';
import { monthly, png } from './desk.js';
import type { Harness } from './harness.js';
import { newEmployer, newPerson } from './people.js';

/** Records of one office, as the operations of the API name them. */
export interface Records {
  personId: string;
  accountId: string;
  citizenNumber: string;
  householdId: string;
  employerId: string;
  employmentId: string;
  dossierId: string;
  importId: string;
  /** Of the same office, in no household. */
  singleId: string;
  /** The pair that the two are. */
  pairId: string;
  runId: string;
  /** By which another record was merged into the person. */
  mergeId: string;
}

/** Every operation of the OpenAPI document. */
export function operationsOf({ app }: Harness): Operation[] {
  return operationsIn(describeRegistry(app));
}

const queries: Record<string, (records: Records) => string> = {
  listPlaces: () => 'parent=24',
  checkImport: () => 'kind=employers',
  printRegister: () => 'from=2026-01-01&until=2026-01-31',
  proposeMerge: ({ singleId }) => `absorbedId=${singleId}`,
};

const reason = { reason: 'x' };
const day = { validFrom: '2022-01-01' };
const { residence: _, citizenNumber: __, ...fields } = newPerson();

/** A body that passes validation, for each operation that has one. */
const bodies: Record<string, (records: Records) => object> = {
  createPerson: () => newPerson(),
  changePerson: () => fields,
  lookUpPerson: ({ citizenNumber }) => ({ number: citizenNumber }),
  lookUpEmployment: ({ personId }) => ({ on: '2022-06-01', people: [personId] }),
  recordResidence: () => ({ placeCode: '09163', ...day }),
  recordFact: () => ({ kind: 'disabilityLevel', value: 'mild', basis: 'GXN 1', ...day }),
  recordDeath: () => ({ diedOn: '2022-01-01', basis: 'TLKT 1' }),
  correctDeath: () => ({ diedOn: null, basis: 'x' }),
  recordNumber: () => ({ number: '125000001' }),
  recordAccount: () => ({ bankBin: '970405', account: '26002000', holder: 'A', ...day }),
  formHousehold: ({ singleId }) => ({ headId: singleId, ...day }),
  joinHousehold: ({ singleId }) => ({ personId: singleId, relation: 'child', ...day }),
  chooseHead: ({ personId }) => ({ headId: personId, validFrom: '2022-03-01', relations: [] }),
  leaveHousehold: ({ singleId }) => ({ personId: singleId, validUntil: '2022-02-01' }),
  classifyHousehold: () => ({ year: 2022, class: 'poor', basis: 'QĐ 1' }),
  classifyHouseholds: () => ({
    year: 2022,
    basis: 'QĐ 1',
    households: [{ personKey: randomUUID(), class: 'poor' }],
  }),
  enterEmployer: () => newEmployer(),
  changeEmployer: () => ({ name: 'Công ty', kind: 'enterprise' }),
  closeEmployer: () => ({ closedOn: '2022-12-31' }),
  correctClosure: () => ({ closedOn: null, basis: 'x' }),
  employPerson: ({ singleId }) => ({ personId: singleId, contractFrom: '2022-01-01' }),
  endEmployment: () => ({ contractUntil: '2022-06-01' }),
  judgeAccount: () => ({ state: 'verified' }),
  presentDossier: () => monthly(),
  supplementDossier: () => ({ documents: [] }),
  refuseDossier: () => reason,
  assignDossier: () => ({ assignee: 'A' }),
  requestSupplement: () => ({ ...reason, documents: [] }),
  holdDossier: () => reason,
  apologiseDossier: () => ({ ...reason, promisedOn: '2099-01-05' }),
  decideDossier: () => ({ outcome: 'declined', note: 'x' }),
  withdrawDossier: () => reason,
  forwardDossier: () => ({}),
  resumeDossier: () => ({}),
  returnDossier: () => ({}),
  applyImport: () => ({}),
  rotateKey: () => ({}),
  removeAttachment: () => reason,
  judgePair: () => ({ verdict: 'different', ...reason }),
  startDuplicateRun: () => ({}),
  searchDuplicates: () => ({}),
  mergePeople: ({ singleId }) => ({ absorbedId: singleId, absorbedVersion: 1, ...reason }),
  undoMerge: () => reason,
  trackDossier: () => ({ code: 'H05.09.169-260101-0001', secret: 'ABCDEFGHJK' }),
};

/** Operations whose body is a list. */
const lists: Record<string, string> = {
  lookUpPeople: 'number\n027185999999\n',
  checkImport: 'taxCode,name,kind,placeCode\n1,A,enterprise,09169\n',
};

/** Carries an operation out on these records; every part of the request is valid. */
export function request(client: PlayedClient, operation: Operation, records: Records) {
  const path = operation.path
    .replace('/people/{id}', `/people/${records.personId}`)
    .replace('/households/{id}', `/households/${records.householdId}`)
    .replace('/employers/{id}', `/employers/${records.employerId}`)
    .replace('/imports/{id}', `/imports/${records.importId}`)
    .replace('/dossiers/{id}', `/dossiers/${records.dossierId}`)
    .replace('/duplicates/{id}', `/duplicates/${records.pairId}`)
    .replace('/duplicate-runs/{id}', `/duplicate-runs/${records.runId}`)
    .replace('/key-rotations/{id}', `/key-rotations/${randomUUID()}`)
    .replace('{merge}', records.mergeId)
    .replace('{account}', records.accountId)
    .replace('{employment}', records.employmentId)
    .replace('{number}', '1')
    .replace('{seq}', '1')
    .replace('{code}', '256');
  const query = queries[operation.id]?.(records) ?? '';
  if (operation.method === 'get') return client.get(`${path}?${query}`).set(statedPurpose);
  if (operation.id === 'addAttachment') return client.upload(path, png(), 'image/png');
  const list = lists[operation.id];
  if (list) return client.upload(`${path}?${query}`, list, 'text/csv').set(statedPurpose);
  const body = bodies[operation.id];
  if (!body) throw new Error(`test/operations.ts knows no body for ${operation.id}`);
  const sent =
    operation.method === 'put' ? client.put(path, body(records)) : client.post(path, body(records));
  return sent.set('if-match', '"1"');
}

/** Records that nobody has. */
export const noRecords = (): Records => ({
  personId: randomUUID(),
  accountId: randomUUID(),
  employmentId: randomUUID(),
  citizenNumber: newPerson().citizenNumber,
  householdId: randomUUID(),
  employerId: randomUUID(),
  dossierId: randomUUID(),
  importId: randomUUID(),
  singleId: randomUUID(),
  pairId: randomUUID(),
  runId: randomUUID(),
  mergeId: randomUUID(),
});
