import { describe, expect, test } from '@jest/globals';
import { programmeCodes, supportProgrammes } from '../programme/programmes.js';
import { columnsOf, factColumns, listForm, payeeColumns, personColumns } from './list-columns.js';
import { findingText, readRow } from './list-row.js';

const form = listForm('covid-support', 'policy5')!;
const { facts: columns } = form;
const someNumber = ['027', '190', '000001'].join('');
const cellsOf = (over: Record<string, string> = {}) => {
  const cells: Record<string, string> = {
    citizenNumber: someNumber,
    name: 'nguyễn  thị hoà',
    bankBin: '970405',
    account: '2600123456',
    stoppedFrom: '01/06/2021',
    stoppedUntil: '2021-6-21',
    isStoppageByArticle99: 'Có',
    ...over,
  };
  return [...personColumns.map(({ name }) => name as string), ...columns.map(({ fact }) => fact)].map(
    (name) => cells[name] ?? '',
  );
};
const read = (over: Record<string, string> = {}) =>
  readRow({ row: 3, line: 4, cells: cellsOf(over), problem: null, text: null }, form);

describe('a row', () => {
  test('is read by the names and types of the law; an empty optional cell says nothing', () => {
    expect(read()).toMatchObject({
      name: 'nguyễn thị hoà',
      facts: { stoppedFrom: '2021-06-01', stoppedUntil: '2021-06-21', isStoppageByArticle99: true },
      findings: [],
    });
    expect(Object.keys(read().facts)).toHaveLength(3);
  });

  test.each([
    ['x', true],
    ['Không', false],
    ['KHÔNG', false],
    ['0', false],
    ['true', true],
  ])('«%s» is %s', (cell, value) =>
    expect(read({ isPregnant: cell })).toMatchObject({ facts: { isPregnant: value } }),
  );

  test.each([
    ['citizenNumber', '', 'MISSING_CELL'],
    ['citizenNumber', '02719000000', 'WRONG_CELL'],
    ['name', '', 'MISSING_CELL'],
    ['name', 'a'.repeat(141), 'TEXT_TOO_LONG'],
    ['bankBin', '999888', 'WRONG_CELL'],
    ['account', '12', 'WRONG_CELL'],
    ['stoppedFrom', '', 'MISSING_CELL'],
    ['stoppedFrom', '30/02/2021', 'WRONG_CELL'],
    ['isStoppageByArticle99', 'có lẽ', 'WRONG_CELL'],
    ['childrenBornOn', '2016-07-01; hôm qua', 'WRONG_CELL'],
    ['localSupport', '1.000.000', 'WRONG_CELL'],
    ['localSupport', '-1', 'WRONG_CELL'],
  ])('with %s «%s» has %s, and no fact', (column, cell, code) => {
    const { findings, facts } = read({ [column]: cell });
    expect(findings).toMatchObject([{ code, column }]);
    expect(facts).not.toHaveProperty(column);
  });

  test('tells in both languages what is wrong, long numbers masked', () => {
    const [finding] = read({ stoppedFrom: someNumber }).findings;
    const { vi, en } = findingText(finding!, columns);
    expect(en).toContain('First day of the suspension');
    expect(vi).toContain('Ngày bắt đầu');
    expect(vi).not.toContain(someNumber);
  });

  test('of children has each day', () => {
    expect(read({ childrenBornOn: '2016-07-01; 3/5/2019' }).facts).toMatchObject({
      childrenBornOn: ['2016-07-01', '2019-05-03'],
    });
  });
});

describe('a row of somebody who died', () => {
  const died = listForm('funeral-support', 'beneficiary')!;
  const payee = ['027', '190', '000002'].join('');
  const cells = (over: Record<string, string> = {}) => {
    const given: Record<string, string> = {
      citizenNumber: someNumber,
      name: 'A',
      bankBin: '970405',
      account: '2600123456',
      diedOn: '2022-03-04',
      payeeNumber: payee,
      payeeName: 'trần  thị b',
      ...over,
    };
    return columnsOf(died).names.map((name) => given[name] ?? '');
  };
  const readDied = (over?: Record<string, string>) =>
    readRow({ row: 3, line: 4, cells: cells(over), problem: null, text: null }, died);

  test('names who is paid, after the columns of the law', () => {
    expect(readDied()).toMatchObject({
      citizenNumber: someNumber,
      payee: { citizenNumber: payee, name: 'trần thị b' },
      facts: { diedOn: '2022-03-04' },
      findings: [],
    });
    expect(read().payee).toBeNull();
    expect(columnsOf(died).names.slice(-payeeColumns.length)).toEqual(['payeeNumber', 'payeeName']);
  });

  test.each([
    ['payeeNumber', '', 'MISSING_CELL'],
    ['payeeNumber', '12', 'WRONG_CELL'],
    ['payeeName', '', 'MISSING_CELL'],
    ['diedOn', '', 'MISSING_CELL'],
    ['account', '', 'MISSING_CELL'],
  ])('with %s «%s» has %s', (column, cell, code) =>
    expect(readDied({ [column]: cell }).findings).toMatchObject([{ code, column }]),
  );
});

describe('columns', () => {
  test('each choice of each programme has its own, all declared by the law', () => {
    for (const { code, choices } of supportProgrammes)
      for (const choice of choices)
        expect(columnsOf(listForm(code, choice.code)!).names.length).toBeGreaterThanOrEqual(
          personColumns.length,
        );
    expect(factColumns('covid-support', 'working')).toBeUndefined();
    expect(programmeCodes).toHaveLength(supportProgrammes.length);
  });

  test('are found by the Vietnamese and the English name of the fact', () => {
    const rent = columnsOf(listForm('rent-support', 'working')!);
    expect(rent.names[rent.indexOf('LOẠI HỢP ĐỒNG LAO ĐỘNG')]).toBe('contractKind');
    expect(rent.names[rent.indexOf('Kind of labour contract')]).toBe('contractKind');
    expect(rent.names[rent.indexOf('CCCD')]).toBe('citizenNumber');
  });

  test('never are what others confirm or what was granted before', () => {
    const confirmed = [
      'isInsuredThen',
      'isOnInsuranceList',
      'isInsuranceEmployer',
      'isPolicyAlreadyPaid',
      'isMonthSupported',
      'monthsSupported',
      'receivedOn',
      'isAreaEligible',
      'isAlreadyHad',
      'currentAllowance',
    ];
    for (const { code, choices } of supportProgrammes)
      for (const choice of choices)
        expect(factColumns(code, choice.code)!.filter(({ fact }) => confirmed.includes(fact))).toEqual([]);
  });
});
