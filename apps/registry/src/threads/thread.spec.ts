import { Worker } from 'node:worker_threads';
import { expect, test } from '@jest/globals';

/** Threads start with the first list, and anew after a rest: of 2,300 modules of the framework that took a second of each. */
test('a thread loads what reads rows, and nothing of the service around it', async () => {
  const key = Buffer.alloc(32, 1).toString('base64');
  const thread = new URL('../../dist/threads/thread.js', import.meta.url).href;
  const source = `
    const { workerData, parentPort } = require('node:worker_threads');
    const loaded = [];
    require('node:module').registerHooks({
      load: (url, context, next) => (loaded.push(url), next(url, context)),
    });
    import(workerData.thread).then(() => parentPort.postMessage(loaded));`;
  const worker = new Worker(source, {
    eval: true,
    workerData: { thread, sealingKeys: `1:${key}`, lookupKey: key },
  });
  const loaded = await new Promise<string[]>((resolve, reject) => {
    worker.once('message', resolve).once('error', reject);
  });
  await worker.terminate();
  expect(loaded).toContainEqual(expect.stringMatching(/dist\/import\/staged-row\.js$/));
  expect(loaded.filter((url) => /node_modules\/(@nestjs|class-validator|typeorm|pg)\//.test(url))).toEqual(
    [],
  );
});
