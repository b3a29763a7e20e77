/** The shapes of the disbursements REST contract (`/v1`). Amounts are strings of đồng, instants ISO 8601, days `YYYY-MM-DD`. */

export type Language = 'vi' | 'en';

export interface Text {
  vi: string;
  en: string;
}

/** One keyset page; `next` is the cursor to pass as `after`, null on the last page. */
export interface Page<T> {
  items: T[];
  next: string | null;
}

export interface PageQuery {
  limit?: number;
  after?: string;
}

/** A list that is short enough to come at once. */
export interface List<T> {
  items: T[];
}

/** The body of a refusal by RFC 9457; `code` is what a program branches on. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail?: string;
  code?: string;
  instance?: string;
  errors?: { pointer: string; code: string; detail: string }[];
}

export interface Fund {
  id: string;
  code: string;
  name: string;
  budgetSource: string;
  programmeCodes: string[];
  channel: string;
  account: { bin: string; number: string; name: string };
  officeCode: string;
}

export type NewFund = Omit<Fund, 'id' | 'officeCode'>;

export interface Allotment {
  amount: string;
  reference: string;
  note?: string;
}

export interface Balance {
  fundId: string;
  at: string;
  allotted: string;
  available: string;
  reserved: string;
  inFlight: string;
  paid: string;
}

export type Severity = 'block' | 'warn';

export interface ApprovalBand {
  /** The largest amount of a batch in this band, or null for "whatever the amount". */
  upTo: string | null;
  checkers: number;
}

export interface Programme {
  code: string;
  name: string;
  minAmount: string;
  maxAmount: string;
  severities: Record<string, Severity>;
  approvalBands: ApprovalBand[];
}

/** What is left out takes the service's default. */
export type NewProgramme = Pick<Programme, 'code' | 'name'> & Partial<Programme>;

export type BatchState =
  | 'draft'
  | 'checking'
  | 'checked'
  | 'submitted'
  | 'approved'
  | 'transmitting'
  | 'transmitted'
  | 'reconciled'
  | 'closed'
  | 'rejected'
  | 'paused'
  | 'cancelled';

/** What happens to lines with blocking findings: the batch stops at them, or they are set aside into a list of their own. */
export type OnBlocking = 'stop' | 'setAside';

export interface Total {
  count: number;
  amount: string;
}

/** approved = paid + returned + refused + inFlight, by count and by amount. */
export type BatchTotals = Record<'approved' | 'paid' | 'returned' | 'refused' | 'inFlight', Total>;

export interface Batch {
  id: string;
  code: string;
  fundId: string;
  programmeCode: string;
  purpose: string;
  period: string;
  channel: string;
  officeCode: string;
  state: BatchState;
  onBlocking: OnBlocking;
  rows: number;
  kept: number;
  setAside: number;
  amount: string;
  /** SHA-256 of the list as it was sent, byte for byte. */
  listDigest: string | null;
  /** SHA-256 of what is signed, once submitted. */
  digest: string | null;
  /** By code; `waived` are of those counted before it. */
  findings: Record<string, { block: number; warn: number; waived: number }>;
  requiredApprovals: number;
  approvals: { by: string; name: string; at: string }[];
  createdBy: string;
  createdAt: string;
  submittedBy: string | null;
  chunks: {
    total: number;
    pending: number;
    sending: number;
    accepted: number;
    refused: number;
    unknown: number;
    dead: number;
  };
  totals: BatchTotals;
  openExceptions: number;
  /** Code of the batch whose returned lines it pays again. */
  followUpOf: string | null;
  /** When the post office has to say who was paid; null where a bank pays. */
  resultsDueOn: string | null;
}

export interface NewBatch {
  fundId: string;
  programmeCode: string;
  purpose: string;
  period: string;
  channel: string;
  /** Who else had a hand in the list, by the `sub` of their tokens: none of them may approve it. */
  makers?: string[];
}

export type OutcomeStatus = 'paid' | 'returned' | 'refused' | 'setAside' | 'cancelled';

/** What became of a line, as it stands when it is read; a line that comes again is then as it comes last. */
export interface LineOutcome {
  row: number;
  status: OutcomeStatus;
  /** What the bank took, where it was paid. */
  amount: string | null;
  bookedOn: string | null;
  /** Of a refusal or a return. */
  reason: string | null;
  /** Codes of the findings for which it was set aside. */
  findings: string[];
}

