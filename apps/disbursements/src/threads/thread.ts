import { Iso20022Error, type Iso20022ErrorCode } from '@ansinh/iso20022';
import { sealerOfThread, withoutCopies } from '@ansinh/threads';
import type { CashListParts } from '../cash-list/cash-list-file.js';
import type { ListRows } from '../list-import/line-text.js';
import type { MessageParts } from '../transmission/message-text.js';

interface Refusal {
  code: Iso20022ErrorCode;
  message: string;
  element: string | undefined;
}

/** A refusal is an answer: an error of ours that crosses to another thread would lose its class and its code. */
export type Outcome<Result> = { result: Result } | { refusal: Refusal };

const sealer = sealerOfThread();

// Loaded when they are first asked for: a thread that seals a list needs neither fonts nor banks' files, which are three quarters of
// its 650 modules and of the 0.6 s of processor time in which it starts.
const cashListFile = () => import('../cash-list/cash-list-file.js');
const lineText = () => import('../list-import/line-text.js');
const messageText = () => import('../transmission/message-text.js');
const statementFile = () => import('../statement/statement-file.js');

export const readBankFile = (path: string) =>
  outcomeOf(async () => (await statementFile()).readBankFile(path, sealer));

export const writeRows = (path: string) =>
  outcomeOf(async () => (await statementFile()).writeRows(path, sealer));

export const writeMessage = (parts: MessageParts) =>
  outcomeOf(async () => (await messageText()).writeMessage(parts, sealer));

export const writeLines = (rows: ListRows) =>
  outcomeOf(async () => (await lineText()).writeLines(rows, sealer));

export const writeCashList = (parts: CashListParts) =>
  outcomeOf(async () => (await cashListFile()).writeCashList(parts, sealer));

async function outcomeOf<Result>(work: () => Promise<Result>): Promise<Outcome<Result>> {
  try {
    const result = await work();
    return withoutCopies(result, { result });
  } catch (error) {
    if (!(error instanceof Iso20022Error)) throw error;
    const { code, message, element } = error;
    return { refusal: { code, message, element } };
  }
}
