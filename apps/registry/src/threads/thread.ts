import { workerData } from 'node:worker_threads';
import { move, transferableSymbol, valueSymbol } from 'piscina';
import { readSealingKeys, Sealer } from '@ansinh/sealing';
import * as stagedText from '../import/staged-text.js';

/** Keys in the form of the environment. */
export interface ThreadKeys {
  sealingKeys: string;
  lookupKey: string;
}

const keys = workerData as ThreadKeys;
const sealer = new Sealer(readSealingKeys(keys.sealingKeys, keys.lookupKey));

/** The bytes go to the other thread as they are: copying them takes time, and they would be garbage twice. */
export function stageRows(rows: stagedText.ListRows): stagedText.StagedText {
  const staged = stagedText.stageRows(rows, sealer);
  return move({
    [transferableSymbol]: Object.values(staged).map(({ buffer }) => buffer),
    [valueSymbol]: staged,
  } as never) as unknown as stagedText.StagedText;
}
