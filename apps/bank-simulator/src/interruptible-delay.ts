import { setTimeout as delay } from 'node:timers/promises';

/** Waits so long, or until the signal: a process that stops waits for nobody. */
export async function interruptibleDelay(milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(milliseconds, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
