import { randomUUID } from 'node:crypto';
import { type Operation, operationsIn, type PlayedClient } from '@ansinh/testing';
import { describeSocialProtection } from '../src/api-description.js';
import type { Harness } from './harness.js';
import { covidHead, csv, household, newNumber, newTaxCode, stopped } from './support.js';

/** Records of one office, as the operations of the API name them. */
export interface Records {
  listId: string;
  insuranceListId: string;
  runId: string;
  decisionId: string;
  reviewId: string;
  householdId: string;
  grievanceId: string;
  beneficiaryId: string;
  recoveryId: string;
}

/** Every operation of the OpenAPI document. */
export function operationsOf({ app }: Harness): Operation[] {
  return operationsIn(describeSocialProtection(app));
}

/** A body that passes validation, for each operation that has one. */
const bodies: Record<string, object> = {
  startRun: { programme: 'covid-support', decidedOn: '2022-06-01' },
  decideChunk: {},
  submitRun: {},
  approveRun: { digest: '0'.repeat(64) },
  rejectRun: { reason: 'x' },
  explainLaw: { day: '2022-03-01', facts: {} },
  enterLawRow: {
    parameter: 'standardLevel',
    value: '400000',
    resolution: '99/2022/NQ-HĐND',
    article: '1',
    inForceFrom: '2023-01-01',
    appliedFrom: '2023-01-01',
  },
  approveLawRow: {},
  rejectLawRow: { reason: 'x' },
  confirmLaw: { row: 'SP-STD-500', digest: '0'.repeat(64), basis: 'x' },
  openReview: { year: 2022, placeCode: '09163', reviewedOn: '2022-10-01', area: 'urban', households: 1000 },
  recordHousehold: { citizenNumber: newNumber(), name: 'Nguyễn Thị Hoà', members: 1, facts: {} },
  meetVillage: { heldOn: '2022-10-20', minutes: 'BB 1', present: 10, agreed: 10 },
  reopenReview: { reason: 'x' },
  submitReview: {},
  approveReview: { digest: '0'.repeat(64), decision: 'QĐ 1/QĐ-UBND' },
  rejectReview: { reason: 'x' },
  raiseGrievance: {
    subject: 'decision',
    contestedId: randomUUID(),
    raisedBy: 'citizen',
    complainant: 'Nguyễn Thị Hoà',
    statement: 'x',
    receivedOn: '2022-10-20',
  },
  examineGrievance: {},
  noteGrievance: { note: 'x' },
  answerGrievance: { answer: 'kept', paper: 'CV 1', note: 'x' },
  correctGrievance: { correctedId: randomUUID() },
  withdrawGrievance: { note: 'x' },
  startPayout: { fundId: randomUUID(), channel: 'iso20022-http', purpose: 'x' },
  enterBeneficiary: {
    programme: 'monthly-allowance',
    number: newNumber(),
    name: 'Nguyễn Thị Hoà',
    placeCode: '09163',
    appliesFrom: '2022-03',
    facts: { bornOn: '1980-01-01' },
    basis: 'x',
  },
  stateFacts: { appliesFrom: '2022-03', facts: { disability: 'severe' }, basis: 'x' },
  moveBeneficiary: { placeCode: '09169', movedOn: '2022-03-01', basis: 'x' },
  changeBeneficiaryAccount: {},
  proposeRecovery: {
    beneficiaryId: randomUUID(),
    manner: 'instalments',
    amount: '250000',
    mostAMonth: '100000',
    paper: 'QĐ 1/QĐ-UBND',
    reason: 'x',
  },
  proposeCorrection: {
    citizenNumber: newNumber(),
    name: 'Nguyễn Thị Hoà',
    members: 1,
    facts: {},
    reason: 'x',
    paper: 'BB 7',
  },
  approveCorrection: { decision: 'QĐ 2/QĐ-UBND' },
  rejectCorrection: { reason: 'x' },
  withdrawCorrection: { reason: 'x' },
  answerRegistryNotice: { answer: 'dismissed', note: 'x' },
  approveRecovery: {},
  rejectRecovery: { reason: 'x' },
  withdrawRecovery: { reason: 'x' },
  endRecovery: { reason: 'x' },
  rotateKey: {},
  findDecisions: { number: newNumber() },
};

/** They ask for a year. */
const ofYear = new Set(['listReviewedHouseholds', 'listPovertyRates', 'listDeprivations']);

/** Carries an operation out on these records; every part of the request is valid. */
export function request(client: PlayedClient, operation: Operation, records: Records) {
  const path = operation.path
    .replace('{code}', 'monthly-allowance')
    .replace('/parameter-rows/{id}', `/parameter-rows/${randomUUID()}`)
    .replace('/support-lists/{id}', `/support-lists/${records.listId}`)
    .replace('/insurance-lists/{id}', `/insurance-lists/${records.insuranceListId}`)
    .replace('/support-runs/{id}', `/support-runs/${records.runId}`)
    .replace('/key-rotations/{id}', `/key-rotations/${randomUUID()}`)
    .replace('{seq}', '1')
    .replace('/poverty-reviews/lists/{list}', `/poverty-reviews/lists/${randomUUID()}`)
    .replace('/poverty-reviews/{id}', `/poverty-reviews/${records.reviewId}`)
    .replace('/reviewed-households/{id}', `/reviewed-households/${records.householdId}`)
    .replace('/grievances/{id}', `/grievances/${records.grievanceId}`)
    .replace('/beneficiaries/{id}', `/beneficiaries/${records.beneficiaryId}`)
    .replace('/review-corrections/{id}', `/review-corrections/${randomUUID()}`)
    .replace('/registry-notices/{id}', `/registry-notices/${randomUUID()}`)
    .replace('/recoveries/{id}', `/recoveries/${records.recoveryId}`)
    .replace('/support-decisions/{id}', `/support-decisions/${records.decisionId}`);
  if (operation.id === 'listDecisions') return client.get(`${path}?runId=${records.runId}`);
  if (operation.id === 'listBeneficiaries' || operation.id === 'listOverpayments')
    return client.get(`${path}?programme=monthly-allowance`);
  if (operation.id === 'compareLaw') return client.get(`${path}?from=2025-06-30&to=2025-07-01`);
  if (operation.id === 'getHalfYearReport' || operation.id === 'getHalfYearForms')
    return client.get(`${path}?year=2022&half=1`);
  if (ofYear.has(operation.id)) return client.get(`${path}?year=2022`);
  if (operation.method === 'get') return client.get(path);
  const taxCode = newTaxCode();
  if (operation.id === 'bringList') {
    const head = new URLSearchParams(covidHead(taxCode)).toString();
    return client.upload(`${path}?${head}`, csv([stopped()]), 'text/csv');
  }
  if (operation.id === 'bringHouseholds') return client.upload(path, csv([household()]), 'text/csv');
  if (operation.id === 'confirmInsurance') {
    const answer = { citizenNumber: newNumber(), taxCode, month: '2021-06', isInsured: 'có' };
    return client.upload(path, csv([answer]), 'text/csv');
  }
  const body = bodies[operation.id];
  if (!body) throw new Error(`test/operations.ts knows no body for ${operation.id}`);
  return client.post(path, body);
}

/** Records that nobody has. */
export const noRecords = (): Records => ({
  listId: randomUUID(),
  insuranceListId: randomUUID(),
  runId: randomUUID(),
  decisionId: randomUUID(),
  reviewId: randomUUID(),
  householdId: randomUUID(),
  grievanceId: randomUUID(),
  beneficiaryId: randomUUID(),
  recoveryId: randomUUID(),
});
