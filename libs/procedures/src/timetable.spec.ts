import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import {
  deskRulesOn,
  type DossierMove,
  findProcedure,
  type Procedure,
  timetableOf,
  whereabouts,
} from './index.js';

function findDeadlines(from: string): string | undefined {
  const holidays = join(from, 'shared/law/holidays.json');
  if (existsSync(holidays)) return holidays;
  return dirname(from) === from ? undefined : findDeadlines(dirname(from));
}

const deadlines = findDeadlines(import.meta.dirname);
const whenAbsent = deadlines ? '' : ' (skipped: no shared/law beside the checkout)';

/** `2022-03-07 09:00` by the clocks of Viet Nam. */
const at = (time: string) => new Date(`${time.replace(' ', 'T')}+07:00`);

/** A procedure of one step of so many days, or of several. */
function procedure(terms: number[], unit: 'workingDays' | 'days' | 'hours' = 'workingDays'): Procedure {
  const monthly = findProcedure('SP-MONTHLY', '2022-03-01')!;
  const step = monthly.steps[0]!;
  return {
    ...monthly,
    steps: terms.map((term, index) => ({ ...step, code: `step${index + 1}`, term, unit })),
  };
}

const received = (time: string): DossierMove => ({ kind: 'received', at: at(time) });
const forwarded = (time: string, step: string): DossierMove => ({ kind: 'forwarded', at: at(time), step });
type Plain = Exclude<DossierMove['kind'], 'received' | 'forwarded'>;
const move = (kind: Plain, time: string): DossierMove => ({ kind, at: at(time) }) as DossierMove;

const dueOn = (terms: number[], ...moves: DossierMove[]) => timetableOf(procedure(terms), moves).due.on;

describe('the day that counts as that of reception', () => {
  test.each([
    ['in the morning', '2022-03-07 09:00:00.000', '2022-03-07', '2022-03-08'],
    ['at 15:00', '2022-03-07 15:00:00.000', '2022-03-07', '2022-03-08'],
    ['a moment later', '2022-03-07 15:00:00.001', '2022-03-08', '2022-03-09'],
    ['at midnight', '2022-03-08 00:00:00.000', '2022-03-08', '2022-03-09'],
    ['late on a Friday', '2022-03-11 16:00:00.000', '2022-03-14', '2022-03-15'],
    ['on a Saturday', '2022-03-12 09:00:00.000', '2022-03-14', '2022-03-15'],
    ['on a Saturday that is worked', '2024-05-04 09:00:00.000', '2024-05-04', '2024-05-06'],
    ['late on a Saturday that is worked', '2024-05-04 15:30:00.000', '2024-05-06', '2024-05-07'],
    ['on the Friday before it, late', '2024-05-03 15:30:00.000', '2024-05-04', '2024-05-06'],
    ['on the Monday that is off for it', '2024-04-29 09:00:00.000', '2024-05-02', '2024-05-03'],
    ['late on the last day before Tết', '2022-01-28 15:01:00.000', '2022-02-07', '2022-02-08'],
    ['in time on the last day before Tết', '2022-01-28 15:00:00.000', '2022-01-28', '2022-02-07'],
    ['on New Year’s Eve, late', '2021-12-31 23:59:59.999', '2022-01-04', '2022-01-05'],
  ])('%s (%s) it is %s, and a term of one day ends on %s', (_, time, countsFrom, due) => {
    const timetable = timetableOf(procedure([1]), [received(time)]);
    expect(timetable.countsFrom).toBe(countsFrom);
    // By then the desk has to pass it on.
    expect(timetable.stays[0]!.due.on).toBe(countsFrom);
    expect(timetable.due.on).toBe(due);
  });

  test('hours count from the instant, whatever the hour and the day', () => {
    const emergency = findProcedure('CH-EMERGENCY', '2022-03-04')!;
    const { due } = timetableOf(emergency, [received('2022-03-04 17:30')]);
    expect(due).toEqual({ on: '2022-03-05', at: at('2022-03-05 05:30') });
  });

  test('a day ends at 24:00 in Viet Nam', () => {
    const { due } = timetableOf(procedure([1]), [received('2022-03-07 09:00')]);
    expect(due.at).toEqual(at('2022-03-09 00:00'));
  });
});

