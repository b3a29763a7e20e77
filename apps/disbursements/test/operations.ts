import { randomUUID } from 'node:crypto';
import { type Operation, operationsIn } from '@ansinh/testing';
import type { PlayedClient } from './harness.js';
import { describeDisbursements } from '../src/api-description.js';
import type { Harness } from './harness.js';
import { csvOf, newLines } from './harness.js';

/** Records of one office, as the operations of the API name them. */
export interface Records {
  fundId: string;
  batchId: string;
  /** A batch that the post office pays, for what only such a one has. */
  cashBatchId?: string;
  exceptionId: string;
  scheduleId?: string;
  sampleId?: string;
  refusedDocumentId?: string;
}

/** Every operation of the OpenAPI document. */
export function operationsOf({ app }: Harness): Operation[] {
  return operationsIn(describeDisbursements(app));
}

/** The path with the ids of these records in it. */
export function pathOf({ path }: Operation, records: Records): string {
  const ids: Record<string, string> = {
    batches: records.batchId,
    funds: records.fundId,
    exceptions: records.exceptionId,
    schedules: records.scheduleId ?? randomUUID(),
    samples: records.sampleId ?? randomUUID(),
    'refused-documents': records.refusedDocumentId ?? randomUUID(),
  };
  return path
    .replace(
      /\/batches\/\{id\}\/(cash-lists|receipts)/,
      `/batches/${records.cashBatchId ?? records.batchId}/$1`,
    )
    .replace(
      /\/(batches|funds|exceptions|schedules|samples|refused-documents)\/\{id\}/,
      (_, kind: string) => `/${kind}/${ids[kind]}`,
    )
    .replace('{number}', '1')
    .replace('{row}', '1')
    .replace(/(key-rotations)\/\{id\}/, `$1/${randomUUID()}`)
    .replace('{seq}', '1')
    .replace('{code}', 'NQ68');
}

const digest = 'a'.repeat(64);

const scheduleBody = {
  purpose: 'Kỳ {period}',
  approvalDue: { monthOffset: 0, day: 1 },
  sendingDue: { monthOffset: 0, day: 5 },
};

/** A body that passes validation, for each operation that has one. */
const bodies: Record<string, (records: Records) => object> = {
  createBatch: ({ fundId }) => ({
    fundId,
    programmeCode: 'NQ68',
    purpose: 'Hỗ trợ',
    period: '2022-03',
    channel: 'iso20022-http',
  }),
  checkBatch: () => ({}),
  submitBatch: () => ({}),
  approveBatch: () => ({ digest }),
  rejectBatch: () => ({ reason: 'r' }),
  transmitBatch: () => ({}),
  pauseBatch: () => ({}),
  cancelBatch: () => ({ reason: 'r' }),
  closeBatch: () => ({}),
  assignException: () => ({ owner: 'operator' }),
  resolveException: () => ({ action: 'noAction', note: 'n' }),
  waiveFinding: () => ({ code: 'NAME_MISMATCH', reason: 'r' }),
  drawSample: () => ({ confidence: 0.9, size: 2 }),
  recordResults: () => ({ results: [{ payment: 'LO-00000001-0000001', outcome: 'correct' }] }),
  createSchedule: ({ fundId }) => ({
    ...{ fundId, programmeCode: 'NQ68', channel: 'iso20022-http', firstPeriod: '2090-01' },
    ...scheduleBody,
  }),
  setSchedule: () => scheduleBody,
  pauseSchedule: () => ({ reason: 'r' }),
  resumeSchedule: () => ({}),
  createFund: () => ({
    code: `F-${randomUUID().slice(0, 8)}`,
    name: 'Fund',
    budgetSource: 'NSNN',
    programmeCodes: ['NQ68'],
    channel: 'iso20022-http',
    account: { bin: '970405', number: randomUUID().slice(0, 8).toUpperCase(), name: 'SO LAO DONG' },
  }),
  allotFund: () => ({ amount: '1', reference: randomUUID() }),
  reverseAllotment: () => ({ reference: 'QD-1', reason: 'r' }),
  retryRefusedDocument: () => ({}),
  rotateKey: () => ({}),
  beginRecovery: () => ({ note: 'Bản sao lưu 02:00' }),
  endRecovery: () => ({ note: 'Bản sao lưu 02:00' }),
  setProgramme: () => ({ name: 'NQ68' }),
};

/** Operations whose body is a file. */
const files: Record<string, string> = {
  recordReceipts: 'text/csv',
  followUpBatch: 'text/csv',
  importPayments: 'text/csv',
  importStatement: 'application/xml',
};

/** What is in those that are commands. */
const uploads: Record<string, string> = {
  followUpBatch: 'payment,account\n1,26002000\n',
  recordReceipts: 'payment,result,reason\n1,unpaid,ABSENT\n',
};

/** Carries an operation out on these records; every part of the request is valid. */
export function request(client: PlayedClient, operation: Operation, records: Records) {
  const path = pathOf(operation, records);
  const type = files[operation.id];
  if (operation.method === 'get')
    return client.get(operation.id === 'listPayeePayments' ? `${path}?payeeId=${'1'.repeat(11)}2` : path);
  const upload = uploads[operation.id];
  if (upload !== undefined) return client.upload(path, upload, type!);
  if (type === 'text/csv') return client.list(path, csvOf(newLines(1)), type);
  if (type !== undefined) return client.statement('<Document/>');
  const body = bodies[operation.id];
  if (!body) throw new Error(`test/operations.ts knows no body for ${operation.id}`);
  return operation.method === 'put' ? client.put(path, body(records)) : client.post(path, body(records));
}
