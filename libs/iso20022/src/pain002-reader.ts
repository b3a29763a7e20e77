import { readInstant } from './characters.js';
import { type ElementTree, readElements, versionOf, type XmlSource } from './element-reader.js';
import { Iso20022Error } from './iso20022-error.js';
import { required } from './required.js';

/** What a pain.002 says. Statuses and reasons are the external codes as the bank wrote them. */
export type Pain002Event =
  | {
      kind: 'report';
      version: string | null;
      messageId: string;
      createdAt: string;
      /** The message that is answered. */
      originalMessageId: string;
      /** ACTC, ACCP, ACSP, ACSC, PART, PDNG, RJCT…; null where the report speaks of transactions alone. */
      groupStatus: string | null;
      groupReason: string | null;
    }
  | { kind: 'paymentInformation'; id: string; status: string | null; reason: string | null }
  | {
      kind: 'transaction';
      endToEndId: string;
      status: string;
      reason: string | null;
      /** The bank's own words. */
      detail: string | null;
    };

/**
 * Reads a payment status report of any version: arrays of events, one array a piece of input.
 * A `paymentInformation` comes before its transactions, and only where it has a status of its own.
 * @throws Iso20022Error for what is not such a message
 */
export function parsePain002(source: XmlSource): AsyncGenerator<Pain002Event[]> {
  return readElements(source, (tree, emit) => new Pain002Reader(emit).describe(tree));
}

interface Status {
  id?: string;
  status?: string;
  reason?: string;
  detail?: string;
}

const report = 'CstmrPmtStsRpt';
const group = `${report}/OrgnlGrpInfAndSts`;
const payment = `${report}/OrgnlPmtInfAndSts`;
const transaction = `${payment}/TxInfAndSts`;

class Pain002Reader {
  private version: string | null = null;
  private messageId: string | undefined;
  private createdAt: string | undefined;
  private group: Status = {};
  private payment: Status = {};
  private transaction: Status = {};

  constructor(private readonly emit: (event: Pain002Event) => void) {}

  describe(tree: ElementTree): void {
    tree
      .on('', {
        enter: (attributes) => (this.version = versionOf(attributes)),
        leave: () => this.checkKind(),
      })
      .on(`${report}/GrpHdr/MsgId`, (text) => (this.messageId = text))
      .on(`${report}/GrpHdr/CreDtTm`, (text) => (this.createdAt = text))
      .on(group, { leave: () => this.emitReport() })
      .on(`${group}/OrgnlMsgId`, (text) => (this.group.id = text))
      .on(`${group}/GrpSts`, (text) => (this.group.status = text))
      .on(payment, { enter: () => (this.payment = {}), leave: () => this.emitPayment() })
      .on(`${payment}/OrgnlPmtInfId`, (text) => (this.payment.id = text))
      .on(`${payment}/PmtInfSts`, (text) => (this.payment.status = text))
      .on(transaction, {
        isRecord: true,
        enter: () => this.startTransaction(),
        leave: () => this.emitTransaction(),
      })
      .on(`${transaction}/OrgnlEndToEndId`, (text) => (this.transaction.id = text))
      .on(`${transaction}/TxSts`, (text) => (this.transaction.status = text));
    this.describeReason(tree, group, () => this.group);
    this.describeReason(tree, payment, () => this.payment);
    this.describeReason(tree, transaction, () => this.transaction);
  }

  private describeReason(tree: ElementTree, path: string, of: () => Status): void {
    const reason = (text: string) => (of().reason ??= text);
    tree
      .on(`${path}/StsRsnInf/Rsn/Cd`, reason)
      .on(`${path}/StsRsnInf/Rsn/Prtry`, reason)
      .on(`${path}/StsRsnInf/AddtlInf`, (text) => {
        const before = of().detail;
        of().detail = before ? `${before} ${text}` : text;
      });
  }

  private emitReport(): void {
    this.emit({
      kind: 'report',
      version: this.version,
      messageId: required(this.messageId, 'GrpHdr/MsgId'),
      createdAt: readInstant(required(this.createdAt, 'GrpHdr/CreDtTm'), 'GrpHdr/CreDtTm'),
      originalMessageId: required(this.group.id, 'OrgnlMsgId'),
      groupStatus: this.group.status ?? null,
      groupReason: this.group.reason ?? null,
    });
  }

  private startTransaction(): void {
    this.emitPayment();
    this.transaction = {};
  }

  /** Once: before the first transaction, or at the end where there is none. */
  private emitPayment(): void {
    const { id, status, reason } = this.payment;
    this.payment = {};
    if (id && status) this.emit({ kind: 'paymentInformation', id, status, reason: reason ?? null });
  }

  private emitTransaction(): void {
    const { id, status, reason, detail } = this.transaction;
    this.emit({
      kind: 'transaction',
      endToEndId: required(id, 'OrgnlEndToEndId'),
      status: required(status, `TxInfAndSts[${id}]/TxSts`),
      reason: reason ?? null,
      detail: detail ?? null,
    });
  }

  private checkKind(): void {
    if (this.messageId === undefined) throw new Iso20022Error('UNSUPPORTED_MESSAGE', 'is not a pain.002');
  }
}
