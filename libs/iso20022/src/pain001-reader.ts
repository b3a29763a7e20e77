import { readAmount, readAmountIn, readCount } from './amount.js';
import { readDay, readInstant } from './characters.js';
import { type ElementTree, readElements, versionOf, type XmlSource } from './element-reader.js';
import { Iso20022Error } from './iso20022-error.js';
import { required } from './required.js';

/** What a pain.001 says, in the order in which it says it. Amounts in đồng. */
export type Pain001Event =
  | {
      kind: 'header';
      /** E.g. `pain.001.001.10`; null where the document names no namespace. */
      version: string | null;
      messageId: string;
      createdAt: string;
      count: number;
      total: bigint | null;
      initiatingParty: string | null;
    }
  | {
      kind: 'paymentInformation';
      id: string;
      executionOn: string;
      debtorName: string | null;
      debtorAccount: string;
      debtorAgentBin: string | null;
    }
  | {
      kind: 'transaction';
      endToEndId: string;
      amount: bigint;
      creditorName: string | null;
      creditorAccount: string;
      creditorBin: string | null;
      remittance: string | null;
    };

type Gathered<Kind extends Pain001Event['kind']> = Partial<Extract<Pain001Event, { kind: Kind }>>;

/**
 * Reads a customer credit transfer initiation of any version: arrays of events, one array a piece of input.
 * The header's count and sum are compared at the end, when everything has been read.
 * @throws Iso20022Error for what is not such a message, an amount that is not whole đồng, or a wrong count or sum
 */
export function parsePain001(source: XmlSource): AsyncGenerator<Pain001Event[]> {
  return readElements(source, (tree, emit) => new Pain001Reader(emit).describe(tree));
}

const currency = 'VND';
const group = 'CstmrCdtTrfInitn/GrpHdr';
const payment = 'CstmrCdtTrfInitn/PmtInf';
const credit = `${payment}/CdtTrfTxInf`;

class Pain001Reader {
  private version: string | null = null;
  private header: Gathered<'header'> = {};
  private payer: Gathered<'paymentInformation'> = {};
  private isPayerKnown = false;
  private transfer: Gathered<'transaction'> = {};
  private count = 0;
  private total = 0n;

  constructor(private readonly emit: (event: Pain001Event) => void) {}

  describe(tree: ElementTree): void {
    tree.on('', {
      enter: (attributes) => (this.version = versionOf(attributes)),
      leave: () => this.compareSums(),
    });
    this.describeHeader(tree);
    this.describePayer(tree);
    this.describeTransfer(tree);
  }

  private describeHeader(tree: ElementTree): void {
    tree
      .on(`${group}/MsgId`, (text) => (this.header.messageId = text))
      .on(`${group}/CreDtTm`, (text) => (this.header.createdAt = text))
      .on(`${group}/NbOfTxs`, (text) => (this.header.count = readCount(text, 'NbOfTxs')))
      .on(`${group}/CtrlSum`, (text) => (this.header.total = readAmount(text, currency, 'CtrlSum')))
      .on(`${group}/InitgPty/Nm`, (text) => (this.header.initiatingParty = text))
      .on(group, { leave: () => this.emitHeader() });
  }

  private describePayer(tree: ElementTree): void {
    const executionOn = (text: string) => (this.payer.executionOn ||= text);
    const account = (text: string) => (this.payer.debtorAccount = text);
    tree
      .on(payment, { enter: () => this.startPayer() })
      .on(`${payment}/PmtInfId`, (text) => (this.payer.id = text))
      .on(`${payment}/ReqdExctnDt`, executionOn)
      .on(`${payment}/ReqdExctnDt/Dt`, executionOn)
      .on(`${payment}/ReqdExctnDt/DtTm`, executionOn)
      .on(`${payment}/Dbtr/Nm`, (text) => (this.payer.debtorName = text))
      .on(`${payment}/DbtrAcct/Id/Othr/Id`, account)
      .on(`${payment}/DbtrAcct/Id/IBAN`, account)
      .on(`${payment}/DbtrAgt/FinInstnId/ClrSysMmbId/MmbId`, (text) => (this.payer.debtorAgentBin = text));
  }

  private describeTransfer(tree: ElementTree): void {
    const account = (text: string) => (this.transfer.creditorAccount = text);
    tree
      .on(credit, { isRecord: true, enter: () => this.startTransfer(), leave: () => this.emitTransfer() })
      .on(`${credit}/PmtId/EndToEndId`, (text) => (this.transfer.endToEndId = text))
      .on(`${credit}/Amt/InstdAmt`, (text, { Ccy }) => {
        this.transfer.amount = readAmountIn(currency, text, Ccy, 'InstdAmt');
      })
      .on(`${credit}/Cdtr/Nm`, (text) => (this.transfer.creditorName = text))
      .on(`${credit}/CdtrAcct/Id/Othr/Id`, account)
      .on(`${credit}/CdtrAcct/Id/IBAN`, account)
      .on(`${credit}/CdtrAgt/FinInstnId/ClrSysMmbId/MmbId`, (text) => (this.transfer.creditorBin = text))
      .on(`${credit}/RmtInf/Ustrd`, (text) => (this.transfer.remittance = text));
  }

  private emitHeader(): void {
    this.emit({
      kind: 'header',
      version: this.version,
      messageId: required(this.header.messageId, 'GrpHdr/MsgId'),
      createdAt: readInstant(required(this.header.createdAt, 'GrpHdr/CreDtTm'), 'GrpHdr/CreDtTm'),
      count: required(this.header.count, 'GrpHdr/NbOfTxs'),
      total: this.header.total ?? null,
      initiatingParty: this.header.initiatingParty ?? null,
    });
  }

  private startPayer(): void {
    this.payer = {};
    this.isPayerKnown = false;
  }

  /** The payer stands before the transactions, which follow without an element around them. */
  private startTransfer(): void {
    this.transfer = {};
    if (this.isPayerKnown) return;
    this.isPayerKnown = true;
    this.emit({
      kind: 'paymentInformation',
      id: required(this.payer.id, 'PmtInfId'),
      executionOn: readDay(required(this.payer.executionOn, 'ReqdExctnDt'), 'ReqdExctnDt'),
      debtorName: this.payer.debtorName ?? null,
      debtorAccount: required(this.payer.debtorAccount, 'DbtrAcct'),
      debtorAgentBin: this.payer.debtorAgentBin ?? null,
    });
  }

  private emitTransfer(): void {
    const endToEndId = required(this.transfer.endToEndId, 'EndToEndId');
    const amount = required(this.transfer.amount, `CdtTrfTxInf[${endToEndId}]/InstdAmt`);
    this.count += 1;
    this.total += amount;
    this.emit({
      kind: 'transaction',
      endToEndId,
      amount,
      creditorName: this.transfer.creditorName ?? null,
      creditorAccount: required(this.transfer.creditorAccount, `CdtTrfTxInf[${endToEndId}]/CdtrAcct`),
      creditorBin: this.transfer.creditorBin ?? null,
      remittance: this.transfer.remittance ?? null,
    });
  }

  private compareSums(): void {
    const { messageId, count, total } = this.header;
    if (messageId === undefined) throw new Iso20022Error('UNSUPPORTED_MESSAGE', 'is not a pain.001');
    if (count === this.count && (total ?? this.total) === this.total) return;
    throw new Iso20022Error(
      'COUNT_MISMATCH',
      `says ${count} payments of ${total ?? 'no sum'}, has ${this.count} of ${this.total}`,
      'GrpHdr',
    );
  }
}
