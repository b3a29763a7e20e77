import { randomUUID } from 'node:crypto';
import { type Operation, operationsIn, type PlayedClient } from '@ansinh/testing';
import { listTypes } from '@ansinh/uploads';
import { describeEmploymentLoans } from '../src/api-description.js';
import type { Harness } from './harness.js';
import { account, application, decision, listOf, today, yearOfToday } from './lending.js';

/** Records of one office, as the operations of the API name them. */
export interface Records {
  loanId: string;
  planId: string;
  placeCode: string;
  listId: string;
  bankFileId: string;
  bankExceptionId: string;
}

/** Every operation of the OpenAPI document. */
export function operationsOf({ app }: Harness): Operation[] {
  return operationsIn(describeEmploymentLoans(app));
}

const seen = (loanId: string, body: object) => ({ items: [{ id: loanId, version: 1, ...body }] });

const repaymentsFile = `Mã khoản vay,Số tiền,Ngày trả,Số chứng từ\nVV-99999999,1000,${today()},x`;
const money = { ...decision(), amount: '1000' };
const later = '2099-01-01';

/** A body that passes validation, for each operation that has one. */
const bodies: Record<string, (records: Records) => object> = {
  applyForLoan: ({ placeCode }) => application({ placeCode }),
  confirmLoan: () => ({ ...decision(), outcome: 'confirmed' }),
  appraiseLoan: () => ({ ...decision(), outcome: 'eligible', ratePpm: 79_200 }),
  approveLoan: ({ planId }) => ({ ...decision(), outcome: 'approved', capitalPlanId: planId }),
  applyForLoans: ({ placeCode }) => ({ items: [application({ placeCode })] }),
  confirmLoans: ({ loanId }) => seen(loanId, { ...decision(), outcome: 'confirmed' }),
  appraiseLoans: ({ loanId }) => seen(loanId, { ...decision(), outcome: 'eligible', ratePpm: 79_200 }),
  approveLoans: ({ loanId, planId }) =>
    seen(loanId, { ...decision(), outcome: 'approved', capitalPlanId: planId }),
  signLoans: ({ loanId }) => seen(loanId, { ...decision(), ...account(), disbursedOn: today() }),
  disburseLoans: ({ loanId }) => seen(loanId, decision()),
  checkLoansUse: ({ loanId }) => seen(loanId, { ...decision(), workers: [] }),
  withdrawLoan: () => decision(),
  cancelLoan: () => decision(),
  signLoan: () => ({ ...decision(), ...account(), disbursedOn: today() }),
  disburseLoan: () => decision(),
  checkLoanUse: () => ({ ...decision(), workers: [] }),
  repayLoan: () => money,
  refundLoan: () => money,
  cancelLoanInterest: () => money,
  cancelLoanPrincipal: () => money,
  reverseLoanEvent: () => ({ ...decision(), event: 1 }),
  extendLoan: () => ({ ...decision(), until: later }),
  freezeLoan: () => ({ ...decision(), until: later }),
  deferLoanDue: () => ({ ...decision(), until: later, dueOn: today() }),
  recallLoan: () => ({ ...decision(), dueOn: later }),
  rescheduleLoan: () => ({
    ...decision(),
    plan: [{ dueOn: later, principal: '0', isInterestDue: true }],
  }),
  changeLoanRate: () => ({ ...decision(), ratePpm: 39_600 }),
  applyBankFile: () => ({}),
  assignBankException: () => ({ owner: 'hoa' }),
  resolveBankException: () => ({ action: 'noAction', note: 'x' }),
  closeLoanDay: () => ({ day: today() }),
  confirmLaw: () => ({ row: 'EL26-MAX', digest: '0'.repeat(64), basis: 'x' }),
  createCapitalPlan: ({ placeCode }) => ({ placeCode, year: yearOfToday(), source: 'province' }),
  carryCapitalOver: () => ({ decision: '17/QĐ-UBND' }),
  planCapital: () => ({ amount: '1000', decision: '16/QĐ-UBND' }),
  rotateKey: () => ({}),
  sendDisbursements: () => listOf(),
  withdrawDisbursementList: () => ({ reason: 'x' }),
  previewLoanSchedule: () => ({
    productCode: 'EL-WORKER',
    amount: '80000000',
    termMonths: 36,
    disbursedOn: '2022-03-01',
  }),
};

/** Carries an operation out on these records; every part of the request is valid. */
export function request(client: PlayedClient, operation: Operation, records: Records) {
  const path = operation.path
    .replace('/loans/{id}', `/loans/${records.loanId}`)
    .replace('/key-rotations/{id}', `/key-rotations/${randomUUID()}`)
    .replace('{seq}', '1')
    .replace('/capital-plans/{id}', `/capital-plans/${records.planId}`)
    .replace('/bank-files/{id}', `/bank-files/${records.bankFileId}`)
    .replace('/bank-exceptions/{id}', `/bank-exceptions/${records.bankExceptionId}`)
    .replace('/disbursement-lists/{id}', `/disbursement-lists/${records.listId}`);
  if (operation.method === 'get') return client.get(path);
  if (operation.id === 'bringBankFile')
    return client.upload(`${path}?kind=repayments`, repaymentsFile, listTypes.csv);
  const body = bodies[operation.id];
  if (!body) throw new Error(`test/operations.ts knows no body for ${operation.id}`);
  return client.post(path, body(records)).set('if-match', '"1"');
}

/** Records that nobody has. */
export const noRecords = (): Records => ({
  loanId: randomUUID(),
  planId: randomUUID(),
  placeCode: '09169',
  listId: randomUUID(),
  bankFileId: randomUUID(),
  bankExceptionId: randomUUID(),
});
