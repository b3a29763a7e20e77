import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { OpenAPIObject } from '@nestjs/swagger';
import { describeApi } from '@ansinh/service';

/** What each operation does, in a few words, for the page on which the interface is browsed. */
const summaries: Record<string, string> = {
  applyImport: 'Enter the next rows of a checked list',
  checkImport: 'Check a list of people, households, employers or employment: a dry run',
  getImport: 'Get an import, and how far it is',
  getImportList: 'Get the list of an import back, with remarks',
  addAttachment: 'Add a paper to a dossier as a file',
  listAttachments: 'List the files of a dossier, with those that were taken off',
  getAttachment: 'Download a file of a dossier for a stated purpose',
  removeAttachment: 'Take a file off a dossier that is not decided',
  assignDossier: 'Assign a dossier to somebody',
  decideDossier: 'Decide a dossier',
  forwardDossier: 'Send a dossier on to its next step',
  getDossier: 'Get a dossier',
  getDossierHistory: 'List what happened to a dossier, and where it stood when',
  getDossierWorkload: 'Count open, late and soon due dossiers by office and step',
  searchPeople: 'Search people as an officer types, or list them',
  lookUpPeople: 'Look up a list of people: who they are, and how the sent names differ',
  lookUpPerson: 'Find the person with a number',
  createPerson: 'Enter a person',
  getPerson: 'Get a person, masked or for a stated purpose',
  changePerson: 'Change the record of a person',
  recordResidence: 'Record where a person lives, and since when',
  listFacts: 'List the facts that decide money, as of a day, as known at a moment',
  recordFact: 'Record a fact, or take one back',
  recordDeath: 'Record a death',
  recordAccount: 'Record a bank account of a person',
  judgeAccount: 'Record what the bank said of an account',
  listAccesses: 'List who saw whole numbers of people, and what for',
  formHousehold: 'Form a household of one person, its head',
  getHousehold: 'Get a household with its members and classes',
  listHouseholds: 'List households with their class',
  joinHousehold: 'Record that a person joined a household',
  chooseHead: 'Record that a household has another head',
  leaveHousehold: 'Record that a person left a household',
  classifyHousehold: 'Record the poverty class of a year',
  listEvents: 'List what happened, for services that follow the registry',
  enterEmployer: 'Enter an employer',
  listEmployers: 'List employers, or find them by tax code or name',
  getEmployer: 'Get an employer',
  changeEmployer: 'Change the record of an employer',
  closeEmployer: 'Record that an employer has closed',
  listWorkers: 'List the workers of an employer',
  employPerson: 'Record a contract with a worker',
  getPlace: 'Get a place as it was on a day, and what it is today',
  getTrackingSecret: 'Get the secret by which the applicant tracks a dossier',
  holdDossier: 'Stop the clock of a dossier',
  listDossiers: 'List dossiers, what is due first on top',
  listPlaces: 'List the places right below one, on a day',
  listProcedures: 'List what can be asked for on a day',
  presentDossier: 'Present a dossier at the desk',
  printDossierForm: 'Print the receipt, request or refusal',
  refuseDossier: 'Refuse a dossier at the desk',
  requestSupplement: 'Ask the applicant for a supplement',
  resumeDossier: 'Let the clock of a dossier go on',
  returnDossier: 'Record that the applicant has the result',
  supplementDossier: 'Add the papers that were missing',
  trackDossier: 'Track a dossier by its code and secret',
  withdrawDossier: 'Withdraw a dossier for the applicant',
};

/** The OpenAPI document of the REST interface. */
export function describeRegistry(app: NestFastifyApplication): OpenAPIObject {
  return describeApi(app, {
    title: 'An Sinh: registry',
    description:
      'People, households, employers, places and dossiers of the province. Numbers of people are masked.',
    summaries,
  });
}
