import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { OpenAPIObject } from '@nestjs/swagger';
import { auditSummaries } from '@ansinh/audit-log';
import { keySummaries } from '@ansinh/key-rotation';
import { describeApi } from '@ansinh/service';

/** What each operation does, in a few words, for the page on which the interface is browsed. */
const summaries: Record<string, string> = {
  ...auditSummaries,
  ...keySummaries,
  applyBankFile: 'Take up the next rows of a file of the bank',
  applyForLoan: 'Apply for a loan',
  appraiseLoan: 'Appraise an application: eligible, sent back or refused',
  assignBankException: 'Say who looks into an exception',
  approveLoan: 'Approve a loan, by which capital is committed, or refuse it',
  bringBankFile: 'Take in a file of the bank and look at it: repayments, or balances by loan',
  cancelLoan: 'Cancel what was approved and is not paid out',
  cancelLoanInterest: 'Cancel interest by decision',
  cancelLoanPrincipal: 'Cancel principal by decision',
  changeLoanRate: 'Change the rate by decision',
  carryCapitalOver: 'Carry revolving capital of earlier years over into the plan of this year',
  checkLoanUse: 'Record a check of the use of the money, and who works by it',
  closeLoanDay: 'Close all days up to one: interest, arrears and groups of debt',
  applyForLoans: 'Take the applications of a list, all of them or none',
  confirmLoans: 'Confirm or refuse the applications of a list',
  appraiseLoans: 'Appraise the applications of a list',
  approveLoans: 'Approve or refuse the loans of a list',
  signLoans: 'Record the contracts of a list',
  disburseLoans: 'Order the money of the loans of a list',
  checkLoansUse: 'Record the use checks of a list of loans',
  confirmLaw: 'Confirm a row of law as it is, by name',
  confirmLoan: 'Confirm an application at the commune, or refuse it',
  createCapitalPlan: 'Open the capital plan of a place, year and source',
  deferLoanDue: 'Let the principal of one due day fall due later',
  disburseLoan: 'Order a disbursement: all of the loan, or a tranche',
  extendLoan: 'Let the loan end later',
  freezeLoan: 'Freeze a debt until a day',
  getBankFile: 'Get a file of the bank, and what became of its rows',
  getBankFileList: 'Download a file of the bank with remarks',
  getCapitalPlan: 'Get a capital plan, and where its money stands',
  getDisbursementList: 'Get a list of disbursements, and how far it is',
  getLoan: 'Get a loan',
  getLoanBook: 'Get the statement of account between two days, and what falls due after',
  explainLoan: 'Explain what the law says of an application: ceiling, term and collateral',
  getLoanHistory: 'List what was decided about a loan, its workers and disbursements',
  listAwaitingRows: 'List the rows of law on which nothing is decided yet',
  listBankExceptions: 'List what the bank has that is not as ours is',
  listBankFileGroups: 'List what savings-and-credit groups handed in by a file',
  listBankFiles: 'List files of the bank',
  listBankReports: 'List the quarters of a year, by when the bank reports, and its file',
  listCapitalPlans: 'List capital plans',
  listConfirmations: 'List the rows of law that were confirmed, by whom and by what',
  listFundReports: 'Report what came into each fund and went out of it, and whose the interest is',
  listLoanArrears: 'List loans of which something is past due, by group of debt',
  listDayClosings: 'List the days that were closed, and how far the last one is',
  listLoans: 'List loans and applications',
  planCapital: 'Book a decision on the capital of a plan',
  previewLoanSchedule: 'Work out a repayment schedule, of which nothing is kept',
  printLoanAnnex: 'Print the annex of the contract',
  printLoanSchedule: 'Print the repayment schedule',
  printPaymentNotice: 'Print what is due on a day, or falls due next',
  recallLoan: 'Recall a loan early',
  refundLoan: 'Record what was given back to the borrower',
  repayLoan: 'Record a repayment, also one of a past day',
  rescheduleLoan: 'Let all principal fall due by a new plan',
  resolveBankException: 'Resolve an exception: book it, leave it to the bank, or leave it',
  reverseLoanEvent: 'Reverse an event of the book that was wrong',
  sendDisbursements: 'Send what was ordered on its way into a batch, as one list',
  signLoan: 'Sign the contract, by which the book is kept',
  withdrawDisbursementList: 'Take back a list of which nothing was sent',
  withdrawLoan: 'Withdraw an application for the borrower',
};

/** The OpenAPI document of the REST interface. */
export function describeEmploymentLoans(app: NestFastifyApplication): OpenAPIObject {
  return describeApi(app, {
    title: 'An Sinh: employment loans',
    description:
      'Loans of the employment fund, from the application to the last instalment, and their capital.',
    summaries,
  });
}
