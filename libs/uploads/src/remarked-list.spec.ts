import { expect, test } from '@jest/globals';
import { refuseLongWorkbook } from './remarked-list.js';

test('a list is given as a workbook as long as one sheet holds it; as CSV however long it is', () => {
  const refusing = (format: 'csv' | 'xlsx', rows: number) => () => refuseLongWorkbook({ format }, rows);
  expect(refusing('xlsx', 1_048_575)).not.toThrow();
  expect(refusing('xlsx', 1_048_576)).toThrow(
    expect.objectContaining({
      definition: expect.objectContaining({ code: 'LIST_TOO_LONG_FOR_WORKBOOK' }) as unknown,
    }),
  );
  expect(refusing('csv', 1_048_576)).not.toThrow();
});
