import { describe, expect, test } from '@jest/globals';
import {
  findLoanMove,
  loanMoves,
  loanStates,
  loanTransitions,
  type LoanMove,
  type LoanState,
} from './index.js';

const kinds = [...new Set(loanMoves.map(({ kind }) => kind))];
const moves: readonly LoanMove[] = loanMoves;

const owing = [
  'tranchePaid',
  'trancheReturned',
  'repay',
  'refund',
  'reverse',
  'settle → closed',
  'changeRate',
  'cancelInterest',
  'cancelPrincipal',
];
const running = ['checkUse', 'recall → recalled', 'freeze → frozen'];

/** Said once more, by state: a move that is added or lost is seen here. */
const expected: Record<LoanState, string[]> = {
  applied: ['confirm → confirmed', 'refuse → refused', 'withdraw → withdrawn'],
  confirmed: ['sendBack → applied', 'appraise → appraised', 'refuse → refused', 'withdraw → withdrawn'],
  appraised: ['approve → approved', 'refuse → refused', 'withdraw → withdrawn'],
  approved: ['sign → contracted', 'withdraw → withdrawn', 'cancel → cancelled'],
  contracted: ['disburse → disbursing', 'withdraw → withdrawn', 'cancel → cancelled'],
  disbursing: ['disbursementPaid → active', 'disbursementReturned → approved'],
  active: [
    ...owing,
    ...running,
    'disburseTranche',
    'fallOverdue → overdue',
    'extend → active',
    'defer → active',
    'reschedule → active',
  ],
  overdue: [
    ...owing,
    ...running,
    'catchUp → active',
    'extend → active',
    'defer → active',
    'reschedule → active',
  ],
  frozen: [...owing, 'thaw → active'],
  recalled: owing,
  closed: ['refund', 'reopen → active'],
  refused: [],
  withdrawn: [],
  cancelled: [],
};

describe.each(loanStates)('from %s', (from) => {
  test.each(kinds)('%s', (kind) => {
    const move = findLoanMove(from, kind);
    const said = move && (move.to === null ? kind : `${kind} → ${move.to}`);
    expect(expected[from].filter((one) => one.split(' ')[0] === kind)).toEqual(said ? [said] : []);
  });

  test('each kind of move leads to one state, by one actor', () => {
    const possible = moves.filter((move) => move.from.includes(from)).map(({ kind }) => kind);
    expect(new Set(possible).size).toBe(possible.length);
  });

  test('is reached, and leads to an end', () => {
    expect(from === 'applied' || reachableFrom('applied').has(from)).toBe(true);
    const ends = ['closed', 'refused', 'withdrawn', 'cancelled'];
    expect(ends.includes(from) || ends.some((end) => reachableFrom(from).has(end as LoanState))).toBe(true);
  });
});

function reachableFrom(state: LoanState): Set<LoanState> {
  const seen = new Set(loanTransitions[state]);
  for (const one of seen) for (const next of loanTransitions[one]) seen.add(next);
  return seen;
}

test('whoever decides has a paper, and what moves by itself decides nothing', () => {
  for (const { kind, by, decision } of moves)
    expect([kind, decision === null]).toEqual([kind, by === 'system']);
});

test('money goes out only after an approval by somebody who did not appraise', () => {
  const before: LoanState[] = ['applied', 'confirmed', 'appraised'];
  for (const from of before) expect(loanTransitions[from]).not.toContain('disbursing');
  expect(findLoanMove('appraised', 'approve')!.by).not.toBe(findLoanMove('confirmed', 'appraise')!.by);
  expect(moves.filter(({ to }) => to === 'approved').map(({ kind }) => kind)).toEqual([
    'approve',
    'disbursementReturned',
  ]);
});

test('every event of the book is written by a move', () => {
  const written = new Set(moves.flatMap(({ event }) => event ?? []));
  expect([...written].sort()).toEqual([
    'deferred',
    'disbursed',
    'extended',
    'frozen',
    'interestCancelled',
    'principalCancelled',
    'rateChanged',
    'recalled',
    'refunded',
    'repaid',
    'rescheduled',
    'reversed',
  ]);
});
