import { expect, test } from '@jest/globals';
import { canGo, unreachableStates } from './transition-table.js';

const table = { new: ['open'], open: ['closed', 'new'], closed: [], lost: ['closed'] } as const;

test.each([
  ['new', 'open', true],
  ['open', 'new', true],
  ['new', 'closed', false],
  ['closed', 'open', false],
  ['open', 'open', false],
] as const)('from %s to %s: %p', (from, to, expected) => expect(canGo(table, from, to)).toBe(expected));

test('a state that no path reaches is found', () => {
  expect(unreachableStates(table, 'new')).toEqual(['lost']);
  expect(unreachableStates(table, 'closed')).toEqual(['new', 'open', 'lost']);
});
