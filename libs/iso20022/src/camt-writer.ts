import { writeAmount } from './amount.js';
import { checkDay, checkIdentifier, checkInstant, checkText } from './characters.js';
import type { Direction } from './camt-events.js';
import { compileTemplate, escapeText, hole, renderAround, renderPart, type Shape, slot } from './template.js';

/** The document around its entries. Amounts in đồng. */
export interface CamtHeader {
  messageId: string;
  createdAt: string;
  /** The bank's own number of this notification or statement. */
  id: string;
  account: { number: string; name: string; agentBin: string };
}

export interface StatementHeader extends CamtHeader {
  /** Counts the statements of the account from 1. */
  sequence: number;
  on: string;
  /** Booked balances; negative when overdrawn. `opening` + credits − debits must be `closing`. */
  opening: bigint;
  closing: bigint;
}

/** One booked movement. `batch` names the message that it settles as a whole. */
export interface CamtEntry {
  amount: bigint;
  direction: Direction;
  bookedOn: string;
  /** The account servicer's reference of the movement, 1–35 characters. */
  reference: string;
  batch?: { messageId: string; count: number; total: bigint };
  /** Pages of the transactions inside; nothing for a batch that is booked as one sum. */
  transactions?: Iterable<readonly CamtTransaction[]> | AsyncIterable<readonly CamtTransaction[]>;
}

/** One payment inside an entry: a settled one, or, with `returnReason`, one whose money came back. */
export interface CamtTransaction {
  endToEndId: string;
  amount: bigint;
  direction: Direction;
  reference: string;
  creditorAccount: string;
  creditorBin: string;
  /** External return reason code, e.g. `AC04`. */
  returnReason?: string | null;
}

const indicators = { debit: 'DBIT', credit: 'CRDT' } as const;

const transactionShape: Shape = {
  Refs: { AcctSvcrRef: slot('reference'), EndToEndId: slot('endToEndId') },
  Amt: { '@Ccy': 'VND', '#text': slot('amount') },
  CdtDbtInd: slot('indicator'),
  RltdPties: { CdtrAcct: { Id: { Othr: { Id: slot('account') } } } },
  RltdAgts: { CdtrAgt: { FinInstnId: { ClrSysMmbId: { MmbId: slot('bin') } } } },
};
type TransactionSlot = 'reference' | 'endToEndId' | 'amount' | 'indicator' | 'account' | 'bin' | 'reason';
const settled = compileTemplate<TransactionSlot>({ TxDtls: transactionShape });
const returned = compileTemplate<TransactionSlot>({
  TxDtls: { ...transactionShape, RtrInf: { Rsn: { Cd: slot('reason') } } },
});

/**
 * Writes a debit and credit notification (camt.054.001.08) piece by piece: memory holds one page of transactions.
 * The same arguments give the same bytes.
 */
export function writeCamt054(
  header: CamtHeader,
  entries: Iterable<CamtEntry> | AsyncIterable<CamtEntry>,
): AsyncGenerator<string> {
  return writeDocument(
    header,
    'camt.054.001.08',
    (notification) => ({ BkToCstmrDbtCdtNtfctn: { ...groupHeader(header), Ntfctn: notification } }),
    { Id: checkIdentifier(header.id, 'Ntfctn/Id'), CreDtTm: header.createdAt, Acct: accountShape(header) },
    entries,
  );
}

/** Writes a statement (camt.053.001.08) piece by piece. The same arguments give the same bytes. */
export function writeCamt053(
  header: StatementHeader,
  entries: Iterable<CamtEntry> | AsyncIterable<CamtEntry>,
): AsyncGenerator<string> {
  return writeDocument(
    header,
    'camt.053.001.08',
    (statement) => ({ BkToCstmrStmt: { ...groupHeader(header), Stmt: statement } }),
    {
      Id: checkIdentifier(header.id, 'Stmt/Id'),
      ElctrncSeqNb: String(header.sequence),
      CreDtTm: header.createdAt,
      Acct: accountShape(header),
      Bal: [balanceShape('OPBD', header.opening, header.on), balanceShape('CLBD', header.closing, header.on)],
    },
    entries,
  );
}

