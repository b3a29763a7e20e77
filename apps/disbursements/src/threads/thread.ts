import { workerData } from 'node:worker_threads';
import { Iso20022Error, type Iso20022ErrorCode } from '@ansinh/iso20022';
import { ListError, type ListErrorCode, type ListErrorFacts } from '@ansinh/payment-list';
import { readSealingKeys, Sealer } from '@ansinh/sealing';
import * as listText from '../list-import/list-text.js';
import * as statementFile from '../statement/statement-file.js';
import * as messageText from '../transmission/message-text.js';

/** Keys in the form of the environment. */
export interface ThreadKeys {
  sealingKeys: string;
  lookupKey: string;
}

type Refusal =
  | { kind: 'list'; code: ListErrorCode; facts: ListErrorFacts }
  | { kind: 'iso20022'; code: Iso20022ErrorCode; message: string; element: string | undefined };

/** A refusal is an answer: an error of ours that crosses to another thread would lose its class and its code. */
export type Outcome<Result> = { result: Result } | { refusal: Refusal };

const keys = workerData as ThreadKeys;
const sealer = new Sealer(readSealingKeys(keys.sealingKeys, keys.lookupKey));

export const readBankFile = (path: string) => outcomeOf(statementFile.readBankFile(path, sealer));

export const writeMessage = (parts: messageText.MessageParts) =>
  outcomeOf(Promise.resolve(parts).then((given) => messageText.writeMessage(given, sealer)));

export const writeList = (task: listText.ListTask) => outcomeOf(listText.writeList(task, sealer));

async function outcomeOf<Result>(work: Promise<Result>): Promise<Outcome<Result>> {
  try {
    return { result: await work };
  } catch (error) {
    if (error instanceof ListError)
      return { refusal: { kind: 'list', code: error.code, facts: error.facts } };
    if (error instanceof Iso20022Error) {
      const { code, message, element } = error;
      return { refusal: { kind: 'iso20022', code, message, element } };
    }
    throw error;
  }
}
