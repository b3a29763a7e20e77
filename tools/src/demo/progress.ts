import cliProgress from 'cli-progress';
import { say, type Bilingual } from '@ansinh/embedded';
import { tell } from '../command.js';

const plainLineMs = 2_000;

/** One step's progress on standard error: a bar on a terminal, a line every other second in a pipe. */
export class StepProgress {
  private readonly bar: cliProgress.SingleBar | null;
  private saidAt = 0;
  private value = 0;

  constructor(
    private readonly title: Bilingual,
    private readonly total: number,
  ) {
    this.bar = process.stderr.isTTY
      ? new cliProgress.SingleBar(
          { format: `${say(title).padEnd(28)} {bar} {percentage}% {value}/{total}`, stream: process.stderr },
          cliProgress.Presets.shades_classic,
        )
      : null;
    this.bar?.start(total, 0);
    if (!this.bar) tell(title);
  }

  update(value: number): void {
    this.bar?.update(value);
    const hasMoved = value !== this.value;
    this.value = value;
    if (this.bar || !hasMoved || Date.now() - this.saidAt < plainLineMs) return;
    this.saidAt = Date.now();
    tell({
      vi: `  ${this.title.vi}: ${value}/${this.total}`,
      en: `  ${this.title.en}: ${value}/${this.total}`,
    });
  }

  end(): void {
    this.bar?.update(this.value);
    this.bar?.stop();
  }
}
