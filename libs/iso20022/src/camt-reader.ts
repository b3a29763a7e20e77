import { readAmount, readAmountIn, readCount } from './amount.js';
import type {
  CamtBatch,
  CamtDocument,
  CamtEntryEvent,
  CamtEvent,
  CamtSum,
  CamtSummary,
  CamtTransactionEvent,
  Direction,
} from './camt-events.js';
import { readDay, readInstant } from './characters.js';
import {
  type Attributes,
  type ElementTree,
  readElements,
  versionOf,
  type XmlSource,
} from './element-reader.js';
import { Iso20022Error } from './iso20022-error.js';
import { required } from './required.js';

/** Other currencies are refused: reading them as đồng would be wrong by a factor. */
interface CamtOptions {
  currency?: string;
}

/**
 * Reads camt.052, camt.053 or camt.054 of any version: arrays of events, one array a piece of input.
 * @throws Iso20022Error for what is none of them, another currency, or an amount with a fraction of its unit
 */
export function parseCamt(source: XmlSource, options: CamtOptions = {}): AsyncGenerator<CamtEvent[]> {
  return readElements(source, (tree, emit) => new CamtReader(options.currency ?? 'VND', emit).describe(tree));
}

const messages = [
  ['BkToCstmrAcctRpt', 'Rpt', 'camt.052'],
  ['BkToCstmrStmt', 'Stmt', 'camt.053'],
  ['BkToCstmrDbtCdtNtfctn', 'Ntfctn', 'camt.054'],
] as const;

const summaries = [
  ['TtlNtries', 'entries'],
  ['TtlCdtNtries', 'credits'],
  ['TtlDbtNtries', 'debits'],
] as const;

const directions: Record<string, Direction> = { DBIT: 'debit', CRDT: 'credit' };

interface Balance {
  type?: string;
  amount?: bigint;
  direction?: Direction;
}

interface Parties {
  creditorAccount?: string;
  debtorAccount?: string;
  creditorBin?: string;
  debtorBin?: string;
}

type Gathered<Event> = { -readonly [Key in keyof Event]?: NonNullable<Event[Key]> };
type GatheredTransaction = Gathered<CamtTransactionEvent> & Parties;

class CamtReader {
  private version: string | null = null;
  private messageId: string | undefined;
  private document: Gathered<CamtDocument> = {};
  private isAnnounced = false;
  private isKnown = false;
  private balance: Balance = {};
  private entry: Gathered<CamtEntryEvent> & { batches: CamtBatch[]; transactions: number } = emptyEntry();
  /** That of the details being read, if it has one. */
  private batch: CamtBatch | null = null;
  private transaction: GatheredTransaction = {};
  /** A payment without an amount of its own: it has the entry's, if it is the only one there. */
  private withoutAmount: GatheredTransaction | undefined;

  constructor(
    private readonly currency: string,
    private readonly emit: (event: CamtEvent) => void,
  ) {}

  describe(tree: ElementTree): void {
    tree.on('', {
      enter: (attributes) => (this.version = versionOf(attributes)),
      leave: () => this.checkKind(),
    });
    for (const [message, report, type] of messages) {
      tree
        .on(message, { enter: () => (this.isKnown = true) })
        .on(`${message}/GrpHdr/MsgId`, (text) => (this.messageId = text));
      this.describeDocument(tree, `${message}/${report}`, type);
      this.describeSummary(tree, `${message}/${report}`);
      this.describeEntry(tree, `${message}/${report}/Ntry`);
      this.describeTransaction(tree, `${message}/${report}/Ntry/NtryDtls/TxDtls`);
    }
  }

  private describeDocument(tree: ElementTree, path: string, type: CamtDocument['type']): void {
    const account = (text: string) => (this.document.account = text);
    tree
      .on(path, { enter: () => this.startDocument(type), leave: () => this.announce() })
      .on(`${path}/Id`, (text) => (this.document.id = text))
      .on(`${path}/CreDtTm`, (text) => (this.document.createdAt = text))
      .on(`${path}/ElctrncSeqNb`, (text) => (this.document.sequence = readCount(text, 'ElctrncSeqNb')))
      .on(`${path}/Acct/Id/Othr/Id`, account)
      .on(`${path}/Acct/Id/IBAN`, account)
      .on(`${path}/Acct/Ccy`, (text) => (this.document.currency = text))
      .on(`${path}/Acct/Svcr/FinInstnId/BIC`, (text) => (this.document.servicer ??= text))
      .on(`${path}/Acct/Svcr/FinInstnId/BICFI`, (text) => (this.document.servicer ??= text))
      .on(`${path}/Acct/Svcr/FinInstnId/ClrSysMmbId/MmbId`, (text) => (this.document.servicer = text))
      .on(`${path}/Bal`, { enter: () => (this.balance = {}), leave: () => this.keepBalance() })
      .on(`${path}/Bal/Tp/CdOrPrtry/Cd`, (text) => (this.balance.type = text))
      .on(`${path}/Bal/Amt`, (text, { Ccy }) => (this.balance.amount = this.amountOf(text, Ccy, 'Bal/Amt')))
      .on(`${path}/Bal/CdtDbtInd`, (text) => (this.balance.direction = directions[text]));
  }

