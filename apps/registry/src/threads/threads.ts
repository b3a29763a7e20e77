import { Inject, Injectable } from '@nestjs/common';
import { type ThreadKeys, ThreadPool } from '@ansinh/threads';
import type { ListRows, StagedText } from '../import/staged-text.js';

export const threadKeys = Symbol('keys of the threads');

/** Reading lists of a million people, off the thread that answers requests. */
@Injectable()
export class Threads extends ThreadPool {
  constructor(@Inject(threadKeys) keys: ThreadKeys) {
    super(import.meta.url, keys);
  }

  /** Checks rows of a list, keys and seals them, and writes them as text for COPY. */
  stageRows(rows: ListRows): Promise<StagedText> {
    return this.run('stageRows', rows);
  }
}