export interface OutcomePage {
  batchState: BatchState;
  listDigest: string | null;
  items: LineOutcome[];
  /** `after` of the next call, also when there is nothing new. */
  next: string | null;
  /** There is nothing behind it at present. */
  isLast: boolean;
}

export interface Finding {
  /** The line of the list; 0 for the list as a whole. */
  row: number;
  column: string | null;
  code: string;
  severity: Severity;
  message: Text;
  /** The cell, citizen numbers and accounts masked. */
  value: string | null;
  waived: { by: string; reason: string; at: string } | null;
}

export interface NewWaiver {
  code: string;
  /** Lines of the list; all findings of the code where it is left out. */
  rows?: number[];
  reason: string;
}

export interface Waiver {
  code: string;
  rows: number[] | null;
  reason: string;
  by: string;
  name: string;
  at: string;
}

/** How a bank wants to be written to. */
export interface BankProfile {
  id: string;
  name: Text;
  source: string;
  messageVersion: 'pain.001.001.03' | 'pain.001.001.10';
  messagePaymentsMax: number;
  messageAmountMax: string | null;
  paymentAmountMax: string | null;
  text: { fold: 'none' | 'ascii'; letters: 'asIs' | 'upper'; allowed: string | null };
  nameLengthMax: number;
  remittanceLengthMax: number;
  purposeCode: string | null;
  required: ('remittance' | 'address')[];
  digest: string;
  /** BINs that it is set for. */
  banks: string[];
  isDefault: boolean;
}

/** A file of the bank: one chunk of the batch. */
export interface Message {
  number: number;
  messageId: string;
  state: 'pending' | 'sending' | 'unknown' | 'accepted' | 'refused' | 'dead';
  payments: number;
  amount: string;
  attempts: number;
  /** SHA-256 of the bytes, once sent. */
  digest: string | null;
  problem: string | null;
}

export type CashListState = 'approved' | 'issued' | 'settled';
export type CashListFormat = 'pdf' | 'xlsx';

/** What the post office pays out in one commune. */
export interface CashList {
  number: number;
  code: string;
  placeCode: string;
  placeName: string;
  state: CashListState;
  approved: Total;
  paid: Total;
  unpaid: Total;
  missing: Total;
  issuedAt: string | null;
  resultsDueOn: string | null;
}

/** What came of a file of results; `missing` are lines of the batch that have none yet. */
export interface Receipts {
  id: string;
  results: number;
  booked: number;
  exceptions: number;
  missing: number;
  alreadyImported: boolean;
}

export type PaymentState = 'awaiting' | 'inFlight' | 'paid' | 'returned' | 'refused' | 'cancelled';

export interface BatchPayment {
  endToEndId: string;
  row: number;
  amount: string;
  state: PaymentState;
  paidAmount: string | null;
  paidOn: string | null;
  /** The bank's code of a refusal or a return. */
  reason: string | null;
  /** What the bank moved otherwise than asked, if it did. */
  exceptionDebit: string | null;
  exceptionCredit: string | null;
  /** End-to-end ids: of the line that pays it again, and of the one that it pays again. */
  followUp: string | null;
  followUpOf: string | null;
}

export interface Reconciliation extends BatchTotals {
  exceptions: { open: number; resolved: number };
  /** What the bank booked for messages of the batch, by its account statements. */
  statementDebits: string;
  balanced: boolean;
}

export type ExceptionAction = 'recordAsPaid' | 'recordAsReturned' | 'noAction' | 'claimedBack';

/** What the bank did and we did not instruct so: it waits for an owner and a resolution. */
export interface PaymentException {
  id: string;
  code: string;
  batchId: string | null;
  endToEndId: string;
  direction: 'debit' | 'credit';
  expectedAmount: string | null;
  observedAmount: string;
  bookedOn: string | null;
  reference: string;
  status: 'open' | 'resolved';
  owner: string | null;
  resolution: ExceptionAction | null;
  note: string | null;
  resolvedBy: string | null;
  at: string;
}

