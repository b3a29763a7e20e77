import { expect, test } from '@jest/globals';
import { faultReport, type PlayedSchedule } from './fault-report.js';

const played: PlayedSchedule[] = [
  {
    schedule: { seed: 1, lines: 60 },
    happened: [{ kind: 'queue emptied' }, { kind: 'network to the bank', weather: 'silent' }],
    missed: [{ kind: 'worker killed', moment: 'during' }],
    kills: [],
    steps: ['send: COMMIT', 'send: COMMIT', 'send: COMMIT', 'send: new', 'send: once more'],
    broken: {},
    seconds: 30,
  },
  {
    schedule: { seed: 2, lines: 40 },
    happened: [{ kind: 'worker killed', moment: 'during' }],
    missed: [],
    kills: [{ at: 'send: COMMIT', moment: 'during' }],
    steps: ['send: new', 'send: new'],
    broken: { 'no chunk is an orphan': { count: 1 } },
    seconds: 30,
  },
];

const report = faultReport(played, [{ at: 'send: COMMIT' }, { at: 'send: START TRANSACTION' }]);

test('counts what happened, what did not, and what broke', () => {
  expect(report.table.split('\n')).toEqual([
    '| fault | injected | planned, its moment never came | in schedules that broke an invariant |',
    '| --- | ---: | ---: | ---: |',
    '| network to the bank: silent | 1 | 0 | 0 |',
    '| queue emptied | 1 | 0 | 0 |',
    '| worker killed: during | 1 | 1 | 1 |',
    '',
    '2 schedules, 100 payments, 1 minutes.',
    'Workers were killed at 1 of the 2 awaits, in 1 of 6 combinations of await and moment.',
  ]);
});

test('names the seed and the invariant', () => {
  expect(report.broken).toEqual([{ seed: 2, invariants: ['no chunk is an orphan'] }]);
});

test('names steps that are passed again and again, and at which nobody is ever killed', () => {
  expect(report.unlisted).toEqual(['send: new']);
});
