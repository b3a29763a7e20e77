import { evaluate, type FactValue } from '@ansinh/policy';
import { Random } from '@ansinh/samples';
import type { Figure } from './figures.js';
import { Deal, solveMix } from './mix.js';
import type { Employer, Staff, Worker } from './province.js';

type Programme = 'covid-support' | 'rent-support';

/** What a row of a list states of its person, by the names of the law. */
type StatedFacts = Record<string, FactValue>;

/** One way in which somebody comes under a programme, and how often it is met beside the others. */
interface Case {
  facts: StatedFacts;
  weight: number;
}

/** Lists that ask for the same: their head, and the cases among their rows. */
interface Group {
  choice: string;
  /** Of a programme by months. */
  months: readonly string[];
  receivedOn: string;
  /** A month about which the insurance office answers. */
  insuredIn: string;
  cases: readonly Case[];
}

/** A list as an employer brings it. */
export interface PlannedList extends Group {
  employer: Employer;
  rows: { worker: Worker; facts: StatedFacts }[];
}

export interface SupportPlan {
  programme: Programme;
  decidedOn: string;
  /** Groups that share a walk over the employers; people of a later walk come once more. */
  walks: readonly (readonly Group[])[];
  takes: (employer: Employer, index: number) => boolean;
}

const stop = (days: number) => ({
  stoppedFrom: '2021-06-01',
  stoppedUntil: `2021-0${days > 30 ? 7 : 6}-${String(days > 30 ? days - 30 : days).padStart(2, '0')}`,
});
const idle = (days: number) => ({ ...stop(days), isStoppageByArticle99: true });
const oneChild = { childrenBornOn: ['2018-05-12'] };
const covidHead = { months: [], receivedOn: '2022-01-20', insuredIn: '2021-06' };

/** Work stopped, contracts suspended for less and for more than 30 days; with a child; and some who miss a day. */
export const covidPlan: SupportPlan = {
  programme: 'covid-support',
  decidedOn: '2022-03-31',
  takes: () => true,
  walks: [
    [
      {
        ...covidHead,
        choice: 'policy5',
        cases: [
          { facts: idle(20), weight: 700 },
          { facts: { ...idle(20), ...oneChild }, weight: 90 },
          { facts: idle(13), weight: 2 },
        ],
      },
      {
        ...covidHead,
        choice: 'policy4',
        cases: [
          { facts: stop(20), weight: 100 },
          { facts: stop(45), weight: 30 },
          { facts: { ...stop(20), ...oneChild }, weight: 10 },
          { facts: stop(14), weight: 1 },
        ],
      },
    ],
  ],
};

const renting = {
  hasRequested: true,
  isRenting: true,
  contractKind: 'indefinite',
  isContinuedContract: false,
};
const before = { ...renting, contractSignedOn: '2021-03-01', workStartedOn: '2021-03-01' };
const since = { ...renting, contractSignedOn: '2022-04-05', workStartedOn: '2022-04-05' };
const rentGroup = (
  choice: string,
  months: string[],
  received: [on: string, month: string],
  weight: number,
): Group => ({
  choice,
  months,
  receivedOn: received[0],
  insuredIn: received[1],
  cases: [{ facts: choice === 'working' ? before : since, weight }],
});

/** Months together or one by one: who had February and March may come again for April, and counts once more. */
export const rentPlan: SupportPlan = {
  programme: 'rent-support',
  decidedOn: '2022-08-15',
  takes: ({ type }, index) => type === 'enterprise' && index % 3 === 0,
  walks: [
    [
      rentGroup('working', ['2022-02', '2022-03'], ['2022-04-20', '2022-03'], 40),
      rentGroup('working', ['2022-02', '2022-03', '2022-04'], ['2022-05-20', '2022-04'], 34),
      rentGroup('returning', ['2022-04'], ['2022-05-25', '2022-04'], 4),
      rentGroup('returning', ['2022-04', '2022-05'], ['2022-06-20', '2022-05'], 4),
      rentGroup('returning', ['2022-04', '2022-05', '2022-06'], ['2022-07-20', '2022-06'], 4),
    ],
    [rentGroup('working', ['2022-04'], ['2022-05-20', '2022-04'], 14)],
  ],
};

