import { workerData } from 'node:worker_threads';
import { Iso20022Error, type Iso20022ErrorCode } from '@ansinh/iso20022';
import { move, transferableSymbol, valueSymbol } from 'piscina';
import { readSealingKeys, Sealer } from '@ansinh/sealing';
import * as cashListFile from '../cash-list/cash-list-file.js';
import * as lineText from '../list-import/line-text.js';
import * as statementFile from '../statement/statement-file.js';
import * as messageText from '../transmission/message-text.js';

/** Keys in the form of the environment. */
export interface ThreadKeys {
  sealingKeys: string;
  lookupKey: string;
}

interface Refusal {
  code: Iso20022ErrorCode;
  message: string;
  element: string | undefined;
}

/** A refusal is an answer: an error of ours that crosses to another thread would lose its class and its code. */
export type Outcome<Result> = { result: Result } | { refusal: Refusal };

const keys = workerData as ThreadKeys;
const sealer = new Sealer(readSealingKeys(keys.sealingKeys, keys.lookupKey));

export const readBankFile = (path: string) => outcomeOf(() => statementFile.readBankFile(path, sealer));

export const writeRows = (path: string) => outcomeOf(() => statementFile.writeRows(path, sealer));

export const writeMessage = (parts: messageText.MessageParts) =>
  outcomeOf(() => messageText.writeMessage(parts, sealer));

export const writeLines = (rows: lineText.ListRows) => outcomeOf(() => lineText.writeLines(rows, sealer));

export const writeCashList = (parts: cashListFile.CashListParts) =>
  outcomeOf(() => cashListFile.writeCashList(parts, sealer));

async function outcomeOf<Result>(work: () => Result | Promise<Result>): Promise<Outcome<Result>> {
  try {
    return withoutCopies({ result: await work() });
  } catch (error) {
    if (!(error instanceof Iso20022Error)) throw error;
    const { code, message, element } = error;
    return { refusal: { code, message, element } };
  }
}

/** The bytes in a result go to the other thread as they are: it would count them twice as garbage, and copying takes time. */
function withoutCopies<Result>(outcome: Outcome<Result>): Outcome<Result> {
  const buffers = valuesOf(outcome).flatMap((value) =>
    value instanceof Uint8Array && value.length === value.buffer.byteLength
      ? [value.buffer as ArrayBuffer]
      : [],
  );
  if (buffers.length === 0) return outcome;
  return move({
    [transferableSymbol]: buffers,
    [valueSymbol]: outcome,
  } as never) as unknown as Outcome<Result>;
}

/** What a result holds; bytes are one value, not one each. */
function valuesOf(outcome: Outcome<unknown>): unknown[] {
  if (!('result' in outcome) || !outcome.result) return [];
  return outcome.result instanceof Uint8Array ? [outcome.result] : Object.values(outcome.result);
}