async function* writeDocument(
  header: CamtHeader,
  version: string,
  around: (report: Shape) => Shape,
  report: Shape,
  entries: Iterable<CamtEntry> | AsyncIterable<CamtEntry>,
): AsyncGenerator<string> {
  checkInstant(header.createdAt, 'CreDtTm');
  const [before, after] = renderAround({
    Document: { '@xmlns': `urn:iso:std:iso:20022:tech:xsd:${version}`, ...around({ ...report, ...hole }) },
  });
  yield before;
  for await (const entry of entries) yield* writeEntry(entry);
  yield after;
}

async function* writeEntry(entry: CamtEntry): AsyncGenerator<string> {
  const [before, after] = renderPart({ Ntry: entryShape(entry) });
  yield before;
  for await (const page of entry.transactions ?? []) yield page.map(writeTransaction).join('');
  yield after;
}

function writeTransaction(transaction: CamtTransaction): string {
  const values = {
    reference: escapeText(checkText(transaction.reference, 35, 'AcctSvcrRef')),
    endToEndId: escapeText(checkText(transaction.endToEndId, 35, 'EndToEndId')),
    amount: writeAmount(transaction.amount, `TxDtls[${transaction.endToEndId}]/Amt`),
    indicator: indicators[transaction.direction],
    account: escapeText(checkText(transaction.creditorAccount, 34, 'CdtrAcct')),
    bin: escapeText(checkText(transaction.creditorBin, 35, 'CdtrAgt')),
    reason: transaction.returnReason ? escapeText(checkText(transaction.returnReason, 4, 'RtrInf')) : '',
  };
  return values.reason ? returned(values) : settled(values);
}

function groupHeader(header: CamtHeader): Shape {
  return { GrpHdr: { MsgId: checkIdentifier(header.messageId, 'MsgId'), CreDtTm: header.createdAt } };
}

function accountShape({ account }: CamtHeader): Shape {
  return {
    Id: { Othr: { Id: checkText(account.number, 34, 'Acct') } },
    Ccy: 'VND',
    Ownr: { Nm: checkText(account.name, 140, 'Acct/Ownr') },
    Svcr: { FinInstnId: { ClrSysMmbId: { MmbId: checkText(account.agentBin, 35, 'Acct/Svcr') } } },
  };
}

function balanceShape(type: 'OPBD' | 'CLBD', balance: bigint, on: string): Shape {
  return {
    Tp: { CdOrPrtry: { Cd: type } },
    Amt: { '@Ccy': 'VND', '#text': String(balance < 0n ? -balance : balance) },
    CdtDbtInd: balance < 0n ? 'DBIT' : 'CRDT',
    Dt: { Dt: checkDay(on, 'Bal/Dt') },
  };
}

function entryShape(entry: CamtEntry): Shape {
  const indicator = indicators[entry.direction];
  const { batch } = entry;
  const amountOf = (amount: bigint): Shape => ({
    '@Ccy': 'VND',
    '#text': writeAmount(amount, `Ntry[${entry.reference}]/Amt`),
  });
  return {
    Amt: amountOf(entry.amount),
    CdtDbtInd: indicator,
    Sts: { Cd: 'BOOK' },
    BookgDt: { Dt: checkDay(entry.bookedOn, 'BookgDt') },
    ValDt: { Dt: entry.bookedOn },
    AcctSvcrRef: checkIdentifier(entry.reference, 'AcctSvcrRef'),
    // Issued credit transfers: a domestic one, or the reimbursement of one that came back.
    BkTxCd: {
      Domn: {
        Cd: 'PMNT',
        Fmly: { Cd: 'ICDT', SubFmlyCd: entry.direction === 'debit' ? 'DMCT' : 'RRTN' },
      },
    },
    NtryDtls: {
      ...(batch && {
        Btch: {
          MsgId: checkText(batch.messageId, 35, 'Btch/MsgId'),
          NbOfTxs: String(batch.count),
          TtlAmt: amountOf(batch.total),
          CdtDbtInd: indicator,
        },
      }),
      ...hole,
    },
  };
}
