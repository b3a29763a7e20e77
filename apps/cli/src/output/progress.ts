import cliProgress, { type Options, type Params } from 'cli-progress';
import type { Context } from '../context.js';
import { formatCount, formatMegabytes } from './numbers.js';

export interface Report {
  label: string;
  done: number;
  total?: number;
  note?: string;
}

export interface Progress {
  update: (report: Report) => void;
  stop: () => void;
}

const plainIntervalMs = 1_000;

/** On standard error: a bar that moves on a terminal; in a pipe plain lines, at most one a second. */
export function startProgress(context: Context, unit: 'bytes' | 'rows'): Progress {
  const format = (value: number): string =>
    unit === 'bytes' ? formatMegabytes(value) : formatCount(value, context.language);
  const describe = ({ done, total, note }: Report): string =>
    [total === undefined ? format(done) : `${format(done)} / ${format(total)}`, note]
      .filter(Boolean)
      .join('  ');
  return context.terminal.stderr.isTTY ? bar(context, describe) : lines(context, describe);
}

function lines(context: Context, describe: (report: Report) => string): Progress {
  let quietUntil = 0;
  return {
    update: (report) => {
      if (performance.now() < quietUntil) return;
      quietUntil = performance.now() + plainIntervalMs;
      context.note(`${report.label}  ${describe(report)}`);
    },
    stop: () => undefined,
  };
}

function bar(context: Context, describe: (report: Report) => string): Progress {
  let last: Report = { label: '', done: 0 };
  const drawn = new cliProgress.SingleBar({
    stream: context.terminal.stderr,
    hideCursor: false,
    barsize: 30,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    format: (options: Options, params: Params) => {
      const parts = [
        last.label,
        last.total ? cliProgress.Format.BarFormat(params.progress, options) : '',
        describe(last),
      ];
      return parts.filter(Boolean).join('  ');
    },
  });
  let isStarted = false;
  return {
    update: (report) => {
      last = report;
      if (!isStarted) drawn.start(report.total ?? 1, report.done);
      isStarted = true;
      drawn.setTotal(report.total ?? Math.max(report.done, 1));
      drawn.update(report.done);
    },
    stop: () => {
      if (isStarted) drawn.stop();
    },
  };
}
