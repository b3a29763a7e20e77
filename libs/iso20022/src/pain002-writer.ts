import { checkIdentifier, checkInstant, checkText } from './characters.js';
import { compileTemplate, escapeText, hole, renderAround, slot } from './template.js';

/** The bank's answer to one pain.001, as far as it concerns the whole message. */
export interface Pain002Header {
  messageId: string;
  createdAt: string;
  originalMessageId: string;
  /** As the original says it, e.g. `pain.001.001.10`. */
  originalMessageName: string;
  originalPaymentInformationId: string;
  originalCount: number;
  /** ACTC: all accepted; PART: but for those listed; RJCT: none. */
  groupStatus: 'ACTC' | 'PART' | 'RJCT';
  /** External status reason code for the whole message, e.g. `AM04`. */
  groupReason?: string;
}

/** A transaction that is refused, with the external status reason code that says why. */
export interface RefusedTransaction {
  endToEndId: string;
  reason: string;
}

const refusal = compileTemplate<'endToEndId' | 'reason'>({
  TxInfAndSts: {
    OrgnlEndToEndId: slot('endToEndId'),
    TxSts: 'RJCT',
    StsRsnInf: { Rsn: { Cd: slot('reason') } },
  },
});

/**
 * Writes a payment status report (pain.002.001.11) that lists only what is refused.
 * The same arguments give the same bytes.
 */
export function writePain002(header: Pain002Header, refused: Iterable<RefusedTransaction>): Buffer {
  const parts: string[] = [];
  for (const { endToEndId, reason } of refused) {
    parts.push(
      refusal({
        endToEndId: escapeText(checkText(endToEndId, 35, 'OrgnlEndToEndId')),
        reason: escapeText(checkText(reason, 4, 'StsRsnInf')),
      }),
    );
  }
  const [before, after] = renderAround({
    Document: {
      '@xmlns': 'urn:iso:std:iso:20022:tech:xsd:pain.002.001.11',
      CstmrPmtStsRpt: {
        GrpHdr: {
          MsgId: checkIdentifier(header.messageId, 'MsgId'),
          CreDtTm: checkInstant(header.createdAt, 'CreDtTm'),
        },
        OrgnlGrpInfAndSts: {
          OrgnlMsgId: checkText(header.originalMessageId, 35, 'OrgnlMsgId'),
          OrgnlMsgNmId: checkText(header.originalMessageName, 35, 'OrgnlMsgNmId'),
          OrgnlNbOfTxs: String(header.originalCount),
          GrpSts: header.groupStatus,
          ...(header.groupReason && {
            StsRsnInf: { Rsn: { Cd: checkText(header.groupReason, 4, 'StsRsnInf') } },
          }),
        },
        OrgnlPmtInfAndSts: {
          OrgnlPmtInfId: checkText(header.originalPaymentInformationId, 35, 'OrgnlPmtInfId'),
          ...hole,
        },
      },
    },
  });
  return Buffer.from(before + parts.join('') + after);
}
