import type { Logger } from '@nestjs/common';

interface Repetition {
  /** A function is asked after each time. */
  pauseMs: number | (() => number);
  /** Ends the pause at once, and the work where it looks at it. */
  signal: AbortSignal;
  logger: Logger;
}

/** Does the work again and again; a failure is logged, and the next time tries again. */
export async function repeat(
  { pauseMs, signal, logger }: Repetition,
  work: () => Promise<unknown>,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await work();
    } catch (error) {
      logger.error(error, 'sweep failed; the next one tries again');
    }
    await pause(typeof pauseMs === 'number' ? pauseMs : pauseMs(), signal);
  }
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal.addEventListener('abort', end);
  });
}
