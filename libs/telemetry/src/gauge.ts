import { Gauge, register } from 'prom-client';

interface GaugeOptions {
  name: string;
  help: string;
  labelNames?: string[];
  /** Sets the values, each time that they are asked for; those that it does not set are absent. */
  read: (gauge: Gauge) => void | Promise<void>;
}

/** A gauge that looks when it is asked. Of two applications in one process, as tests have them, the later one is asked. */
export function gaugeOf({ name, help, labelNames = [], read }: GaugeOptions): void {
  register.removeSingleMetric(name);
  new Gauge({
    name,
    help,
    labelNames,
    collect() {
      this.reset();
      // One without labels is zero by now, and absent after this.
      if (labelNames.length === 0) this.remove();
      return read(this);
    },
  });
}
