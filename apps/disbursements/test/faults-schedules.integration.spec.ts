import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { describeWith, redisForTests } from '@ansinh/testing';
import { FaultGround, paymentsPerChunk } from './fault-ground.js';
import { Play, type Played } from './fault-player.js';
import { type Fault, type Lead, leads, type Schedule, scheduleOf, type Step } from './fault-schedule.js';

// `npm run test:faults` sets these; without it a few schedules stand for all.
const { ANSINH_FAULT_SCHEDULES, ANSINH_FAULT_SEED, ANSINH_FAULT_REPORT, ANSINH_FAULT_SURVEY } = process.env;
const firstSeed = Number(ANSINH_FAULT_SEED ?? 38);
const seeds = Array.from({ length: Number(ANSINH_FAULT_SCHEDULES ?? 3) }, (_, index) => firstSeed + index);
const scheduleMsMax = 400_000;

const stepsFile = new URL('data/fault-steps.json', import.meta.url);

/** A queue of each kind, and every other seed. */
const grounds = [
  { queue: 'PostgreSQL', thing: {}, seeds: seeds.filter((seed) => seed % 2 === 0) },
  { queue: 'Redis', thing: redisForTests(), seeds: seeds.filter((seed) => seed % 2 === 1) },
] as const;

for (const { queue, thing, seeds: own } of ANSINH_FAULT_SURVEY ? [] : grounds) {
  if (own.length > 0) describeWith(thing, `the queue on ${queue}`, () => schedules(queue, own));
}

function schedules(queue: 'PostgreSQL' | 'Redis', own: number[]): void {
  const steps = JSON.parse(readFileSync(stepsFile, 'utf8')) as Step[];
  let ground: FaultGround;
  beforeAll(async () => {
    ground = await FaultGround.start(queue);
  }, scheduleMsMax);
  afterAll(() => ground.stop());

  test.each(own)(
    'schedule of seed %i',
    async (seed) => {
      const schedule = scheduleOf(seed, { paymentsPerChunk, hasRedis: queue === 'Redis', steps });
      const played = await play(ground, schedule);
      report(played);
      expect({ ...played.schedule, broken: played.broken }).toEqual({ ...schedule, broken: {} });
    },
    scheduleMsMax,
  );
}

/** A schedule that does not come to its end has broken that. */
async function play(ground: FaultGround, schedule: Schedule): Promise<Played> {
  try {
    return await new Play(ground, schedule).run();
  } catch (error) {
    throw new Error(`${String(error)}\nschedule: ${JSON.stringify(schedule)}`, { cause: error });
  }
}

function report(played: Played): void {
  const { schedule, happened, missed, kills, broken, seconds } = played;
  const names = Object.keys(broken);
  const end = names.length === 0 ? 'ok' : `BROKEN: ${names.join('; ')}`;
  const deaths = kills.map(({ at, moment }) => `${moment} «${at}»`).join(', ');
  const kinds = (faults: Fault[]) => [...new Set(faults.map(({ kind }) => kind))].join(', ');
  const unmet = missed.length > 0 ? `, not met: ${kinds(missed)}` : '';
  process.stderr.write(
    `seed ${schedule.seed}: ${end} in ${seconds.toFixed(1)} s; ${kinds(happened)}${unmet}${deaths && `; killed ${deaths}`}\n`,
  );
  if (ANSINH_FAULT_REPORT) appendFileSync(ANSINH_FAULT_REPORT, `${JSON.stringify(played)}\n`);
}

if (ANSINH_FAULT_SURVEY) {
  test('the steps of the ways that payments take', survey, scheduleMsMax);
}

/** Passes each lead once, and notes under which a step is come by: under several, the first that does it about as often. */
async function survey(): Promise<void> {
  const ground = await FaultGround.start('PostgreSQL');
  const times = new Map<string, Map<Lead, number>>();
  for (const lead of leads) {
    const faults: Schedule['faults'] = [{ kind: 'worker killed', worker: 0, lead, at: '', moment: 'before' }];
    const { steps, broken } = await play(ground, { seed: 1, lines: 6 * paymentsPerChunk, faults });
    expect(broken).toEqual({});
    for (const at of steps) {
      const seen = times.get(at) ?? new Map<Lead, number>();
      times.set(at, seen.set(lead, (seen.get(lead) ?? 0) + 1));
    }
  }
  await ground.stop();
  const steps = [...times].map(([at, seen]): Step => {
    const most = Math.max(...seen.values());
    return { at, lead: [...seen].find(([, count]) => count * 2 >= most)![0] };
  });
  steps.sort(
    (one, other) => leads.indexOf(one.lead) - leads.indexOf(other.lead) || (one.at < other.at ? -1 : 1),
  );
  writeFileSync(stepsFile, `${JSON.stringify(steps, null, 2)}\n`);
}
