import type { Floor } from './floor.js';
import type { JobPerPayment } from './job-per-payment.js';
import type { Lifecycle } from './lifecycle.js';
import type { SuiteRun } from './suite-run.js';

export interface Machine {
  cores: number;
  model: string;
  memoryGb: number;
  node: string;
  postgresql: string;
}

export interface Measurements {
  rows: number;
  machine: Machine;
  /** Load of the last minute before the first measurement: far from 0 says that the machine was not ours alone. */
  loadBefore: number;
  floor: Floor;
  lifecycle: Lifecycle;
  /** Ours again with ten times the lines, where it was asked for. */
  large?: Lifecycle;
  suite: SuiteRun;
  /** On PostgreSQL, and on Redis where the machine has one: ours takes either. Bare, and under the duties that ours has. */
  jobs: JobPerPayment[];
}

export interface Ratio {
  value: number;
  bar: number;
  aim: number;
  isMet: boolean;
  isAimed: boolean;
}

export interface BenchReport extends Measurements {
  /** Seconds for all rows; those of one job a payment are scaled from the payments that were measured. */
  totals: { floor: number; lifecycle: number; suite: number; jobs: number[] };
  ratios: {
    oursToFloor: Ratio;
    jobsToOurs: Ratio[];
    /** Time a line of the large list to that of the usual one. */
    largeToUsual?: Ratio;
  };
}

export function reportOf(measured: Measurements): BenchReport {
  const { floor, lifecycle, large, suite, jobs, rows } = measured;
  const totals = {
    floor: sum(floor),
    lifecycle: secondsOfOurs(lifecycle),
    suite: suite.seconds,
    jobs: jobs.map(({ seconds, payments }) => (seconds * rows) / payments),
  };
  return {
    ...measured,
    totals,
    ratios: {
      oursToFloor: atMost(totals.lifecycle / totals.floor, { bar: 5, aim: 3 }),
      jobsToOurs: totals.jobs.map((seconds) => atLeast(seconds / totals.lifecycle, { bar: 20, aim: 40 })),
      ...(large && {
        largeToUsual: atMost(secondsOfOurs(large) / large.rows / (totals.lifecycle / rows), {
          bar: 1.3,
          aim: 1,
        }),
      }),
    },
  };
}

/** Verification is not a part of a batch's life: it is asked for. */
export function secondsOfOurs({ steps: { verify: _verify, ...steps } }: Lifecycle): number {
  return sum(steps);
}

function sum(seconds: Readonly<Record<string, number>> | Floor): number {
  return Object.values(seconds).reduce((total: number, value: number) => total + value, 0);
}

function atMost(value: number, { bar, aim }: { bar: number; aim: number }): Ratio {
  return { value, bar, aim, isMet: value <= bar, isAimed: value <= aim };
}

function atLeast(value: number, { bar, aim }: { bar: number; aim: number }): Ratio {
  return { value, bar, aim, isMet: value >= bar, isAimed: value >= aim };
}
