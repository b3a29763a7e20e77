import { expect, test } from '@jest/globals';
import type { DecisionOutcome } from '@ansinh/policy';
import { changeOf } from './month-change.js';

type Case = [DecisionOutcome, bigint, bigint, 'month' | 'again', 'first' | 'later', string | null];

test.each<Case>([
  ['granted', 540_000n, 0n, 'month', 'first', 'new'],
  ['granted', 540_000n, 0n, 'month', 'later', 'new'],
  ['granted', 540_000n, 540_000n, 'month', 'later', null],
  ['granted', 720_000n, 540_000n, 'month', 'later', 'changed'],
  ['granted', 360_000n, 540_000n, 'month', 'later', 'changed'],
  ['refused', 0n, 540_000n, 'month', 'later', 'stopped'],
  ['paidElsewhere', 0n, 540_000n, 'month', 'later', 'stopped'],
  ['refused', 0n, 0n, 'month', 'first', null],
  ['unconfirmed', 0n, 540_000n, 'month', 'later', 'undecided'],
  ['incomplete', 0n, 0n, 'month', 'first', 'undecided'],
  ['incomplete', 0n, 0n, 'month', 'later', null],
  ['granted', 750_000n, 540_000n, 'again', 'later', 'arrears'],
  ['granted', 540_000n, 0n, 'again', 'first', 'arrears'],
  ['granted', 540_000n, 750_000n, 'again', 'later', 'overpaid'],
  ['refused', 0n, 540_000n, 'again', 'later', 'overpaid'],
  ['granted', 540_000n, 540_000n, 'again', 'later', null],
  ['incomplete', 0n, 540_000n, 'again', 'later', 'undecided'],
])('%s %s after %s, %s, %s: %s', (outcome, amount, amountBefore, when, place, expected) => {
  const before = { amountBefore, isLookedAtAgain: when === 'again', isFirst: place === 'first' };
  expect(changeOf({ outcome, amount }, before)).toBe(expected);
});