describe('terms', () => {
  // On both sides of every block of holidays: the due day before it, and the first one after it.
  test.each([
    ['2022-01-27', 1, '2022-01-28'],
    ['2022-01-27', 2, '2022-02-07'],
    ['2022-01-27', 3, '2022-02-08'],
    ['2022-04-07', 1, '2022-04-08'],
    ['2022-04-07', 2, '2022-04-12'],
    ['2022-04-28', 1, '2022-04-29'],
    ['2022-04-28', 2, '2022-05-04'],
    ['2022-08-30', 1, '2022-08-31'],
    ['2022-08-30', 2, '2022-09-05'],
    ['2022-08-30', 5, '2022-09-08'],
    ['2023-01-18', 1, '2023-01-19'],
    ['2023-01-18', 2, '2023-01-27'],
    ['2023-01-18', 7, '2023-02-03'],
    ['2024-04-26', 1, '2024-05-02'],
    ['2024-04-26', 2, '2024-05-03'],
    ['2024-04-26', 3, '2024-05-04'],
    ['2024-04-26', 4, '2024-05-06'],
    ['2025-04-25', 1, '2025-04-26'],
    ['2025-04-25', 2, '2025-04-28'],
    ['2026-02-13', 1, '2026-02-23'],
    ['2026-02-13', 3, '2026-02-25'],
    ['2026-08-21', 1, '2026-08-22'],
    ['2026-08-28', 1, '2026-09-03'],
    ['2026-11-23', 1, '2026-11-25'],
  ])('received on %s, %i working days end on %s', (start, count, due) => {
    expect(dueOn([count], received(`${start} 09:00`))).toBe(due);
  });

  (deadlines ? test : test.skip)(`agree with the table of holidays${whenAbsent}`, () => {
    const { deadlineTests } = JSON.parse(readFileSync(deadlines!, 'utf8')) as {
      deadlineTests: { start: string; workingDays: number; due: string }[];
    };
    expect(deadlineTests.length).toBeGreaterThan(0);
    for (const { start, workingDays, due } of deadlineTests)
      expect(dueOn([workingDays], received(`${start} 09:00`))).toBe(due);
  });

  test.each([
    ['within the week', '2022-03-08 09:00', 2, '2022-03-10'],
    ['that end on a Saturday go on to Monday', '2022-03-10 09:00', 2, '2022-03-14'],
    ['that end within Tết go on to the day after it', '2022-01-28 09:00', 2, '2022-02-07'],
  ])('days of the calendar %s', (_, time, count, due) => {
    expect(timetableOf(procedure([count], 'days'), [received(time)]).due.on).toBe(due);
  });

  test('steps: each has its own days from the day on which it comes, and the promise is the sum', () => {
    const { due, stays } = timetableOf(procedure([7, 3, 7, 3]), [
      received('2022-03-07 09:00'),
      forwarded('2022-03-07 14:00', 'step1'),
      forwarded('2022-03-10 14:00', 'step2'),
      forwarded('2022-03-16 16:00', 'step3'),
    ]);
    expect(due.on).toBe('2022-04-04');
    expect(stays.map((stay) => [stay.step, stay.due.on])).toEqual([
      [null, '2022-03-07'],
      ['step1', '2022-03-16'],
      ['step2', '2022-03-15'],
      ['step3', '2022-03-25'],
    ]);
  });

  test('what is seldom needed adds its days to the promise once it is entered', () => {
    const monthly = findProcedure('SP-MONTHLY', '2022-03-01')!;
    const moves = [received('2022-03-07 09:00'), forwarded('2022-03-07 10:00', 'review')];
    expect(timetableOf(monthly, moves).due.on).toBe('2022-04-04');
    moves.push(forwarded('2022-03-15 10:00', 'complaint'));
    expect(timetableOf(monthly, moves).due.on).toBe('2022-04-19');
  });
});

describe('the clock', () => {
  const start = [received('2022-03-07 09:00'), forwarded('2022-03-07 10:00', 'step1')];
  const held = (from: string, until: string) => [move('held', from), move('resumed', until)];

  test.each([
    ['within one day', '2022-03-08 09:00', '2022-03-08 16:00', '2022-03-14'],
    ['over a night', '2022-03-08 09:00', '2022-03-09 09:00', '2022-03-15'],
    ['over a week-end', '2022-03-11 09:00', '2022-03-14 09:00', '2022-03-15'],
    ['from Friday to Saturday', '2022-03-11 09:00', '2022-03-12 09:00', '2022-03-14'],
    ['on the last day', '2022-03-14 23:59', '2022-03-16 09:00', '2022-03-16'],
    ['on the day on which it came', '2022-03-07 11:00', '2022-03-09 09:00', '2022-03-16'],
    ['when it is late already', '2022-03-15 00:00', '2022-03-25 09:00', '2022-03-14'],
  ])('stands still on hold %s (%s to %s): 5 days end on %s', (_, from, until, due) => {
    const timetable = timetableOf(procedure([5]), [...start, ...held(from, until)]);
    expect(timetable.due.on).toBe(due);
    expect(timetable.stays.at(-1)!.due.on).toBe(due);
  });

  test('two holds add up', () => {
    const moves = [
      ...start,
      ...held('2022-03-08 09:00', '2022-03-09 09:00'),
      ...held('2022-03-10 09:00', '2022-03-11 09:00'),
    ];
    expect(dueOn([5], ...moves)).toBe('2022-03-16');
  });

  test.each([
    ['before the cut-off', '2022-03-17 15:00', '2022-03-24', '2022-03-29'],
    ['after it', '2022-03-17 15:01', '2022-03-25', '2022-03-30'],
    ['on a Sunday', '2022-03-20 10:00', '2022-03-28', '2022-03-31'],
  ])('begins anew with a supplement that comes %s (%s)', (_, time, step, whole) => {
    const timetable = timetableOf(procedure([5, 3]), [
      ...start,
      move('supplementAsked', '2022-03-10 09:00'),
      move('supplemented', time),
    ]);
    expect(timetable.stays.at(-1)!.due.on).toBe(step);
    expect(timetable.due.on).toBe(whole);
  });

  test('begins anew for the step and what follows it, not for what is done', () => {
    const timetable = timetableOf(procedure([5, 3, 2]), [
      ...start,
      forwarded('2022-03-09 10:00', 'step2'),
      move('supplementAsked', '2022-03-10 09:00'),
      move('supplemented', '2022-03-14 09:00'),
    ]);
    expect(timetable.stays.at(-1)!.due.on).toBe('2022-03-17');
    expect(timetable.due.on).toBe('2022-03-21');
  });

  test('what was late when the supplement was asked for stays late', () => {
    const timetable = timetableOf(procedure([2]), [
      ...start,
      move('supplementAsked', '2022-03-10 09:00'),
      move('supplemented', '2022-03-14 09:00'),
    ]);
    expect(timetable.due.on).toBe('2022-03-09');
  });

  test('says since when it stands still', () => {
    const asked = move('supplementAsked', '2022-03-10 09:00');
    expect(timetableOf(procedure([5]), [...start, asked]).stoppedAt).toEqual(asked.at);
    expect(timetableOf(procedure([5]), start).stoppedAt).toBeNull();
    const ended = [...start, asked, move('decided', '2022-03-11 09:00')];
    expect(timetableOf(procedure([5]), ended).stoppedAt).toBeNull();
  });
});

