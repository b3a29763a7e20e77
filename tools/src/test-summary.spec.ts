import { describe, expect, test } from '@jest/globals';
import { countTests, skipReasons, summaryLine, type JestReport } from './test-summary.js';

const clean: JestReport = {
  numPassedTests: 7,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  numRuntimeErrorTestSuites: 0,
  testResults: [],
};

describe('the last line of npm test', () => {
  test.each<[string, JestReport | undefined, string]>([
    ['all green', clean, '7 passed, 0 failed'],
    ['a failing test', { ...clean, numFailedTests: 2 }, '7 passed, 2 failed'],
    ['a spec file that does not load', { ...clean, numRuntimeErrorTestSuites: 1 }, '7 passed, 1 failed'],
    ['skipped tests', { ...clean, numPendingTests: 3, numTodoTests: 1 }, '7 passed, 0 failed, 4 skipped'],
    ['no report at all', undefined, '0 passed, 1 failed'],
  ])('%s', (_case, report, line) => {
    expect(summaryLine(countTests(report))).toBe(line);
  });
});

test('the reasons of skipped tests are given once each', () => {
  const assertionResults = [
    { status: 'pending', fullName: 'the queue on Redis [skipped: no redis-server] adds a job' },
    { status: 'pending', fullName: 'the queue on Redis [skipped: no redis-server] retries a job' },
    { status: 'pending', fullName: 'a message is valid by its schema (skipped: no vectors)' },
    { status: 'pending', fullName: 'something put aside' },
    { status: 'passed', fullName: 'something else' },
  ];
  expect(skipReasons({ ...clean, testResults: [{ assertionResults }] })).toEqual([
    'skipped 2: no redis-server',
    'skipped 1: no vectors',
    'skipped 1: pending: something put aside',
  ]);
});
