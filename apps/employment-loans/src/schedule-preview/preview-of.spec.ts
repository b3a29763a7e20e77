import { expect, test } from '@jest/globals';
import { ProblemError } from '@ansinh/problem';
import { previewOf } from './preview-of.js';

const asked = {
  productCode: 'EL-WORKER',
  amount: '80000000',
  termMonths: 36,
  disbursedOn: '2022-03-01',
} as const;

test('principal comes back by the spacing of the bank, interest monthly', () => {
  const { ratePpm, instalments, interest } = previewOf(asked);
  expect(ratePpm).toBe(79_200);
  expect(instalments).toHaveLength(36);
  expect(instalments.filter(({ principal }) => principal !== '0').map(({ number }) => number)).toEqual([
    24, 36,
  ]);
  // 31 days of 80 million at 7.92 %.
  expect(instalments[0]).toMatchObject({ dueOn: '2022-04-01', interest: '538126' });
  expect(instalments.at(-1)!.balance).toBe('0');
  const sum = instalments.reduce((total, row) => total + BigInt(row.interest), 0n);
  expect(interest).toBe(sum.toString());
});

test.each([
  ['a product that was not there', { ...asked, disbursedOn: '2010-01-01' }, 'LOAN_PRODUCT'],
  ['no rate where the law names none', { ...asked, disbursedOn: '2026-03-01' }, 'LOAN_RATE'],
  [
    'a first due day before the money',
    { ...asked, firstDueOn: '2022-02-01' },
    'LOAN_SCHEDULE: 2022-02-07 is due, but has to come after 2022-03-01',
  ],
] as const)('%s is refused', (_, input, code) => {
  expect(() => previewOf(input)).toThrow(ProblemError);
  expect(() => previewOf(input)).toThrow(code);
});
