import { Random } from '@ansinh/samples';

const moments = ['before', 'during', 'after'] as const;
export type Moment = (typeof moments)[number];

/** When it happens: at the so-many-th delivery of the batch, a little before or after the bank has it. */
interface AtDelivery {
  delivery: number;
  when: 'before' | 'after';
}

type Weather = 'slow' | 'reset' | 'silent';

/** What must happen on the way for a step to be come by at all: nothing, a lost answer, a bank that is busy, refused lines. */
export const leads = ['plain', 'lost', 'busy', 'refused'] as const;
export type Lead = (typeof leads)[number];

/** An await of the ways that payments take. */
export interface Step {
  at: string;
  lead: Lead;
}

/** One thing that goes wrong. Two workers are there, 0 and 1; all times are milliseconds. */
export type Fault =
  | { kind: 'worker killed'; worker: number; at: string; lead: Lead; moment: Moment }
  | ({ kind: 'worker frozen past its lease'; worker: number } & AtDelivery)
  | { kind: 'workers race for each chunk'; hints: number }
  | ({ kind: 'queue emptied' } & AtDelivery)
  | ({ kind: 'Redis killed and restarted' } & AtDelivery)
  | { kind: 'PostgreSQL killed in mid-commit'; worker: number; commit: number; moment: Moment }
  | ({ kind: 'network to the bank'; worker: number; weather: Weather; forMs: number } & AtDelivery)
  | ({ kind: 'network to PostgreSQL'; worker: number; weather: Weather; forMs: number } & AtDelivery)
  | { kind: 'bank faults'; percent: number }
  | ({ kind: 'statements again and backwards'; times: number } & AtDelivery)
  | { kind: 'statements late'; pauseMs: number }
  | { kind: 'API killed during import'; afterMs: number }
  | { kind: 'clock wrong by an hour'; worker: number; hours: 1 | -1 }
  | ({ kind: 'stale statistics, statement_timeout fires' } & AtDelivery)
  | ({ kind: 'bank killed and restarted' } & AtDelivery)
  | ({ kind: 'paused and resumed' } & AtDelivery);

export type FaultKind = Fault['kind'];

/** All that goes wrong on the way of one batch. The same seed and the same steps give the same schedule. */
export interface Schedule {
  seed: number;
  lines: number;
  faults: Fault[];
}

export interface Ground {
  paymentsPerChunk: number;
  hasRedis: boolean;
  /** The awaits at which a worker may die. */
  steps: readonly Step[];
}

/**
 * One to four kinds and a kill of each worker, several at once. The kills go through the steps one after the other as the
 * seeds do, so that consecutive seeds leave none out; the rest is drawn.
 */
export function scheduleOf(seed: number, ground: Ground): Schedule {
  const random = new Random(seed);
  const chunks = 3 + random.below(6);
  const lines = ground.paymentsPerChunk * chunks - random.below(ground.paymentsPerChunk);
  const makers = faultMakers(random, chunks, ground);
  const kinds = random.shuffle(Object.keys(makers)).slice(0, 1 + random.below(4));
  const faults = kinds.map((kind) => makers[kind]!());
  const first = random.below(2);
  const kills = [first, 1 - first].map((worker, index) => killAt(2 * seed + index, worker, ground.steps));
  return { seed, lines, faults: [...faults, ...kills] };
}

function killAt(cell: number, worker: number, steps: readonly Step[]): Fault {
  const place = cell % (steps.length * moments.length);
  return {
    kind: 'worker killed',
    worker,
    ...steps[Math.floor(place / moments.length)]!,
    moment: moments[place % moments.length]!,
  };
}

function faultMakers(random: Random, chunks: number, { hasRedis }: Ground): Record<string, () => Fault> {
  const atDelivery = (): AtDelivery => ({
    delivery: 1 + random.below(chunks),
    when: random.pick(['before', 'after'] as const),
  });
  const worker = () => random.below(2);
  const weather = () => random.pick(['slow', 'reset', 'silent'] as const);
  const network = () => ({
    worker: worker(),
    weather: weather(),
    forMs: 500 + random.below(2_500),
    ...atDelivery(),
  });
  return {
    freeze: () => ({ kind: 'worker frozen past its lease', worker: worker(), ...atDelivery() }),
    race: () => ({ kind: 'workers race for each chunk', hints: 2 + random.below(3) }),
    emptied: () => ({ kind: 'queue emptied', ...atDelivery() }),
    ...(hasRedis && { redis: () => ({ kind: 'Redis killed and restarted', ...atDelivery() }) as const }),
    postgres: () => ({
      kind: 'PostgreSQL killed in mid-commit',
      worker: worker(),
      commit: 1 + random.below(2 * chunks),
      moment: random.pick(moments),
    }),
    bankNetwork: () => ({ kind: 'network to the bank', ...network() }),
    databaseNetwork: () => ({ kind: 'network to PostgreSQL', ...network() }),
    bank: () => ({ kind: 'bank faults', percent: 1 + random.below(5) }),
    statements: () => ({
      kind: 'statements again and backwards',
      times: 1 + random.below(2),
      ...atDelivery(),
    }),
    late: () => ({ kind: 'statements late', pauseMs: 100 + random.below(400) }),
    api: () => ({ kind: 'API killed during import', afterMs: random.below(120) }),
    clock: () => ({ kind: 'clock wrong by an hour', worker: worker(), hours: random.pick([1, -1] as const) }),
    stale: () => ({ kind: 'stale statistics, statement_timeout fires', ...atDelivery() }),
    bankKilled: () => ({ kind: 'bank killed and restarted', ...atDelivery() }),
    paused: () => ({ kind: 'paused and resumed', ...atDelivery() }),
  };
}
