import { createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { RandomBytes } from './random-bytes.js';
import { readSealingKeys, Sealer } from './sealing.js';

const key = (fill: number) => Buffer.alloc(32, fill).toString('base64');
const sealer = new Sealer(readSealingKeys(`1:${key(1)}`, key(9)));

describe('sealing', () => {
  test('opens what it sealed, in its own place only', () => {
    const sealed = sealer.seal('027201001234\t0123456789', 'block/1/0');
    expect(sealed.includes('027201001234')).toBe(false);
    expect(sealer.open(sealed, 'block/1/0')).toBe('027201001234\t0123456789');
    expect(() => sealer.open(sealed, 'block/1/1')).toThrow();
  });

  test('one changed byte does not open', () => {
    const sealed = sealer.seal('027201001234', 'x');
    sealed[sealed.length - 1]! ^= 1;
    expect(() => sealer.open(sealed, 'x')).toThrow();
  });

  test('the highest version seals, older versions still open, a missing one says so', () => {
    const old = sealer.seal('027201001234', 'x');
    const rotated = new Sealer(readSealingKeys(`1:${key(1)},2:${key(2)}`, key(9)));
    expect(rotated.open(old, 'x')).toBe('027201001234');
    expect(rotated.seal('a', 'x').readUInt16BE(0)).toBe(2);
    expect(() => sealer.open(rotated.seal('a', 'x'), 'x')).toThrow('version 2 is missing');
  });

  test.each([
    ['a number', '027201001234'],
    ['nothing', ''],
    ['a long text', 'Đ'.repeat(80)],
    ['a very long text', 'Đ'.repeat(1_000)],
    ['a short one after them', '1'],
  ])('the look-up key is HMAC-SHA-256 of domain and value: %s', (_, value) => {
    const expected = createHmac('sha256', Buffer.alloc(32, 9)).update(`payee\u0000${value}`).digest('hex');
    expect(sealer.lookupKey('payee', value).replaceAll('-', '')).toBe(expected.slice(0, 32));
  });

  test('the look-up keys of two domains are never one', () => {
    expect(sealer.lookupKey('account', '027201001234')).not.toBe(sealer.lookupKey('payee', '027201001234'));
  });

  test.each([
    ['', key(9)],
    ['x:abc', key(9)],
    [`1:${key(1)}`, 'short'],
  ])('keys of a wrong form are refused: %s', (sealing, lookup) => {
    expect(() => readSealingKeys(sealing, lookup)).toThrow(/SEALING_KEYS|LOOKUP_KEY/);
  });
});

test('random bytes are of the length asked for, and never the same twice', () => {
  const random = new RandomBytes();
  const taken = Array.from({ length: 2_000 }, () => random.take(12).toString('hex'));
  expect(new Set(taken).size).toBe(taken.length);
  expect(new Set(taken.map((text) => text.length))).toEqual(new Set([24]));
});
