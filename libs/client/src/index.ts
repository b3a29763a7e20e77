export { createClient } from './client.js';
export type { Client } from './client.js';
export type { BankException, BankFile, BankFileKind } from './bank-files.js';
export { createEmploymentLoansClient } from './employment-loans.js';
export type { DayClosing, EmploymentLoansClient, Loan } from './employment-loans.js';
export type {
  AwaitingLaw,
  FundReport,
  LoanJob,
  LoanLaw,
  LoanPortfolio,
  LoanReminder,
  PortfolioDimension,
} from './loan-reports.js';
export { ProblemError, UnreachableError } from './errors.js';
export { createRegistryClient } from './registry.js';
export type {
  ClassifiedHouseholds,
  Dossier,
  DossierDue,
  DossierOutcome,
  DossierState,
  DuplicatePair,
  DuplicateRun,
  DuplicateState,
  EmployedPerson,
  HouseholdClasses,
  ImportKind,
  LookupAnswer,
  NewDossier,
  RegistryClient,
  RegistryImport,
} from './registry.js';
export type {
  ClosedEmployer,
  RegisteredPerson,
  RegistryEvent,
  RegistryEventPage,
  ToldDossier,
} from './registry-events.js';
export { ServiceToken } from './service-token.js';
export type { ClientCredentials } from './service-token.js';
export { createSocialProtectionClient } from './social-protection.js';
export type {
  SocialProtectionClient,
  SupportDecision,
  SupportPayout,
  SupportRun,
  SupportSummary,
} from './social-protection.js';
export { everyItem } from './streams.js';
export type { ClientOptions, CommandOptions, Official } from './transport.js';
export type {
  BankProfile,
  CashList,
  CashListFormat,
  CashListState,
  ExceptionAction,
  Message,
  PaymentException,
  RefusedDocument,
  Receipts,
  Recovery,
  RecoveryStatus,
  Statement,
} from './bank-contract.js';
export type {
  Allotment,
  ApprovalBand,
  Balance,
  Batch,
  BatchPayment,
  BatchState,
  BatchTotals,
  Finding,
  Fund,
  LineOutcome,
  NewBatch,
  NewFund,
  NewProgramme,
  NewWaiver,
  OnBlocking,
  OutcomePage,
  OutcomeStatus,
  Payee,
  PayeePayment,
  PaymentState,
  Programme,
  Reconciliation,
  ReturnedLine,
  ReturnedState,
  Severity,
  Total,
  Verification,
  Waiver,
} from './contract.js';
export type {
  NewSample,
  Sample,
  SampleEstimate,
  SampleLine,
  Stratum,
  VisitOutcome,
  VisitResult,
} from './sample-contract.js';
export type {
  DayOfCycle,
  NewSchedule,
  Schedule,
  ScheduleChange,
  UpcomingBatch,
  UpcomingBatches,
} from './schedule-contract.js';
export type {
  Access,
  AccessPurpose,
  KeyRotation,
  Language,
  List,
  ListType,
  Page,
  PageQuery,
  Problem,
  PurposeCode,
  SealingKeys,
  Text,
} from './shapes.js';
