import { expect, test } from '@jest/globals';
import { citationsOf, evaluate, explain, explanationText, type Facts } from './index.js';

const worker: Facts = {
  policy: 'policy4',
  receivedOn: '2021-11-20',
  isPolicyAlreadyPaid: false,
  isOtherOneOffPaid: false,
  stoppedFrom: '2021-06-01',
  stoppedUntil: '2021-06-20',
  isInsuredThen: true,
  isPregnant: true,
};
const on = '2021-12-01';

test('what was asked stands with the fact that decided it, and what was not asked does not stand', () => {
  const explanation = explain(evaluate('covid-support', worker, on));
  expect(explanation.rules.map(({ rule, state, isChosen }) => [rule, state, isChosen])).toEqual([
    ['C-04a', 'fired', true],
    ['C-04b', 'refused', false],
    ['C-XP', 'fired', true],
    ['C-XC', 'refused', false],
    ['C-DUP', 'refused', false],
  ]);
  const refused = explanation.rules[1]!.conditions.filter(({ truth }) => truth === 'fails');
  expect(refused).toMatchObject([{ fact: 'stoppedDays', actual: 20, requirement: { from: 30 } }]);
  expect(citationsOf(evaluate('covid-support', worker, on))).toMatchObject([
    { row: 'C-04a', number: '23/2021/QĐ-TTg', article: '14', clause: '1a', inForceFrom: '2021-07-07' },
    { row: 'C-XP', article: '14', clause: '2' },
  ]);
});

test('a citizen reads it in both languages', () => {
  const decision = evaluate('covid-support', { ...worker, receivedOn: '2022-02-01' }, '2022-03-01');
  const vi = explanationText(decision, 'vi');
  expect(vi).toContain('Kết quả: chưa đủ điều kiện hưởng.');
  expect(vi).toContain('Ngày tiếp nhận hồ sơ: cần đến hết 31/01/2022; hồ sơ ghi 01/02/2022');
  expect(vi).toContain('khoản 1a Điều 14, Quyết định 23/2021/QĐ-TTg (sửa đổi)');
  const en = explanationText(decision, 'en');
  expect(en).toContain('Day on which the dossier was received: must be up to 31/01/2022; stated 01/02/2022');
  expect(en).toContain(decision.digest);
});

test('what is missing is named: the fact that has to be told, not what is worked out of it', () => {
  const treated: Facts = {
    ...worker,
    policy: 'policy7',
    treatedFrom: '2021-08-01',
    treatedUntil: '2021-08-03',
  };
  const { missing } = explain(evaluate('covid-support', treated, on));
  expect(missing.map(({ fact }) => fact)).toEqual(['bornOn']);
});

test('what gave way to a higher one is said to be met', () => {
  const facts: Facts = {
    bornOn: '1940-01-01',
    monthlyPension: 0n,
    disability: 'severe',
    certificateOn: '2020-01-01',
  };
  const decision = evaluate('monthly-allowance', facts, '2022-03-01');
  expect(explain(decision).rules.find(({ rule }) => rule === 'SP-5.5c')).toMatchObject({
    state: 'fired',
    isChosen: false,
    amount: 360_000n,
  });
  expect(explanationText(decision, 'vi')).toContain(
    'Mức chuẩn trợ giúp xã hội: 360.000 đồng (khoản 2 Điều 4, Nghị định 20/2021/NĐ-CP)',
  );
});

test('whoever states nothing is told so', () =>
  expect(
    explanationText(evaluate('monthly-allowance', { bornOn: '1990-01-01' }, '2022-03-01'), 'en'),
  ).toContain('Nothing that was stated belongs to a group of this programme.'));

test.each([
  ['2021-06-30', {}, 'tại ngày này chương trình không có quy định có hiệu lực'],
  ['2021-12-01', { localSupport: 9_000_000n }, 'không chi ở đây'],
  ['2021-12-01', { policy: 'policy12', meetsProvincialCriteria: true }, 'C-12-AMT (chưa đối chiếu văn bản)'],
] as const)('on %s with %p', (day, over, text) =>
  expect(explanationText(evaluate('covid-support', { ...worker, ...over }, day), 'vi')).toContain(text),
);
