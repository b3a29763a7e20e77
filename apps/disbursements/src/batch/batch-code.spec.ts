import { describe, expect, test } from '@jest/globals';
import { batchCode, batchNumberOf, endToEndId, readEndToEndId } from './batch-code.js';

describe('the code of a batch', () => {
  test.each([
    ['1', 'LO-00000001'],
    ['42', 'LO-00000042'],
    ['99999999', 'LO-99999999'],
    ['100000000', 'LO-100000000'],
    ['123456789012345678', 'LO-123456789012345678'],
  ])('%s is %s, and back', (number, code) => {
    expect(batchCode(number)).toBe(code);
    expect(batchNumberOf(code)).toBe(number);
  });
});

describe('the end-to-end id of a payment', () => {
  test.each([
    ['1', 1, 'LO-00000001-0000001'],
    ['42', 604_000, 'LO-00000042-0604000'],
    ['42', 10_000_000, 'LO-00000042-10000000'],
    ['123456789012345678', 999_999_999, 'LO-123456789012345678-999999999'],
  ])('batch %s, row %i is %s, and back', (batchNumber, row, id) => {
    expect(endToEndId(batchNumber, row)).toBe(id);
    expect(readEndToEndId(id)).toEqual({ batchNumber, row });
  });

  test('is never longer than ISO 20022 lets it be', () => {
    expect(endToEndId('9'.repeat(18), 999_999_999).length).toBeLessThanOrEqual(35);
  });

  test.each([
    ['nothing', ''],
    ['another sender’s', 'HOA-DON-2022-17'],
    ['a batch without a row', 'LO-00000042'],
    ['too few digits', 'LO-42-0000001'],
    ['a zero too many in front', 'LO-000000042-0000001'],
    ['a zero too many in the row', 'LO-00000042-00000001'],
    ['something before', ' LO-00000042-0000001'],
    ['something after', 'LO-00000042-0000001\n'],
    ['small letters', 'lo-00000042-0000001'],
    ['full-width digits', 'LO-００００００４２-0000001'],
    ['a number that no bigint holds', `LO-${'9'.repeat(19)}-0000001`],
    ['a row that no int holds', 'LO-00000042-9999999999'],
  ])('%s is not ours', (_, id) => expect(readEndToEndId(id)).toBeNull());
});
