import { sealerOfThread, withoutCopies } from '@ansinh/threads';
import * as stagedText from '../import/staged-text.js';

const sealer = sealerOfThread();

export const stageRows = (rows: stagedText.ListRows) => withoutCopies(stagedText.stageRows(rows, sealer));
