import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { Actor } from '@ansinh/auth';
import { ServiceStop } from '@ansinh/service';
import { BatchService } from '../batch/batch.service.js';
import type { BatchState } from '../batch/batch.states.js';

/** States in which only a person moves a batch on: nothing more to watch. */
const resting = new Set<BatchState>(['rejected', 'paused', 'reconciled', 'closed', 'cancelled']);

const lookMs = 500;
/** A comment line keeps proxies from closing a quiet connection. */
const quietLooksMax = 20;

/** Progress of a batch as server-sent events, read from the rows: it is right whichever process does the work. */
@Injectable()
export class BatchProgress {
  constructor(
    private readonly batches: BatchService,
    private readonly stop: ServiceStop,
  ) {}

  /** Ends early when the service stops: who still wants to know asks again. @throws ProblemError BATCH_NOT_FOUND before the first event */
  async *watch(id: string, actor: Actor): AsyncGenerator<string> {
    let last = '';
    let quietLooks = 0;
    while (!this.stop.streamsEnd.aborted) {
      const batch = await this.batches.get(id, actor);
      const text = JSON.stringify(batch);
      if (text !== last) {
        yield `event: progress\ndata: ${text}\n\n`;
        [last, quietLooks] = [text, 0];
      } else if ((quietLooks += 1) >= quietLooksMax) {
        yield ': still here\n\n';
        quietLooks = 0;
      }
      if (resting.has(batch.state)) return;
      await sleep(lookMs, undefined, { ref: false });
    }
  }
}