export interface Statement {
  /** Null for a status report, which is not kept. */
  id: string | null;
  kind: string;
  documentId: string;
  entries: number;
  matched: number;
  exceptions: number;
  alreadyImported: boolean;
}

/** A document from a bank's outbox that was refused. The bank keeps it, so that it can be taken again. */
export interface RefusedDocument {
  id: string;
  fundId: string;
  /** How the bank calls it in its outbox. */
  bankDocument: string;
  /** Null where it cannot be read. */
  kind: string | null;
  documentId: string | null;
  sequence: number | null;
  code: string;
  /** What was expected, and what was found. */
  reason: { vi: string; en: string };
  /** It is tried again by itself when the one before it has come. */
  waiting: boolean;
  status: 'open' | 'taken';
  attempts: number;
  refusedAt: string;
  takenAt: string | null;
  takenBy: string | null;
}

/** One payment of a person, whatever the programme. */
export interface PayeePayment extends BatchPayment {
  batchId: string;
  batchCode: string;
  programmeCode: string;
  policyCode: string;
  period: string;
  ordinal: number;
  payeeName: string;
  payeeId: string;
  bankBin: string | null;
  placeCode: string;
  approvedAt: string | null;
}

export type PurposeCode =
  | 'bankFile'
  | 'cashList'
  | 'listCorrection'
  | 'listCheck'
  | 'returnFollowUp'
  | 'dossierWork'
  | 'grievance'
  | 'inspection'
  | 'investigation';

/** Why whole numbers of people are needed: kept in the access log. The note has 10 to 300 characters. */
export interface AccessPurpose {
  code: PurposeCode;
  note: string;
}

/** Who is behind one line; numbers are whole only where a purpose was stated. */
export interface Payee {
  endToEndId: string;
  isMasked: boolean;
  payeeName: string | null;
  payeeId: string | null;
  bankBin: string | null;
  account: string | null;
}

/** One reading of whole numbers. */
export interface Access {
  id: string;
  at: string;
  actor: string;
  name: string;
  actorOffice: string;
  office: string;
  /** e.g. `batch/LO-00000042/messages/3` */
  subject: string;
  firstRow: number;
  lastRow: number;
  numbers: number;
  purpose: PurposeCode;
  note: string;
  requestId: string;
}

export interface KeyRotation {
  id: string;
  state: 'running' | 'finished';
  toVersion: number;
  /** Blocks under older versions at the start, and those sealed anew since. */
  blocks: number;
  resealed: number;
  problem: string | null;
  startedBy: string;
  startedAt: string;
  finishedAt: string | null;
}

export interface SealingKeys {
  current: number;
  versions: { version: number; blocks: number; isGiven: boolean; isRemovable: boolean }[];
  rotation: KeyRotation | null;
}

export interface BankComparison {
  /** ahead: the bank knows messages that the books have never sent. */
  verdict: 'agrees' | 'ahead';
  asked: number;
  messages: string[];
  at: string;
}

export interface Recovery {
  number: number;
  state: 'asking' | 'collecting' | 'collected' | 'ended';
  firstSkipped: string;
  lastSkipped: string;
  /** Batches that were being sent when it began. */
  paused: number;
  asked: number;
  /** Never sent by the books and known to the bank; known to it and not in the books; carried by people. */
  newlyKnown: string[];
  lost: string[];
  byHand: string[];
  problem: string | null;
  note: string;
  begunBy: string;
  begunAt: string;
  endNote: string | null;
  endedBy: string | null;
  endedAt: string | null;
}

export interface RecoveryStatus {
  isSendingOpen: boolean;
  serverStartedAt: string;
  /** Since that start; null: not yet. */
  comparison: BankComparison | null;
  recovery: Recovery | null;
  unknownPayments: { count: number; amount: string };
}

/** How far the registry, which the check asks, was read. */
export interface RegistryReading {
  /** Last time to its end; null: never. */
  readAt: string | null;
}

export interface Verification {
  ok: boolean;
  checks: { name: string; ok: boolean; expected: string; actual: string }[];
}

export type ListType =
  'text/csv' | 'application/x-ndjson' | 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** A line that the bank refused or gave back. */
