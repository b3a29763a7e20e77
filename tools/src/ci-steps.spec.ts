import { describe, expect, test } from '@jest/globals';
import { judgeAudit, STEPS } from './ci-steps.js';

describe('npm run ci', () => {
  test('names each step once', () => {
    const names = STEPS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  test.each([
    ['nothing known', { vulnerabilities: {} }, { state: 'ok' }],
    [
      'a known vulnerability',
      { vulnerabilities: { xlsx: { severity: 'high', via: [] } } },
      { state: 'failed', note: 'xlsx (high)' },
    ],
    [
      'a registry without the endpoint',
      { message: '405 Method Not Allowed' },
      { state: 'not checked', note: '405 Method Not Allowed' },
    ],
  ])('judges the audit: %s', (_case, report, outcome) => {
    expect(judgeAudit({ exitCode: 1, output: `npm warn something\n${JSON.stringify(report)}` })).toEqual(
      outcome,
    );
  });

  test('never takes silence for a clean audit', () => {
    expect(judgeAudit({ exitCode: 0, output: '' })).toMatchObject({ state: 'not checked' });
  });
});
