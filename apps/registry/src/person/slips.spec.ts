import { expect, test } from '@jest/globals';
import { meantBy } from './slips.js';

test.each([
  ['thah', 'thanh'],
  ['thannh', 'thanh'],
  ['thamh', 'thanh'],
  ['vna', 'van'],
  ['hoa', 'hoan'],
  ['y', 'vy'],
  ['vy', 'y'],
  ['nguyne', 'nguyen'],
])('«%s» may mean «%s»', (typed, meant) => expect(meantBy(typed)).toContain(meant));

test.each([
  ['van', 'van'],
  ['a', ''],
  ['vna', 'nav'],
  ['thah', 'thanhs'],
])('«%s» does not mean «%s»', (typed, other) => expect(meantBy(typed)).not.toContain(other));

test('each is said once, and a word that is too long means nothing else', () => {
  const meant = meantBy('aabb');
  expect(new Set(meant).size).toBe(meant.length);
  expect(meantBy('x'.repeat(100))).toEqual([]);
});