export interface ReturnedLine {
  endToEndId: string;
  row: number;
  payeeId: string;
  payeeName: string;
  bankBin: string | null;
  account: string | null;
  amount: string;
  placeCode: string;
  outcome: 'returned' | 'refused';
  reason: string | null;
  bookedOn: string | null;
  state: ReturnedState;
  paidAgainBy: string | null;
}

export type ReturnedState = 'open' | 'followedUp' | 'paidOtherwise';

export interface NewSample {
  seed?: string;
  confidence: number;
  marginOfError?: number;
  size?: number;
  expectedErrorRate?: number;
}

export interface Stratum {
  stratum: number;
  districtCode: string;
  districtName: string | null;
  amountFrom: string;
  amountMax: string;
  lines: number;
  amount: string;
  sampled: number;
}

export interface Sample {
  id: string;
  batchId: string;
  batchCode: string;
  seed: string;
  confidence: number;
  marginOfError: number | null;
  expectedErrorRate: number;
  size: number;
  lines: number;
  amount: string;
  listDigest: string;
  method: string;
  drawnBy: string;
  drawnAt: string;
  strata: Stratum[];
}

export type VisitOutcome = 'correct' | 'wrongAmount' | 'notReceived' | 'wrongPerson' | 'notFound';

export interface SampleLine {
  endToEndId: string;
  row: number;
  stratum: number;
  payeeName: string;
  payeeId: string;
  placeCode: string;
  placeName: string | null;
  amount: string;
  bankBin: string | null;
  account: string;
  result: {
    id: string;
    outcome: VisitOutcome;
    received: string | null;
    note: string | null;
    by: string;
    at: string;
  } | null;
}

export interface VisitResult {
  payment: string;
  outcome: string;
  received?: string;
  note?: string;
  /** Id of the result that this one corrects. */
  corrects?: string;
}

export interface SampleEstimate {
  sampleId: string;
  confidence: number;
  lines: number;
  amount: string;
  sampled: number;
  recorded: number;
  outcomes: Partial<Record<VisitOutcome, number>>;
  found: string;
  /** Null until every line has its result. */
  wrongMoney: { estimate: string; standardError: string; lower: string; upper: string } | null;
  strata: (Stratum & { recorded: number; wrong: number; wrongAmount: string })[];
}

/** -1: in the month before the one that is paid for. */
export interface DayOfCycle {
  monthOffset: number;
  day: number;
}

export interface Schedule {
  id: string;
  fundId: string;
  programmeCode: string;
  purpose: string;
  channel: string;
  officeCode: string;
  listDue: DayOfCycle;
  approvalDue: DayOfCycle;
  sendingDue: DayOfCycle;
  listRule: { legalBasis: string; effectiveFrom: string; confidence: string } | null;
  daysAhead: number;
  firstPeriod: string;
  lastPeriod: string | null;
  state: 'active' | 'paused';
  createdBy: string;
  createdAt: string;
}

export type NewSchedule = Pick<
  Schedule,
  'fundId' | 'programmeCode' | 'purpose' | 'channel' | 'approvalDue' | 'sendingDue' | 'firstPeriod'
> & { listDue?: DayOfCycle; daysAhead?: number; lastPeriod?: string };

/** What can be changed of a schedule; the rest is what it was opened with. */
export type ScheduleChange = Omit<NewSchedule, 'fundId' | 'programmeCode' | 'channel' | 'firstPeriod'>;

export interface UpcomingBatch {
  /** Null: a batch of cash that no schedule opened. */
  scheduleId: string | null;
  period: string;
  programmeCode: string;
  purpose: string;
  fundId: string;
  officeCode: string;
  /** planned: not opened yet; halted: its schedule is paused. */
  state: BatchState | 'planned' | 'skipped' | 'halted';
  batchId: string | null;
  batchCode: string | null;
  opensOn: string;
  listDueOn: string;
  approvalDueOn: string;
  sendingDueOn: string;
  resultsDueOn: string | null;
  isCalendarKnown: boolean;
  nextStep: 'list' | 'approval' | 'sending' | 'results' | null;
  nextDueOn: string | null;
  daysLate: number;
  amount: string | null;
  lastAmount: string | null;
}

export interface UpcomingBatches {
  today: string;
  items: UpcomingBatch[];
}
