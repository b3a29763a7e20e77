import { describe, expect, test } from '@jest/globals';
import { maskNumbers } from './logger.js';

describe('a line of a log', () => {
  test.each([
    ['citizen 000000000012 was', 'citizen ********0012 was'],
    ['account 123456789', 'account ********6789'],
    ['account 1234567890123456789.', 'account ********6789.'],
    ['glued VCB0123456789x', 'glued VCB********6789x'],
    ['twice 000000000012,000000000034', 'twice ********0012,********0034'],
    ['id-000000000012', 'id-********0012'],
  ])('%s', (line, masked) => {
    expect(maskNumbers(line)).toBe(masked);
  });

  test.each([
    'LO-00000042-0000123',
    '2026-11-25T06:30:00.123Z',
    // Identifiers of requests and records, one of them without a letter in its last group.
    '0199b2c4-7c1a-7000-8000-000000000042',
    'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    'status 200, 12345678 ms',
  ])('%s stays as it is', (line) => {
    expect(maskNumbers(line)).toBe(line);
  });

  test('of digits alone is no digest', () => {
    expect(maskNumbers('1'.repeat(40))).toBe('********1111');
  });
});
