import { describe, expect, test } from '@jest/globals';
import { evaluate } from '@ansinh/policy';
import { Random } from '@ansinh/samples';
import { figuresOf, stepOf } from './figures.js';
import { Deal, solveMix, sumOf } from './mix.js';
import { makeEmployers, staffOf } from './province.js';
import { covidPlan, dealCases, planLists, rentPlan, rowsOf } from './support-plan.js';

describe('published figures', () => {
  test.each([
    [604_000n, 1_000n],
    [199_500_000_000n, 100_000_000n],
    [7n, 1n],
  ])('%d was rounded to %d', (figure, step) => expect(stepOf(figure)).toBe(step));

  test('a scale takes a part of both bounds, and never the floor itself away', () => {
    const workers = figuresOf(2022, 0.01).get('covidSupport.workers');
    expect(workers).toMatchObject({ atLeast: 6_040n, below: 6_050n });
    expect(figuresOf(2022, 1).get('covidSupport.enterprises')).toMatchObject({
      atLeast: 8_104n,
      below: 8_105n,
    });
    expect(figuresOf(2022, 0.001).get('covidSupport.businessHouseholds')!.atLeast).toBe(1n);
    expect(() => figuresOf(2021, 1)).toThrow(RangeError);
  });
});

describe('a mix of lawful amounts', () => {
  const shares = [
    { amount: 1_000_000n, weight: 7 },
    { amount: 1_855_000n, weight: 2 },
    { amount: 3_710_000n, weight: 1 },
  ];

  test.each([1, 2, 3, 4, 5])('has the people and the sum that were asked for (seed %d)', (seed) => {
    const target = { count: 604_000, atLeast: 778_000_000_000n, below: 779_000_000_000n };
    const counts = solveMix(shares, target, new Random(seed));
    expect(counts.reduce((sum, each) => sum + each, 0)).toBe(target.count);
    expect(counts.every((each) => each >= 0)).toBe(true);
    const sum = sumOf(shares, counts);
    expect(sum >= target.atLeast && sum < target.below).toBe(true);
  });

  test('is refused where no mix of so many people comes to it', () => {
    const target = { count: 10, atLeast: 38_000_000n, below: 39_000_000n };
    expect(() => solveMix(shares, target, new Random(1))).toThrow(RangeError);
  });

  test('is dealt out to the last one', () => {
    const deal = new Deal([3, 0, 2], new Random(1));
    const drawn = Array.from({ length: 5 }, () => deal.draw());
    expect(drawn.sort()).toEqual([0, 0, 0, 2, 2]);
    expect(() => deal.draw()).toThrow(RangeError);
  });
});

describe('the lists of a year', () => {
  const scale = 0.005;
  const figures = figuresOf(2022, scale);
  const bounds = (of: 'covidSupport' | 'rentSupport', people: string) => ({
    people: figures.get(`${of}.${people}`)!,
    amount: figures.get(`${of}.amountPaid`)!,
  });
  const covid = dealCases(covidPlan, bounds('covidSupport', 'workers'), 1);
  const rent = dealCases(rentPlan, bounds('rentSupport', 'workerTimes'), 1);
  const employers = makeEmployers({
    workers: rowsOf(covid),
    enterprises: 41,
    businessHouseholds: 2,
    seed: 1,
  });
  const staff = () => staffOf(employers, 1);

  test('of the COVID-19 support name everybody once, and the law grants them the published sum', () => {
    const lists = [...planLists(covidPlan, covid, staff, 1)];
    const rows = lists.flatMap(({ choice, receivedOn, rows }) =>
      rows.map(({ worker, facts }) => {
        const known = { isPolicyAlreadyPaid: false, isOtherOneOffPaid: false, isInsuredThen: true };
        const all = { ...facts, ...known, receivedOn, policy: choice };
        return { worker, ...evaluate('covid-support', all, covidPlan.decidedOn) };
      }),
    );
    expect(new Set(rows.map(({ worker }) => worker.citizenNumber)).size).toBe(rows.length);
    expect(new Set(lists.map(({ employer }) => employer.taxCode)).size).toBe(43);
    const granted = rows.filter(({ outcome }) => outcome === 'granted');
    const { people, amount } = bounds('covidSupport', 'workers');
    expect(BigInt(granted.length)).toBe(people.atLeast);
    const sum = granted.reduce((total, each) => total + each.amount, 0n);
    expect(sum >= amount.atLeast && sum < amount.below).toBe(true);
    expect(rows.filter(({ outcome }) => outcome === 'refused').length).toBe(rows.length - granted.length);
    expect(rows.length).toBeGreaterThan(granted.length);
  });

  test('of the rent support ask for three months of one person at most, each of them once', () => {
    const months = new Map<string, string[]>();
    let times = 0n;
    for (const { rows, months: asked } of planLists(rentPlan, rent, staff, 1)) {
      times += BigInt(rows.length);
      for (const { worker } of rows)
        months.set(worker.citizenNumber, [...(months.get(worker.citizenNumber) ?? []), ...asked]);
    }
    expect(times).toBe(bounds('rentSupport', 'workerTimes').people.atLeast);
    const each = [...months.values()];
    expect(each.every((of) => new Set(of).size === of.length && of.length <= 3)).toBe(true);
    // Some come a second time, and count twice.
    expect(months.size).toBeLessThan(Number(times));
  });

  test('are the same again for the same seed, and others for another', () => {
    const first = (seed: number) =>
      planLists(covidPlan, covid, () => staffOf(employers, seed), 1).next().value;
    expect(first(1)).toEqual(first(1));
    expect(first(2)).not.toEqual(first(1));
  });

  test('are refused where employers have too few workers', () => {
    const few = () => staffOf(employers.slice(0, 3), 1);
    expect(() => [...planLists(covidPlan, covid, few, 1)]).toThrow(RangeError);
  });
});
