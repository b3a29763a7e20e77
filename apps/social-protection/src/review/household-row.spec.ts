import { describe, expect, test } from '@jest/globals';
import { type FormError, openPolicy } from '@ansinh/policy';
import {
  columnsOfForm,
  findingOfForm,
  formColumns,
  householdFindingText,
  indicators,
  readHousehold,
} from './household-row.js';

const policy = openPolicy();
const columns = formColumns(policy, '2022-10-03');
const read = (...cells: string[]) =>
  readHousehold({ row: 1, line: 2, cells, problem: null, text: null }, columns);
const someNumber = ['027', '190', '000001'].join('');
const person = [someNumber, 'Nguyễn  Thị Hoà', '3'];
const form = ['size3;regionRedRiver', 'không'];

describe('a list asks what the law of its day asks', () => {
  test.each([
    ['2021-12-31', ['deprivationsOf2016', 'monthlyIncomePerPerson']],
    ['2022-01-01', ['characteristics', 'deprivedOf']],
    ['2025-12-31', ['characteristics', 'deprivedOf']],
  ])('on %s', (day, facts) => expect(formColumns(policy, day).map(({ fact }) => fact)).toEqual(facts));

  test('under the names that the law gives them', () =>
    expect(columnsOfForm(columns).names).toEqual([
      'citizenNumber',
      'name',
      'members',
      'characteristics',
      'deprivedOf',
    ]));
});

describe('a row', () => {
  test('is read by codes and by names, in either language', () => {
    const named = 'hộ có 3 người; Red River delta';
    expect(read(...person, named, 'việc làm;lacksInternet').household).toEqual({
      row: 1,
      citizenNumber: someNumber,
      name: 'Nguyễn Thị Hoà',
      members: 3,
      facts: { characteristics: ['size3', 'regionRedRiver'], deprivedOf: ['lacksWork', 'lacksInternet'] },
    });
  });

  test('says that nothing is lacking; silence is not taken for it', () => {
    expect(read(...person, ...form).household!.facts['deprivedOf']).toEqual([]);
    expect(read(...person, form[0]!, '').findings).toEqual([
      { code: 'MISSING_CELL', column: 'deprivedOf', facts: {} },
    ]);
  });

  test.each([
    ['a short number', ['12', 'A', '3', ...form], 'WRONG_CELL', 'citizenNumber'],
    ['no number', ['', 'A', '3', ...form], 'MISSING_CELL', 'citizenNumber'],
    ['no name', [person[0]!, '', '3', ...form], 'MISSING_CELL', 'name'],
    ['a name of a page', [person[0]!, 'a'.repeat(141), '3', ...form], 'TEXT_TOO_LONG', 'name'],
    ['nobody in it', [person[0]!, 'A', '0', ...form], 'WRONG_CELL', 'members'],
    ['more than a hundred', [person[0]!, 'A', '101', ...form], 'WRONG_CELL', 'members'],
    ['half a person', [person[0]!, 'A', '1.5', ...form], 'WRONG_CELL', 'members'],
    ['what is on no form', [...person, 'size3;yacht', 'không'], 'WRONG_CHOICE', 'characteristics'],
    ['a separator too many', [...person, 'size3;', 'không'], 'WRONG_CHOICE', 'characteristics'],
  ])('with %s is not taken in', (_, cells, code, column) => {
    const { household, findings } = read(...cells);
    expect(household).toBeNull();
    expect(findings).toMatchObject([{ code, column }]);
  });

  test('that cannot be cut into cells is said to be that', () =>
    expect(readHousehold({ row: 2, cells: [], problem: {} } as never, columns)).toMatchObject({
      household: null,
      findings: [{ code: 'UNREADABLE_ROW' }],
    }));
});

describe('a form that cannot be right', () => {
  const facts = (characteristics: string[], deprivedOf: string[] = []) => ({
    reviewArea: 'urban',
    characteristics,
    deprivedOf,
  });
  test.each([
    [
      'one answer twice',
      facts(['size1', 'size1']),
      'characteristics',
      '“hộ có 1 người” được đánh dấu hai lần.',
    ],
    [
      'an indicator twice',
      facts(['size1', 'regionRedRiver'], [indicators[0]!, indicators[0]!]),
      'deprivedOf',
      '“việc làm” được đánh dấu hai lần.',
    ],
    [
      'two answers of a line',
      facts(['size1', 'regionRedRiver', 'motorbike1', 'motorbike2']),
      'characteristics',
      'Chỉ được chọn một trong: 1 xe máy, xe có động cơ, 2 xe máy, xe có động cơ.',
    ],
    ['no size', facts(['regionRedRiver']), 'characteristics', /^Phải chọn một trong: hộ có 1 người, hộ có 2/],
  ])('with %s says where', (_, given, column, sentence) => {
    let finding;
    try {
      policy.evaluate('poverty-class', given, '2022-10-03');
    } catch (error) {
      finding = findingOfForm(error as FormError);
    }
    expect(finding).toMatchObject({ column });
    expect(householdFindingText(finding!).vi).toMatch(sentence);
  });
});
