/** What a schedule was and came to, as `faults-schedules.integration.spec.ts` writes it. */
export interface PlayedSchedule {
  schedule: { seed: number; lines: number };
  happened: PlannedFault[];
  missed: PlannedFault[];
  kills: { at: string; moment: string }[];
  steps: string[];
  broken: Record<string, { count: number }>;
  seconds: number;
}

interface PlannedFault {
  kind: string;
  moment?: string;
  weather?: string;
}

interface Step {
  at: string;
}

export interface FaultReport {
  table: string;
  /** Seeds whose books did not come out, with the invariants that are broken. */
  broken: { seed: number; invariants: string[] }[];
  /** Awaits that workers have passed and that no kill is ever planned at. */
  unlisted: string[];
}

const moments = ['before', 'during', 'after'];

/** One line a kind of fault, and what was covered. */
export function faultReport(played: PlayedSchedule[], steps: Step[]): FaultReport {
  const broken = played.flatMap(({ schedule, broken: found }) =>
    Object.keys(found).length > 0 ? [{ seed: schedule.seed, invariants: Object.keys(found) }] : [],
  );
  const listed = new Set(steps.map(({ at }) => at));
  const passed = new Map<string, number>();
  for (const at of played.flatMap((one) => one.steps)) passed.set(at, (passed.get(at) ?? 0) + 1);
  // What is passed once or twice in a whole run is a second try of PostgreSQL's, not a step of the way.
  const unlisted = [...passed].flatMap(([at, times]) =>
    times > played.length && !listed.has(at) ? [at] : [],
  );
  return { table: [...rowsOf(played), '', ...summary(played, steps)].join('\n'), broken, unlisted };
}

function rowsOf(played: PlayedSchedule[]): string[] {
  const counts = new Map<string, { happened: number; missed: number; broken: number }>();
  for (const { happened, missed, broken } of played) {
    const isBroken = Object.keys(broken).length > 0;
    const add = (fault: PlannedFault, outcome: 'happened' | 'missed') => {
      const count = counts.get(nameOf(fault)) ?? { happened: 0, missed: 0, broken: 0 };
      count[outcome] += 1;
      if (isBroken && outcome === 'happened') count.broken += 1;
      counts.set(nameOf(fault), count);
    };
    for (const fault of happened) add(fault, 'happened');
    for (const fault of missed) add(fault, 'missed');
  }
  const rows = [...counts].sort(([one], [other]) => (one < other ? -1 : 1));
  return [
    '| fault | injected | planned, its moment never came | in schedules that broke an invariant |',
    '| --- | ---: | ---: | ---: |',
    ...rows.map(([name, count]) => `| ${name} | ${count.happened} | ${count.missed} | ${count.broken} |`),
  ];
}

const nameOf = ({ kind, moment, weather }: PlannedFault) =>
  [kind, weather ?? moment].filter(Boolean).join(': ');

function summary(played: PlayedSchedule[], steps: Step[]): string[] {
  const cells = new Set(played.flatMap(({ kills }) => kills.map(({ at, moment }) => `${moment} ${at}`)));
  const places = new Set(played.flatMap(({ kills }) => kills.map(({ at }) => at)));
  const lines = played.reduce((sum, { schedule }) => sum + schedule.lines, 0);
  const minutes = played.reduce((sum, { seconds }) => sum + seconds, 0) / 60;
  return [
    `${played.length} schedules, ${lines} payments, ${minutes.toFixed(0)} minutes.`,
    `Workers were killed at ${places.size} of the ${steps.length} awaits, in ${cells.size} of ${steps.length * moments.length} combinations of await and moment.`,
  ];
}
