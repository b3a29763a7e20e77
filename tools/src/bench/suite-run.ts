import { FriendlyError, startSuite } from '@ansinh/embedded';
import { tell, WORKSPACE } from '../command.js';
import type { DemoList } from '../demo/list.js';
import { runBatch } from '../demo/run-batch.js';

export interface SuiteRun {
  seconds: number;
  peakRssMb: Record<string, number>;
}

/**
 * The same list through the true system: API, worker and bank simulator as processes, over HTTP, to the line-by-line
 * comparison with the bank's books.
 */
export async function measureSuite(list: DemoList, signal: AbortSignal): Promise<SuiteRun> {
  const suite = await startSuite({
    workspace: WORKSPACE,
    persistent: false,
    ports: 'free',
    without: ['gateway'],
    onProgress: tell,
    signal,
  });
  try {
    const { seconds, balanced, books } = await runBatch(suite, list, { seed: 1, faults: 0, signal });
    if (!balanced || !books.agrees) {
      throw new FriendlyError({
        vi: 'Sổ không khớp với ngân hàng: số đo không có giá trị.',
        en: 'The books do not agree with the bank: the measurement is worth nothing.',
      });
    }
    return { seconds, peakRssMb: suite.peakRssMb() };
  } finally {
    await suite.stop();
  }
}
