import { Iso20022Error, type Iso20022ErrorCode } from '@ansinh/iso20022';
import { sealerOfThread, withoutCopies } from '@ansinh/threads';
import * as cashListFile from '../cash-list/cash-list-file.js';
import * as lineText from '../list-import/line-text.js';
import * as statementFile from '../statement/statement-file.js';
import * as messageText from '../transmission/message-text.js';

interface Refusal {
  code: Iso20022ErrorCode;
  message: string;
  element: string | undefined;
}

/** A refusal is an answer: an error of ours that crosses to another thread would lose its class and its code. */
export type Outcome<Result> = { result: Result } | { refusal: Refusal };

const sealer = sealerOfThread();

export const readBankFile = (path: string) => outcomeOf(() => statementFile.readBankFile(path, sealer));

export const writeRows = (path: string) => outcomeOf(() => statementFile.writeRows(path, sealer));

export const writeMessage = (parts: messageText.MessageParts) =>
  outcomeOf(() => messageText.writeMessage(parts, sealer));

export const writeLines = (rows: lineText.ListRows) => outcomeOf(() => lineText.writeLines(rows, sealer));

export const writeCashList = (parts: cashListFile.CashListParts) =>
  outcomeOf(() => cashListFile.writeCashList(parts, sealer));

async function outcomeOf<Result>(work: () => Result | Promise<Result>): Promise<Outcome<Result>> {
  try {
    const result = await work();
    return withoutCopies(result, { result });
  } catch (error) {
    if (!(error instanceof Iso20022Error)) throw error;
    const { code, message, element } = error;
    return { refusal: { code, message, element } };
  }
}
