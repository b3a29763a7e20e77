import cliProgress from 'cli-progress';
import { say, type Bilingual } from '@ansinh/embedded';
import { tell } from '../command.js';

const plainLineMs = 2_000;

/** The bars of a terminal, one below the other: steps may run beside each other. */
let bars: cliProgress.MultiBar | null = null;
let barsOpen = 0;

/** One step's progress on standard error: a bar on a terminal, a line every other second in a pipe. */
export class StepProgress {
  private readonly bar: cliProgress.SingleBar | null = null;
  private saidAt = 0;
  private value = 0;

  constructor(
    private readonly title: Bilingual,
    private readonly total: number,
  ) {
    if (process.stderr.isTTY) {
      const format = '{title} {bar} {percentage}% {value}/{total}';
      bars ??= new cliProgress.MultiBar(
        { format, stream: process.stderr },
        cliProgress.Presets.shades_classic,
      );
      barsOpen += 1;
      this.bar = bars.create(total, 0, { title: say(title).padEnd(28) });
    }
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
    if (!this.bar) return;
    this.bar.update(this.value);
    barsOpen -= 1;
    if (barsOpen > 0) return;
    bars?.stop();
    bars = null;
  }
}
