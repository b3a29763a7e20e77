import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ByteText } from './byte-text.js';

test('pieces come out as the bytes of them all, however many and long they are', () => {
  const text = new ByteText();
  const piece = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc
      .tuple(fc.constantFrom('a', 'Ắ', '\u{1F600}'), fc.nat(70_000))
      .map(([unit, count]) => unit.repeat(count)),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      for (const each of pieces) text.add(each);
      const expected = Buffer.from(pieces.join(''));
      expect(text.length).toBe(expected.length);
      expect(expected.equals(text.take())).toBe(true);
      expect(text.length).toBe(0);
    }),
  );
});

test('what was taken is not written over', () => {
  const text = new ByteText();
  text.add('first');
  const taken = text.take();
  text.add('other');
  expect(Buffer.from(taken).toString()).toBe('first');
});
