import { ByteText } from '@ansinh/copy-text';
import { writeAmount } from './amount.js';
import { type TextRule, writeBankText } from './bank-text.js';
import { checkDay, checkIdentifier, checkInstant, checkText } from './characters.js';
import { Iso20022Error } from './iso20022-error.js';
import { compileTemplate, escapeText, hole, renderAround, type Shape, slot } from './template.js';

/** What a bank wants to see in place of the standard. */
export interface BankProfile {
  /** `pain.001.001.10` unless the bank still takes only the older one. */
  version: 'pain.001.001.03' | 'pain.001.001.10';
  text: TextRule;
  /** Characters; the standard allows 140 of each. */
  nameLengthMax: number;
  remittanceLengthMax: number;
  /** External purpose code that each payment carries, e.g. `SSBE`. */
  purposeCode: string | null;
  /** Each payment carries the payee's town and country. */
  withAddress: boolean;
}

/** By the standard, in full Vietnamese. */
export const standardProfile: Readonly<BankProfile> = Object.freeze({
  version: 'pain.001.001.10',
  text: Object.freeze({ fold: 'none', letters: 'asIs', allowed: null }),
  nameLengthMax: 140,
  remittanceLengthMax: 140,
  purposeCode: null,
  withAddress: false,
});

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
  /** {@link standardProfile} unless given. */
  profile?: BankProfile;
}

/** One payment instruction. `amount` in đồng. */
export interface CreditTransfer {
  endToEndId: string;
  amount: bigint;
  creditorName: string;
  creditorAccount: string;
  creditorBin: string;
  /** Name of the commune or ward; needed where the profile asks for an address. */
  creditorTown?: string | null;
  remittance?: string | null;
}

type TransferSlot = 'endToEndId' | 'amount' | 'bin' | 'name' | 'town' | 'account' | 'purpose' | 'remittance';
type TransferTemplate = (values: Record<TransferSlot, string>) => string;

/** Towns and codes of the standard. */
const townLengthMax = 35;
const templates = new Map<string, TransferTemplate>();

/** A template for each set of parts that a payment may leave out. */
function templateFor(town: boolean, purpose: boolean, remittance: boolean): TransferTemplate {
  const key = `${town}${purpose}${remittance}`;
  let template = templates.get(key);
  if (!template) {
    template = compileTemplate<TransferSlot>({
      CdtTrfTxInf: {
        PmtId: { EndToEndId: slot('endToEndId') },
        Amt: { InstdAmt: { '@Ccy': 'VND', '#text': slot('amount') } },
        CdtrAgt: { FinInstnId: { ClrSysMmbId: { MmbId: slot('bin') } } },
        Cdtr: { Nm: slot('name'), ...(town && { PstlAdr: { TwnNm: slot('town'), Ctry: 'VN' } }) },
        CdtrAcct: { Id: { Othr: { Id: slot('account') } } },
        ...(purpose && { Purp: { Cd: slot('purpose') } }),
        ...(remittance && { RmtInf: { Ustrd: slot('remittance') } }),
      },
    });
    templates.set(key, template);
  }
  return template;
}

/** Messages are made one after the other, each from beginning to end. */
const written = new ByteText();

/**
 * Writes a customer credit transfer initiation (pain.001), valid by its schema, UTF-8, without white space.
 * The same arguments give the same bytes. Memory: the whole message, so at most some 5,000 transactions.
 * @throws Iso20022Error INVALID_VALUE or INVALID_AMOUNT naming the element and the end-to-end id
 */
export function writePain001(header: Pain001Header, transactions: Iterable<CreditTransfer>): Buffer {
  const profile = header.profile ?? standardProfile;
  written.clear();
  let count = 0;
  let total = 0n;
  for (const transfer of transactions) {
    written.add(writeTransfer(transfer, profile));
    count += 1;
    total += transfer.amount;
  }
  if (count === 0) throw new Iso20022Error('INVALID_VALUE', 'has no transaction', 'CdtTrfTxInf');
  const [before, after] = renderAround(messageShape(header, count, total, profile));
  return Buffer.concat([Buffer.from(before), written.take(), Buffer.from(after)]);
}

function writeTransfer(transfer: CreditTransfer, profile: BankProfile): string {
  const { endToEndId, remittance } = transfer;
  const at = (element: string) => `CdtTrfTxInf[${endToEndId}]/${element}`;
  const { text, nameLengthMax, remittanceLengthMax, purposeCode, withAddress } = profile;
  const values = {
    endToEndId: escapeText(checkIdentifier(endToEndId, 'EndToEndId')),
    amount: writeAmount(transfer.amount, at('InstdAmt')),
    bin: escapeText(checkText(transfer.creditorBin, 35, at('MmbId'))),
    name: escapeText(textFor(transfer.creditorName, text, nameLengthMax, at('Cdtr/Nm'))),
    town: withAddress
      ? escapeText(textFor(transfer.creditorTown ?? '', text, townLengthMax, at('TwnNm')))
      : '',
    account: escapeText(checkText(transfer.creditorAccount, 34, at('CdtrAcct'))),
    purpose: purposeCode === null ? '' : escapeText(checkText(purposeCode, 4, at('Purp'))),
    // A remittance of which the bank can read nothing is left out: the payment does not depend on it.
    remittance: remittance
      ? escapeText(writeBankText(checkText(remittance, 140, at('Ustrd')), text, remittanceLengthMax))
      : '',
  };
  return templateFor(withAddress, purposeCode !== null, values.remittance !== '')(values);
}

/** The standard's own limit comes first: a text that breaks it is a defect, one that the bank wants shorter is not. */
function textFor(text: string, rule: TextRule, lengthMax: number, element: string): string {
  return checkText(writeBankText(checkText(text, 140, element), rule, lengthMax), lengthMax, element);
}

function messageShape(header: Pain001Header, count: number, total: bigint, profile: BankProfile): Shape {
  const { version } = profile;
  const executionOn = checkDay(header.executionOn, 'ReqdExctnDt');
  const { organisationId } = header.initiatingParty;
  const name = (text: string, element: string) => textFor(text, profile.text, profile.nameLengthMax, element);
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
