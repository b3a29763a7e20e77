import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { OpenAPIObject } from '@nestjs/swagger';
import { auditSummaries } from '@ansinh/audit-log';
import { keySummaries } from '@ansinh/key-rotation';
import { describeApi } from '@ansinh/service';

/** What each operation does, in a few words, for the page on which the interface is browsed. */
const summaries: Record<string, string> = {
  ...auditSummaries,
  ...keySummaries,
  enterBeneficiary: 'Enter a person into the register of a monthly programme',
  listBeneficiaries: 'List the people of a register, by commune and category',
  getBeneficiary: 'Get a person of the register, with everything that was stated',
  stateFacts: 'State what is different of a person from a month on',
  moveBeneficiary: 'Hand a person over to another commune',
  changeBeneficiaryAccount: 'Change where a person is paid',
  listProgrammes: 'List the programmes of support, with their forms and last days',
  bringList: 'Bring the list of an employer or a commune, whole',
  listLists: 'List the lists that were brought',
  getList: 'Get a list, and by which run it is decided',
  listListFindings: 'List what is wrong with which row and column of a list',
  confirmInsurance: 'Bring the answers of the insurance office, whole or not at all',
  startRun: 'Start to decide on lists, as of a day',
  listRuns: 'List the runs of decisions',
  getRun: 'Get a run, and how far it is',
  listChanges: 'List what a run of a month is different in from before, and why',
  getHalfYearReport: 'Report a half-year by programme and category, also as a workbook',
  summariseRun: 'Sum a run up: outcomes, rules, reasons, and what is different from before',
  decideChunk: 'Decide the next rows of a run',
  submitRun: 'Submit a run that is decided',
  approveRun: 'Approve a run that somebody else made',
  rejectRun: 'Reject a run: nobody is entitled by it',
  startPayout: 'Put what is unpaid of an approved run on a payment list',
  listPayouts: 'List the payment lists of a run, and what became of their lines',
  listDecisions: 'List the decisions of a run',
  getDecision: 'Get a decision with its explanation',
  listLawProgrammes: 'List everything that the law is asked here',
  getLaw: 'Get rules and values of a programme for a day, with their articles',
  compareLaw: 'Compare the law of two days',
  explainLaw: 'Explain what the law says of facts, without deciding anything',
  listLawRows: 'List the values that the province itself has set',
  enterLawRow: 'Enter a value that a resolution of the province sets',
  approveLawRow: 'Approve a value that somebody else entered',
  rejectLawRow: 'Reject a value that was entered',
  listAwaitingRows: 'List the rows of law on which nothing is granted yet',
  listConfirmations: 'List the rows of law that were confirmed, by whom and by what',
  confirmLaw: 'Confirm a row of law as it is, by name',
  openReview: 'Open the poverty review of a commune in a year',
  listReviews: 'List the poverty reviews, with what their households come to',
  getReview: 'Get a poverty review with its moves',
  recordHousehold: 'Take a household in, or correct it, and classify it',
  bringHouseholds: 'Bring a list of households, whole',
  listReviewFindings: 'List what is wrong with which row and column of a list of households',
  meetVillage: 'Record the meeting of the village on the result',
  reopenReview: 'Open a review again: households are looked at once more',
  submitReview: 'Submit a review that has hung out',
  approveReview: 'Recognise a review that somebody else made',
  rejectReview: 'Reject a review: it is open again',
  listReviewedHouseholds: 'List the households of a year, by class and by what they lack',
  getReviewedHousehold: 'Get a reviewed household with its explanation',
  listPovertyRates: 'List the poverty rates of a year by commune and district, also as a workbook',
  listDeprivations: 'Count the poor and near-poor households by what they lack',
  raiseGrievance: 'Receive a grievance about a decision, or about what a review found',
  listGrievances: 'List the grievances, what is due first on top, or those that are overdue',
  getGrievance: 'Get a grievance with its moves',
  examineGrievance: 'Take a grievance up to examine it',
  noteGrievance: 'Note what was found out about a grievance',
  answerGrievance: 'Answer a grievance: what is contested is kept, or is wrong',
  correctGrievance: 'Name what takes the place of a decision that was wrong',
  withdrawGrievance: 'Withdraw a grievance, for who raised it',
  findDecisions: 'Find what was decided of a person by number, and why',
};

/** The OpenAPI document of the REST interface. */
export function describeSocialProtection(app: NestFastifyApplication): OpenAPIObject {
  return describeApi(app, {
    title: 'An Sinh: social protection',
    description:
      'Programmes of support: who asks for whom, what is decided by which article, and what was paid. Numbers of people are masked.',
    summaries,
  });
}