  /** Sums without a currency: they are in that of the account. */
  private describeSummary(tree: ElementTree, path: string): void {
    for (const [element, name] of summaries) {
      tree
        .on(
          `${path}/TxsSummry/${element}/NbOfNtries`,
          (text) => (this.sumOf(name).count = readCount(text, 'NbOfNtries')),
        )
        .on(
          `${path}/TxsSummry/${element}/Sum`,
          (text) => (this.sumOf(name).sum = readAmount(text, this.currency, `TxsSummry/${element}`)),
        );
    }
  }

  private sumOf(name: keyof CamtSummary): CamtSum {
    const summary = (this.document.summary ??= { entries: null, credits: null, debits: null });
    return (summary[name] ??= { count: null, sum: null });
  }

  private describeEntry(tree: ElementTree, path: string): void {
    const status = (text: string) => (this.entry.status ||= text);
    const day = (text: string) => (this.entry.bookedOn ||= readDay(text, 'BookgDt'));
    const batch = () => this.batch!;
    tree
      .on(path, { enter: () => this.startEntry(), leave: () => this.emitEntry() })
      .on(`${path}/Amt`, (text, { Ccy }) => (this.entry.amount = this.amountOf(text, Ccy, 'Ntry/Amt')))
      .on(`${path}/CdtDbtInd`, (text) => (this.entry.direction = directions[text]))
      .on(`${path}/Sts`, status)
      .on(`${path}/Sts/Cd`, status)
      .on(`${path}/BookgDt/Dt`, day)
      .on(`${path}/BookgDt/DtTm`, day)
      .on(`${path}/NtryRef`, (text) => (this.entry.reference ??= text))
      .on(`${path}/AcctSvcrRef`, (text) => (this.entry.reference = text))
      .on(`${path}/NtryDtls`, { enter: () => (this.batch = null) })
      .on(`${path}/NtryDtls/Btch`, { enter: () => this.startBatch() })
      .on(`${path}/NtryDtls/Btch/MsgId`, (text) => (batch().messageId = text))
      .on(`${path}/NtryDtls/Btch/NbOfTxs`, (text) => (batch().count = readCount(text, 'NbOfTxs')))
      .on(
        `${path}/NtryDtls/Btch/TtlAmt`,
        (text, { Ccy }) => (batch().total = this.amountOf(text, Ccy, 'TtlAmt')),
      );
  }

  private describeTransaction(tree: ElementTree, path: string): void {
    const creditor = (text: string) => (this.transaction.creditorAccount = text);
    const debtor = (text: string) => (this.transaction.debtorAccount = text);
    const reason = (text: string) => (this.transaction.reason = text);
    const bin = 'FinInstnId/ClrSysMmbId/MmbId';
    tree
      .on(path, { isRecord: true, enter: () => (this.transaction = {}), leave: () => this.endTransaction() })
      .on(`${path}/Refs/EndToEndId`, (text) => (this.transaction.endToEndId = text))
      .on(`${path}/Refs/AcctSvcrRef`, (text) => (this.transaction.reference = text))
      .on(`${path}/Refs/MsgId`, (text) => (this.transaction.messageId = text))
      .on(
        `${path}/Amt`,
        (text, { Ccy }) => (this.transaction.amount = this.amountOf(text, Ccy, 'TxDtls/Amt')),
      )
      // Before version 08 the amount stood deeper.
      .on(`${path}/AmtDtls/TxAmt/Amt`, (text, attributes) => this.keepDetailedAmount(text, attributes))
      .on(`${path}/CdtDbtInd`, (text) => (this.transaction.direction = directions[text]))
      .on(`${path}/RltdPties/CdtrAcct/Id/Othr/Id`, creditor)
      .on(`${path}/RltdPties/CdtrAcct/Id/IBAN`, creditor)
      .on(`${path}/RltdPties/DbtrAcct/Id/Othr/Id`, debtor)
      .on(`${path}/RltdPties/DbtrAcct/Id/IBAN`, debtor)
      .on(`${path}/RltdAgts/CdtrAgt/${bin}`, (text) => (this.transaction.creditorBin = text))
      .on(`${path}/RltdAgts/DbtrAgt/${bin}`, (text) => (this.transaction.debtorBin = text))
      .on(`${path}/RtrInf/Rsn/Cd`, reason)
      .on(`${path}/RtrInf/Rsn/Prtry`, reason);
  }