test('the way of a dossier says on which day it stood where', () => {
  const moves = [
    received('2022-03-07 16:00'),
    forwarded('2022-03-08 08:00', 'step1'),
    move('held', '2022-03-09 09:00'),
    move('resumed', '2022-03-11 09:00'),
    forwarded('2022-03-14 09:00', 'step2'),
    move('supplementAsked', '2022-03-15 09:00'),
  ];
  const way = () => whereabouts(timetableOf(procedure([5, 3]), moves));
  const before = [
    { step: null, fromOn: '2022-03-07', untilOn: '2022-03-08', awaits: null },
    { step: 'step1', fromOn: '2022-03-08', untilOn: '2022-03-09', awaits: null },
    { step: 'step1', fromOn: '2022-03-09', untilOn: '2022-03-11', awaits: 'resumption' },
    { step: 'step1', fromOn: '2022-03-11', untilOn: '2022-03-14', awaits: null },
    { step: 'step2', fromOn: '2022-03-14', untilOn: '2022-03-15', awaits: null },
  ];
  expect(way()).toEqual([
    ...before,
    { step: 'step2', fromOn: '2022-03-15', untilOn: null, awaits: 'supplement' },
  ]);
  moves.push(move('supplemented', '2022-03-17 09:00'), move('decided', '2022-03-18 09:00'));
  expect(way()).toEqual([
    ...before,
    { step: 'step2', fromOn: '2022-03-15', untilOn: '2022-03-17', awaits: 'supplement' },
    { step: 'step2', fromOn: '2022-03-17', untilOn: '2022-03-18', awaits: null },
  ]);
});

test.each<[string, DossierMove[]]>([
  ['nothing', []],
  ['a decision without a reception', [move('decided', '2022-03-07 09:00')]],
  ['two receptions', [received('2022-03-07 09:00'), received('2022-03-07 09:00')]],
  ['a step that there is not', [received('2022-03-07 09:00'), forwarded('2022-03-07 09:00', 'step9')]],
  [
    'a supplement that nobody asked for',
    [received('2022-03-07 09:00'), move('supplemented', '2022-03-07 09:00')],
  ],
  [
    'a supplement to what is on hold',
    [
      received('2022-03-07 09:00'),
      move('held', '2022-03-07 10:00'),
      move('supplemented', '2022-03-07 11:00'),
    ],
  ],
  [
    'two holds at once',
    [received('2022-03-07 09:00'), move('held', '2022-03-07 10:00'), move('held', '2022-03-07 11:00')],
  ],
  [
    'going on while it stands still',
    [received('2022-03-07 09:00'), move('held', '2022-03-07 10:00'), forwarded('2022-03-07 11:00', 'step1')],
  ],
  [
    'anything after the decision',
    [received('2022-03-07 09:00'), move('decided', '2022-03-07 10:00'), move('held', '2022-03-07 11:00')],
  ],
])('refuses %s', (_, moves) => expect(() => timetableOf(procedure([5, 3]), moves)).toThrow(RangeError));

test.each([
  ['2018-06-21', 'verified'],
  ['2025-06-30', 'verified'],
  ['2025-07-01', 'memory'],
])('the rules of the desk on %s are %s', (day, confidence) =>
  expect(deskRulesOn(day).confidence).toBe(confidence),
);

test('before the decree there are none', () => expect(() => deskRulesOn('2018-06-20')).toThrow(RangeError));
