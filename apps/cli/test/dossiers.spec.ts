import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Dossier } from '@ansinh/client';
import { type Service, startService } from './service.js';
import { ansinh } from './terminal.js';

let registry: Service;
beforeEach(async () => {
  registry = await startService();
});
afterEach(() => registry.stop());

const text = (vi: string, en: string) => ({ vi, en });

const dossier = (over: Partial<Dossier> = {}): Dossier => ({
  id: '0199b2c4-0000-7000-8000-000000000001',
  code: 'H05.09.169-261125-0001',
  procedure: { code: 'SP-MONTHLY', name: text('Trợ cấp xã hội hằng tháng', 'Monthly social allowance') },
  officeCode: '09169',
  holderCode: '09169',
  placeCode: '09169',
  applicantName: 'Nguyễn Thị Hiền',
  personId: null,
  employerId: null,
  state: 'processing',
  step: { code: 'review', name: text('Xét duyệt', 'Review') },
  assignee: null,
  dueOn: '2026-12-23',
  promisedOn: null,
  stepDueOn: '2026-12-04',
  standing: 'onTime',
  unconfirmedDays: [],
  missing: [],
  outcome: null,
  service: null,
  reference: null,
  version: 3,
  ...over,
});

/** The other address leads nowhere: dossiers are asked of the registry alone. */
const run = (argv: string[]) =>
  ansinh('http://127.0.0.1:9', ['dossier', 'list', ...argv], { env: { ANSINH_REGISTRY_URL: registry.url } });

describe('dossier list', () => {
  test('shows where each one stands, and exits with 3 when something is overdue', async () => {
    const items = [dossier({ standing: 'overdue', dueOn: '2026-11-20' }), dossier({ step: null })];
    registry.on('GET /v1/dossiers', () => ({ items, next: null }));
    const { code, out, err } = await run([]);
    expect(code).toBe(3);
    expect(out).toMatch(
      /H05.09.169-261125-0001 +Monthly social allowance +Nguyễn Thị Hiền +09169 +Review .*2026-11-20 +OVERDUE/,
    );
    expect(out).toMatch(/desk +2026-12-04 +2026-12-23 +on time/);
    expect(err).toContain('Overdue: 1');
    const json = await run(['--json']);
    expect({ code: json.code, out: JSON.parse(json.out) as object }).toEqual({
      code: 3,
      out: { items, more: false },
    });
  });

  test.each([
    [['--overdue'], { due: 'overdue' }],
    [['--soon', '--by-step', '--holder', '09169'], { due: 'stepSoon', holder: '09169' }],
    [
      ['--overdue', '--by-step', '--procedure', 'SP-MONTHLY', '--step', 'review'],
      { due: 'stepOverdue', procedure: 'SP-MONTHLY', step: 'review' },
    ],
  ])('%j asks for the same', async (argv, query) => {
    registry.on('GET /v1/dossiers', () => ({ items: [], next: null }));
    expect((await run(argv)).code).toBe(0);
    expect(registry.asked[0]!.query).toMatchObject(query);
  });

  test('tells of a due day that may move', async () => {
    registry.on('GET /v1/dossiers', () => ({
      items: [dossier({ unconfirmedDays: ['2027-01-01'] })],
      next: null,
    }));
    const { code, out, err } = await run(['--lang', 'vi']);
    expect(code).toBe(0);
    expect(out).toMatch(/2026-12-23\* +trong hạn/);
    expect(err).toContain('chưa được xác nhận');
  });

  test('late and soon at once are wrong usage', async () => {
    expect((await run(['--overdue', '--soon'])).code).toBe(2);
  });
});
