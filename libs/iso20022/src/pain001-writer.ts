import { toBankAscii } from '@ansinh/identity';
import { writeAmount } from './amount.js';
import { checkDay, checkIdentifier, checkInstant, checkText } from './characters.js';
import { Iso20022Error } from './iso20022-error.js';
import { compileTemplate, escapeText, hole, renderAround, type Shape, slot } from './template.js';

/** What a bank wants to see in place of the standard. */
export interface BankProfile {
  /** `pain.001.001.10` unless the bank still takes only the older one. */
  version?: 'pain.001.001.03' | 'pain.001.001.10';
  /** Names and remittance in capitals of the common set; otherwise in full Vietnamese. */
  asciiNames?: boolean;
}

export interface Pain001Header {
  /** Unique for ever at the bank: a second message of that id is the first one again. 1–35 characters. */
  messageId: string;
  /** An instant with its offset. The same chunk must give the same instant, or its bytes differ. */
  createdAt: string;
  /** `organisationId` is the budget unit's code (mã ĐVQHNS). */
  initiatingParty: { name: string; organisationId?: string };
  paymentInformationId: string;
  /** Day on which the bank is to pay, YYYY-MM-DD. */
  executionOn: string;
  /** `agentBin` is the payer's own bank by its six-digit NAPAS number. */
  debtor: { name: string; account: string; agentBin: string };
  /** External category purpose code; `SSBE` (social security benefit) unless given. */
  categoryPurpose?: string;
  profile?: BankProfile;
}

/** One payment instruction. `amount` in đồng. */
export interface CreditTransfer {
  endToEndId: string;
  amount: bigint;
  creditorName: string;
  creditorAccount: string;
  creditorBin: string;
  remittance?: string | null;
}

const transferShape: Shape = {
  PmtId: { EndToEndId: slot('endToEndId') },
  Amt: { InstdAmt: { '@Ccy': 'VND', '#text': slot('amount') } },
  CdtrAgt: { FinInstnId: { ClrSysMmbId: { MmbId: slot('bin') } } },
  Cdtr: { Nm: slot('name') },
  CdtrAcct: { Id: { Othr: { Id: slot('account') } } },
};
type TransferSlot = 'endToEndId' | 'amount' | 'bin' | 'name' | 'account' | 'remittance';
const plainTransfer = compileTemplate<TransferSlot>({ CdtTrfTxInf: transferShape });
const transferWithRemittance = compileTemplate<TransferSlot>({
  CdtTrfTxInf: { ...transferShape, RmtInf: { Ustrd: slot('remittance') } },
});

/**
 * Writes a customer credit transfer initiation (pain.001), valid by its schema, UTF-8, without white space.
 * The same arguments give the same bytes. Memory: the whole message, so at most some 5,000 transactions.
 * @throws Iso20022Error INVALID_VALUE or INVALID_AMOUNT naming the element and the end-to-end id
 */
export function writePain001(header: Pain001Header, transactions: Iterable<CreditTransfer>): Buffer {
  const asciiNames = header.profile?.asciiNames ?? false;
  const parts: string[] = [];
  let total = 0n;
  for (const transfer of transactions) {
    parts.push(writeTransfer(transfer, asciiNames));
    total += transfer.amount;
  }
  if (parts.length === 0) throw new Iso20022Error('INVALID_VALUE', 'has no transaction', 'CdtTrfTxInf');
  const [before, after] = renderAround(messageShape(header, parts.length, total, asciiNames));
  return Buffer.from(before + parts.join('') + after);
}

function writeTransfer(transfer: CreditTransfer, asciiNames: boolean): string {
  const { endToEndId, remittance } = transfer;
  const at = (element: string) => `CdtTrfTxInf[${endToEndId}]/${element}`;
  const values = {
    endToEndId: escapeText(checkIdentifier(endToEndId, 'EndToEndId')),
    amount: writeAmount(transfer.amount, at('InstdAmt')),
    bin: escapeText(checkText(transfer.creditorBin, 35, at('MmbId'))),
    name: nameOf(transfer.creditorName, asciiNames, at('Cdtr/Nm')),
    account: escapeText(checkText(transfer.creditorAccount, 34, at('CdtrAcct'))),
    remittance: remittance ? nameOf(remittance, asciiNames, at('Ustrd')) : '',
  };
  return values.remittance ? transferWithRemittance(values) : plainTransfer(values);
}

function nameOf(name: string, asciiNames: boolean, element: string): string {
  const checked = checkText(name, 140, element);
  return escapeText(asciiNames ? checkText(toBankAscii(checked), 140, element) : checked);
}

function messageShape(header: Pain001Header, count: number, total: bigint, asciiNames: boolean): Shape {
  const version = header.profile?.version ?? 'pain.001.001.10';
  const executionOn = checkDay(header.executionOn, 'ReqdExctnDt');
  const { organisationId } = header.initiatingParty;
  const name = (text: string, element: string) => {
    const checked = checkText(text, 140, element);
    return asciiNames ? checkText(toBankAscii(checked), 140, element) : checked;
  };
  const sums = { NbOfTxs: String(count), CtrlSum: writeAmount(total, 'CtrlSum') };
  return {
    Document: {
      '@xmlns': `urn:iso:std:iso:20022:tech:xsd:${version}`,
      CstmrCdtTrfInitn: {
        GrpHdr: {
          MsgId: checkIdentifier(header.messageId, 'MsgId'),
          CreDtTm: checkInstant(header.createdAt, 'CreDtTm'),
          ...sums,
          InitgPty: {
            Nm: name(header.initiatingParty.name, 'InitgPty/Nm'),
            ...(organisationId && {
              Id: { OrgId: { Othr: { Id: checkText(organisationId, 35, 'InitgPty/Id') } } },
            }),
          },
        },
        PmtInf: {
          PmtInfId: checkIdentifier(header.paymentInformationId, 'PmtInfId'),
          PmtMtd: 'TRF',
          BtchBookg: 'true',
          ...sums,
          PmtTpInf: { CtgyPurp: { Cd: checkText(header.categoryPurpose ?? 'SSBE', 4, 'CtgyPurp') } },
          // The choice between a day and an instant came after version 03.
          ReqdExctnDt: version === 'pain.001.001.03' ? executionOn : { Dt: executionOn },
          Dbtr: { Nm: name(header.debtor.name, 'Dbtr/Nm') },
          DbtrAcct: {
            Id: { Othr: { Id: checkText(header.debtor.account, 34, 'DbtrAcct'), SchmeNm: { Cd: 'BBAN' } } },
            Ccy: 'VND',
          },
          DbtrAgt: {
            FinInstnId: { ClrSysMmbId: { MmbId: checkText(header.debtor.agentBin, 35, 'DbtrAgt') } },
          },
          ChrgBr: 'DEBT',
          ...hole,
        },
      },
    },
  };
}