/** A group with how many of each of its cases there are. */
export type Dealt = Group & { counts: number[] };

/**
 * How many people come by which case, so that what the law grants them adds up to the published sum. What a case is granted is asked of
 * the law itself; people who are granted nothing come on top, and count for nothing.
 */
export function dealCases(
  { programme, decidedOn, walks }: SupportPlan,
  { people, amount }: { people: Figure; amount: Figure },
  seed: number,
): Dealt[][] {
  const random = new Random(seed);
  const groups = walks.flat();
  const shares = groups.flatMap((group, place) =>
    group.cases.map(({ facts, weight }, index) => ({
      place,
      index,
      weight,
      amount: grantedFor(programme, group, facts, decidedOn),
    })),
  );
  const paid = shares.filter((share) => share.amount > 0n);
  const count = Number(people.atLeast);
  const solved = solveMix(paid, { count, atLeast: amount.atLeast, below: amount.below }, random);
  const weights = paid.reduce((sum, { weight }) => sum + weight, 0);
  const dealt = new Map(groups.map((group) => [group, { ...group, counts: group.cases.map(() => 0) }]));
  for (const share of shares) {
    const own = paid.indexOf(share);
    dealt.get(groups[share.place]!)!.counts[share.index] =
      own >= 0 ? solved[own]! : Math.ceil((count * share.weight) / weights);
  }
  return walks.map((walk) => walk.map((group) => dealt.get(group)!));
}

/** What one row of such a list is granted, over all months that it asks for. */
function grantedFor(programme: Programme, group: Group, facts: StatedFacts, decidedOn: string): bigint {
  const head = { ...facts, receivedOn: group.receivedOn };
  if (programme === 'covid-support') {
    const known = { isPolicyAlreadyPaid: false, isOtherOneOffPaid: false, isInsuredThen: true };
    return evaluate(programme, { ...head, ...known, policy: group.choice }, decidedOn).amount;
  }
  const employer = {
    employerType: 'enterprise',
    isAreaEligible: true,
    isOnInsuranceList: true,
    isInsuranceEmployer: true,
  };
  return group.months.reduce((sum, month, monthsSupported) => {
    const known = { month: `${month}-01`, isMonthSupported: false, monthsSupported };
    return (
      sum + evaluate(programme, { ...head, ...employer, ...known, group: group.choice }, decidedOn).amount
    );
  }, 0n);
}

export const rowsOf = (walks: readonly (readonly Dealt[])[]): number =>
  walks.flat().reduce((sum, { counts }) => sum + counts.reduce((of, each) => of + each, 0), 0);

/**
 * The lists of all employers. Each fills the group that is being dealt out, and the next one where that is used up.
 * @throws RangeError where the employers have too few workers
 */
export function* planLists(
  plan: SupportPlan,
  walks: readonly (readonly Dealt[])[],
  staff: () => Iterable<Staff>,
  seed: number,
): Generator<PlannedList, void, undefined> {
  for (const walk of walks) {
    const random = new Random(seed);
    const deals = walk.map((group) => ({ group, deal: new Deal(group.counts, random) }));
    let index = 0;
    for (const { employer, workers } of staff()) {
      if (!plan.takes(employer, index++)) continue;
      let taken = 0;
      while (taken < workers.length) {
        const current = deals.find(({ deal }) => deal.rest > 0);
        if (!current) break;
        const { group, deal } = current;
        const asked = workers.slice(taken, taken + deal.rest);
        taken += asked.length;
        yield {
          ...group,
          employer,
          rows: asked.map((worker) => ({ worker, facts: group.cases[deal.draw()]!.facts })),
        };
      }
    }
    const left = deals.reduce((sum, { deal }) => sum + deal.rest, 0);
    if (left > 0) throw new RangeError(`Employers have ${left} workers too few`);
  }
}
