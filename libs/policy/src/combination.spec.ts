import { expect, test } from '@jest/globals';
import { compileCombination, type Standing } from './combination.js';
import type { Combination } from './shape.js';

const rules = ['base', 'other', 'elsewhere', 'open', 'refused'];
const standing: Standing = {
  states: ['fired', 'fired', 'fired', 'unknown', 'refused'],
  amounts: [100n, 300n, 200n, 0n, 0n],
};

/** What a combination comes to; `elsewhere` is given by somebody else, `repealed` is no law. */
function combine(source: Combination) {
  const compiled = compileCombination(source, {
    indexOf: (rule) => (rules.includes(rule) ? rules.indexOf(rule) : undefined),
    isPaidElsewhere: (index) => rules[index] === 'elsewhere',
    unconfirmed: (part) => (part.id ? [{ row: part.id, confidence: 'memory' }] : []),
  });
  const { choice, isOpen } = compiled(standing);
  return {
    amount: choice?.amount ?? null,
    chosen: choice?.chosen.map((index) => rules[index]) ?? [],
    isOpen,
    isPaidElsewhere: choice?.isPaidElsewhere ?? false,
    doubtful: choice?.doubtful.map(({ row }) => row) ?? [],
  };
}

const nothing = { amount: null, chosen: [], isOpen: false, isPaidElsewhere: false, doubtful: [] };

test.each<[string, Combination, Partial<ReturnType<typeof combine>>]>([
  ['a rule that is no law', 'repealed', nothing],
  ['a rule that refused', 'refused', nothing],
  ['what is not known', 'open', { ...nothing, isOpen: true }],
  [
    'a sum',
    { sum: ['base', 'other', 'refused'] },
    { amount: 400n, chosen: ['base', 'other'], isOpen: false },
  ],
  ['a sum with what others pay', { sum: ['base', 'elsewhere'] }, { amount: 100n, isPaidElsewhere: false }],
  ['a sum with something open', { sum: ['base', 'open'] }, { amount: 100n, isOpen: true }],
  ['the highest', { highest: ['base', 'other', 'elsewhere'] }, { amount: 300n, chosen: ['other'] }],
  ['the highest, paid by others', { highest: ['base', 'elsewhere'] }, { isPaidElsewhere: true }],
  ['the first', { first: ['refused', 'base', 'open'] }, { amount: 100n, chosen: ['base'], isOpen: false }],
  ['the first behind something open', { first: ['open', 'base'] }, { amount: 100n, isOpen: true }],
  ['a supplement', { of: 'base', supplements: ['other'] }, { amount: 400n, chosen: ['base', 'other'] }],
  ['a supplement to nothing', { of: 'refused', supplements: ['other', 'open'] }, nothing],
  ['a doubtful way with one part', { id: 'way', highest: ['base', 'refused'] }, { doubtful: [] }],
  [
    'a doubtful way between two',
    { id: 'way', highest: ['base', 'other'] },
    { amount: 300n, doubtful: ['way'] },
  ],
])('%s', (_, source, expected) => expect(combine(source)).toMatchObject(expected));