  private amountOf(text: string, currency: string | undefined, element: string): bigint {
    return readAmountIn(this.currency, text, currency, element);
  }

  private keepDetailedAmount(text: string, { Ccy }: Attributes): void {
    if (Ccy === this.currency) this.transaction.amount ??= readAmount(text, Ccy, 'TxAmt/Amt');
  }

  private startDocument(type: CamtDocument['type']): void {
    this.document = { type };
    this.isAnnounced = false;
  }

  private keepBalance(): void {
    const { type, amount, direction } = this.balance;
    if (amount === undefined) return;
    const signed = direction === 'debit' ? -amount : amount;
    if (type === 'OPBD') this.document.opening = signed;
    // Yesterday's closing balance, where the bank gives no opening one.
    if (type === 'PRCD') this.document.opening ??= signed;
    if (type === 'CLBD') this.document.closing = signed;
  }

  /** What stands before the first entry, or all of it where there is no entry. */
  private announce(): void {
    if (this.isAnnounced) return;
    this.isAnnounced = true;
    const { type, id, createdAt, account, servicer, currency, sequence, opening, closing, summary } =
      this.document;
    this.emit({
      kind: 'document',
      type: type!,
      version: this.version,
      messageId: required(this.messageId, 'GrpHdr/MsgId'),
      id: required(id, 'Id'),
      createdAt: readInstant(required(createdAt, 'CreDtTm'), 'CreDtTm'),
      account: required(account, 'Acct'),
      servicer: servicer ?? null,
      currency: currency ?? null,
      sequence: sequence ?? null,
      opening: opening ?? null,
      closing: closing ?? null,
      summary: summary ?? null,
    });
  }

  private startEntry(): void {
    this.announce();
    this.entry = emptyEntry();
    this.withoutAmount = undefined;
  }

  private startBatch(): void {
    this.batch = { messageId: null, count: null, total: null, told: { count: 0, total: 0n } };
    this.entry.batches.push(this.batch);
  }

  private endTransaction(): void {
    this.entry.transactions += 1;
    if (this.withoutAmount) throw new Iso20022Error('MISSING_ELEMENT', 'is missing', 'TxDtls/Amt');
    if (this.transaction.amount === undefined) this.withoutAmount = this.transaction;
    else this.emitTransaction(this.transaction, this.transaction.amount);
  }

  private emitTransaction(transaction: GatheredTransaction, amount: bigint): void {
    const direction = required(transaction.direction ?? this.entry.direction, 'TxDtls/CdtDbtInd');
    const { endToEndId, reason, creditorAccount, debtorAccount, creditorBin, debtorBin } = transaction;
    this.count(amount);
    const isToCreditor = direction === 'debit' || reason !== undefined;
    this.emit({
      kind: 'transaction',
      endToEndId: endToEndId && endToEndId !== 'NOTPROVIDED' ? endToEndId : null,
      amount,
      direction,
      status: required(this.entry.status, 'Ntry/Sts'),
      bookedOn: this.entry.bookedOn ?? null,
      reference: transaction.reference ?? this.entry.reference ?? null,
      messageId: transaction.messageId ?? this.entry.batches.at(-1)?.messageId ?? null,
      account: (isToCreditor ? creditorAccount : debtorAccount) ?? null,
      bin: (isToCreditor ? creditorBin : debtorBin) ?? null,
      reason: reason ?? null,
    });
  }

  private count(amount: bigint): void {
    if (!this.batch) return;
    this.batch.told.count += 1;
    this.batch.told.total += amount;
  }

  private emitEntry(): void {
    const amount = required(this.entry.amount, 'Ntry/Amt');
    if (this.withoutAmount) {
      if (this.entry.transactions > 1) throw new Iso20022Error('MISSING_ELEMENT', 'is missing', 'TxDtls/Amt');
      this.emitTransaction(this.withoutAmount, amount);
    }
    this.emit({
      kind: 'entry',
      amount,
      direction: required(this.entry.direction, 'Ntry/CdtDbtInd'),
      status: required(this.entry.status, 'Ntry/Sts'),
      bookedOn: this.entry.bookedOn ?? null,
      reference: this.entry.reference ?? null,
      batches: this.entry.batches,
      transactions: this.entry.transactions,
    });
  }

  private checkKind(): void {
    if (!this.isKnown)
      throw new Iso20022Error('UNSUPPORTED_MESSAGE', 'is no report, statement or notification');
  }
}

function emptyEntry(): { batches: CamtBatch[]; transactions: number } {
  return { batches: [], transactions: 0 };
}
