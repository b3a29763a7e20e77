// Goes into a worker before its own code (`node --import`): numbers the awaits of the ways that payments take, kills the
// process at the one that the test has chosen, and sets its clock wrong. Without a plan it only notes what passes.
import { AsyncLocalStorage } from 'node:async_hooks';
import { appendFileSync, readFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

const { FAULT_PLAN: planFile, FAULT_TRACE: traceFile } = process.env;
const labelLength = 60;

/** @typedef {{ shiftMs: number, kill: { at: string, moment: 'before' | 'during' | 'after' } | null }} Plan */

/** Read anew each time: the test writes it while the worker runs. @returns {Plan} */
const readPlan = () => JSON.parse(readFileSync(planFile, 'utf8'));

shiftClock();
if (isMainThread) await watchWays();

/** Everything that asks for the time is told the wrong one, from the moment that the plan says so. */
function shiftClock() {
  const RealDate = Date;
  let { shiftMs } = readPlan();
  setInterval(() => ({ shiftMs } = readPlan()), 100).unref();
  const now = () => RealDate.now() + shiftMs;
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, args) => new target(...(args.length > 0 ? args : [now()])),
    apply: () => new RealDate(now()).toString(),
    get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
  });
}

async function watchWays() {
  const ways = new AsyncLocalStorage();

  /** One await of a way: its name is the same in every run. */
  async function step(label, work) {
    const way = ways.getStore();
    if (!way) return work();
    const times = (way.labels.get(label) ?? 0) + 1;
    way.labels.set(label, times);
    const at = `${way.name}: ${label}${times > 1 ? ` (${times})` : ''}`;
    way.steps.push(at);
    const isChosen = (moment) => isDue(at, moment);
    if (isChosen('before')) die(at, 'before');
    const result = work();
    // What was asked for is on its way by then, and nobody will hear the answer.
    if (isChosen('during')) setTimeout(() => die(at, 'during'), label.startsWith('bank') ? 4 : 0);
    const value = await result;
    if (isChosen('after')) die(at, 'after');
    return value;
  }

  function isDue(at, moment) {
    const { kill } = readPlan();
    return kill !== null && kill.at === at && kill.moment === moment;
  }

  /** As by the kernel: nothing is written, nothing is closed. */
  function die(at, moment) {
    note({ killed: { at, moment } });
    process.kill(process.pid, 'SIGKILL');
  }

  function note(line) {
    appendFileSync(traceFile, `${JSON.stringify(line)}\n`);
  }

  function watchWay(prototype, method, name) {
    const original = prototype[method];
    prototype[method] = function watched(...args) {
      const way = { name, labels: new Map(), steps: [] };
      return ways.run(way, async () => {
        try {
          return await original.apply(this, args);
        } finally {
          if (way.steps.length > 0) note({ steps: way.steps });
        }
      });
    };
  }

  function watchStep(target, method, labelOf) {
    const original = target[method];
    target[method] = function watched(...args) {
      if (!ways.getStore()) return original.apply(this, args);
      const label = labelOf(...args);
      return label === null ? original.apply(this, args) : step(label, () => original.apply(this, args));
    };
  }

  // Not needed by the threads that it starts, which come by here too.
  await import('reflect-metadata');
  const { default: pg } = await import('pg');
  const { ChunkSender } = await import('../dist/transmission/chunk-sender.js');
  const { DocumentCollector } = await import('../dist/statement/document-collector.js');
  const { Threads } = await import('../dist/threads/threads.js');
  watchWay(ChunkSender.prototype, 'send', 'send');
  watchWay(DocumentCollector.prototype, 'takeDocument', 'collect');
  // COPY and cursors are streams and not awaits; what is awaited of them is the statement that follows.
  watchStep(pg.Client.prototype, 'query', (sql) =>
    typeof sql === 'string' ? sql.trim().replace(/\s+/g, ' ').slice(0, labelLength) : null,
  );
  watchStep(globalThis, 'fetch', (url, init) => {
    const path = new URL(url).pathname.replace(/[^/]*\d[^/]*/g, '…');
    return `bank ${init?.method ?? 'GET'} ${path}`;
  });
  for (const method of ['writeMessage', 'readBankFile']) {
    watchStep(Threads.prototype, method, () => `thread ${method}`);
  }
}
