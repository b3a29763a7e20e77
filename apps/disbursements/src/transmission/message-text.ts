import { createHash } from 'node:crypto';
import { type BankProfile, type CreditTransfer, writePain001 } from '@ansinh/iso20022';
import { findPlace } from '@ansinh/places';
import type { Sealer } from '@ansinh/sealing';
import { endToEndId } from '../batch/batch-code.js';
import { lineReader, type SealedBlock, type SealedLine } from '../list-import/sealed-lines.js';

/** What the message of a chunk is made of, in a form that can be handed to another thread. */
export interface MessageParts {
  batchNumber: string;
  messageId: string;
  /** An instant with the offset of Viet Nam. */
  createdAt: string;
  payer: { name: string; account: string; agentBin: string };
  profile: BankProfile;
  /** Row, amount, signed hash of the account, bank, place, name and remittance, if any: between U+001F; payments between U+001E. */
  payments: string;
  blocks: SealedBlock[];
}

export interface WrittenMessage {
  message: Uint8Array;
  /** SHA-256 of it. */
  digest: string;
}

/** @throws Error when a line has no account or not the one that was signed, Iso20022Error when a value may not travel */
export function writeMessage(parts: MessageParts, sealer: Sealer): WrittenMessage {
  const { batchNumber, messageId, createdAt, payer, profile } = parts;
  const executionOn = createdAt.slice(0, 10);
  const lineOf = lineReader(sealer, batchNumber, parts.blocks);
  // One by one: what is kept of thousands costs the collector of garbage more than the writing.
  function* transfers(): Generator<CreditTransfer> {
    for (const text of parts.payments.split('\u001e'))
      yield transferOf(text, { batchNumber, lineOf, sealer, on: executionOn });
  }
  const message = writePain001(
    {
      messageId,
      createdAt,
      initiatingParty: { name: payer.name },
      paymentInformationId: messageId,
      executionOn,
      debtor: payer,
      profile,
    },
    transfers(),
  );
  return { message, digest: createHash('sha256').update(message).digest('hex') };
}

interface Opened {
  batchNumber: string;
  lineOf: (row: number) => SealedLine | undefined;
  sealer: Sealer;
  on: string;
}

function transferOf(text: string, { batchNumber, lineOf, sealer, on }: Opened): CreditTransfer {
  const [rowNo, amount, accountKey, bankBin, placeCode, payeeName, remittance = null] = text.split('\u001f');
  const row = Number(rowNo);
  const line = lineOf(row);
  if (!line?.account) throw new Error(`row ${row} of batch ${batchNumber} has no account`);
  // Checkers signed the keyed hash. An older block of this place opens as well: its accounts must not be paid.
  if (sealer.lookupKey('account', `${bankBin}|${line.account}`) !== accountKey) {
    throw new Error(`row ${row} of batch ${batchNumber} has not the account that was signed`);
  }
  return {
    endToEndId: endToEndId(batchNumber, row),
    amount: BigInt(amount!),
    creditorName: payeeName!,
    creditorAccount: line.account,
    creditorBin: bankBin!,
    creditorTown: townOf(placeCode!, on),
    remittance,
  };
}

/** What the place was called on that day: a code may be another place's later, the message stays as it was. */
function townOf(placeCode: string, on: string): string | null {
  return (findPlace(placeCode, on) ?? findPlace(placeCode))?.name ?? null;
}
