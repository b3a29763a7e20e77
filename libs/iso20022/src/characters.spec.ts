import { describe, expect, test } from '@jest/globals';
import { checkDay, checkIdentifier, checkInstant, checkText, readDay, readInstant } from './characters.js';

describe('checkText', () => {
  test('the same name gives the same text however it was typed', () => {
    expect(checkText('Nguyễn'.normalize('NFD'), 140, 'Nm')).toBe('Nguyễn'.normalize('NFC'));
  });

  test('what passes as plain is in NFC, and holds nothing that is refused', () => {
    const letters = [
      [0x20, 0x7e],
      [0xa1, 0xac],
      [0xae, 0x2ff],
      [0x1ea0, 0x1ef9],
    ].flatMap(([from, to]) => Array.from({ length: to! - from! + 1 }, (_, index) => from! + index));
    for (const one of letters) {
      const text = `a${String.fromCodePoint(one)}`;
      expect(checkText(text, 2, 'Nm')).toBe(text.normalize('NFC'));
      expect(text).not.toMatch(/[\p{Cc}\p{Cs}\p{M}]/u);
    }
  });

  test.each(['', '   ', 'a\u0000b', 'a\nb', 'a\u0085b', 'a\uD800b', 'a\uFFFEb', 'x'.repeat(141)])(
    'refuses %j',
    (text) => {
      expect(() => checkText(text, 140, 'Nm')).toThrow(expect.objectContaining({ code: 'INVALID_VALUE' }));
    },
  );
});

test.each(['', 'a'.repeat(36), 'a_b', 'đ', 'a\n'])('checkIdentifier refuses %j', (value) => {
  expect(() => checkIdentifier(value, 'MsgId')).toThrow(expect.objectContaining({ code: 'INVALID_VALUE' }));
});

test('days and instants are those of the calendar', () => {
  expect(checkDay('2024-02-29', 'Dt')).toBe('2024-02-29');
  expect(readDay('2024-02-29T23:59:59+07:00', 'Dt')).toBe('2024-02-29');
  expect(checkInstant('2022-07-01T09:30:00.123+07:00', 'CreDtTm')).toBe('2022-07-01T09:30:00.123+07:00');
  expect(readInstant('2014-01-03T00:00:00', 'CreDtTm')).toBe('2014-01-03T00:00:00');
  const invalid = expect.objectContaining({ code: 'INVALID_VALUE' });
  for (const text of ['2023-02-29', '2022-13-01', '2022-00-10', '2022-01-00', '22-01-01', '', '2022-1-1']) {
    expect(() => checkDay(text, 'Dt')).toThrow(invalid);
  }
  for (const text of ['2022-07-01T09:30:00', '2022-07-01', '2022-07-01T25:30:00Z', 'now', '']) {
    expect(() => checkInstant(text, 'CreDtTm')).toThrow(invalid);
  }
});
