import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { SupportDecision, SupportRun, SupportSummary } from '@ansinh/client';
import { drop, type Service, startService } from './service.js';
import { ansinh } from './terminal.js';

let service: Service;
beforeEach(async () => {
  service = await startService();
});
afterEach(() => service.stop());

const run = (...argv: string[]) =>
  ansinh('http://127.0.0.1:9', argv, { env: { ANSINH_SOCIAL_PROTECTION_URL: service.url } });

const id = '0199b2c4-7c1a-7000-8000-000000000042';
const begun: SupportRun = {
  id,
  programme: 'rent-support',
  decidedOn: '2022-06-01',
  month: null,
  backTo: null,
  state: 'deciding',
  rows: 12_000,
  taken: 0,
  digest: null,
};
const summary: SupportSummary = {
  people: 12_000,
  newPeople: 11_000,
  grantedBefore: 900,
  refusedBefore: 100,
  outcomes: [{ outcome: 'granted', decisions: 11_999, amount: '5999500000' }],
  rules: [{ rules: ['RENT-G1'], decisions: 11_999, amount: '5999500000' }],
  reasons: [{ outcome: 'refused', fact: 'isMonthSupported', decisions: 1 }],
  changes: [],
};

describe('programme run', () => {
  test('decides chunk by chunk, says how to go on, and shows what it comes to', async () => {
    const chunks = [5_000, 10_000, 12_000];
    service.on('POST /v1/support-runs', () => begun);
    service.on(`POST /v1/support-runs/${id}/chunks`, () => {
      const taken = chunks.shift()!;
      return { ...begun, taken, state: taken === begun.rows ? 'decided' : 'deciding', digest: 'abc' };
    });
    service.on(`GET /v1/support-runs/${id}/summary`, () => summary);
    const { code, out, err } = await run('programme', 'run', 'rent-support', '--on', '2022-06-01');
    expect(code).toBe(0);
    expect(err).toContain(`--go-on ${id}`);
    expect(out).toMatch(/RENT-G1 +11,999/);
    expect(out).toMatch(/isMonthSupported +1/);
    expect(out).toMatch(/Digest to approve +abc/);
    expect(service.asked[0]).toMatchObject({ body: { programme: 'rent-support', decidedOn: '2022-06-01' } });
  });

  test('decides on a register for a month, and shows what is different from the last one', async () => {
    const month = {
      ...begun,
      programme: 'monthly-allowance',
      month: '2026-10',
      backTo: '2026-07',
      state: 'decided',
    };
    service.on('POST /v1/support-runs', () => month);
    service.on(`GET /v1/support-runs/${id}/summary`, () => ({
      ...summary,
      changes: [{ change: 'arrears', decisions: 3_000, amountBefore: '1500000000', amount: '1620000000' }],
    }));
    const options = ['--month', '2026-10', '--back-to', '2026-07', '--on', '2026-10-06'];
    const { code, out } = await run('programme', 'run', 'monthly-allowance', ...options);
    expect(code).toBe(0);
    expect(out).toMatch(/Months +2026-07 … 2026-10/);
    expect(out).toMatch(/arrears +3,000 +1,500,000,000 đ +1,620,000,000/);
    expect(service.asked[0]).toMatchObject({
      body: { programme: 'monthly-allowance', month: '2026-10', backTo: '2026-07', decidedOn: '2026-10-06' },
    });
  });

  test('goes on with one that was stopped, and repeats a chunk by its key where the answer was lost', async () => {
    let attempts = 0;
    service.on(`GET /v1/support-runs/${id}`, () => ({ ...begun, taken: 10_000 }));
    service.on(`POST /v1/support-runs/${id}/chunks`, (_, reply) => {
      attempts += 1;
      return attempts === 1 ? drop(reply) : { ...begun, taken: 12_000, state: 'decided' };
    });
    service.on(`POST /v1/support-runs/${id}/submission`, () => ({ ...begun, state: 'submitted' }));
    service.on(`GET /v1/support-runs/${id}/summary`, () => summary);
    const { code, out } = await run('programme', 'run', 'rent-support', '--go-on', id, '--submit', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ state: 'submitted', summary: { people: 12_000 } });
    const keys = service.asked.filter(({ path }) => path.endsWith('/chunks')).map(({ key }) => key);
    expect(keys).toHaveLength(2);
    expect(keys[0]).toBe(keys[1]);
  });
});

describe('policy explain', () => {
  const decision = (over: Partial<SupportDecision>): SupportDecision => ({
    id,
    programme: 'rent-support',
    decidedOn: '2022-06-01',
    state: 'approved',
    month: '2022-04',
    outcome: 'granted',
    amount: '500000',
    digest: 'abc',
    explanation: { vi: 'Được hỗ trợ', en: 'Support is granted' },
    isReproduced: true,
    ...over,
  });
  const number = ['027', '190', '000001'].join('');

  test('tells each decision in the language of the user; the number stands in no address', async () => {
    service.on('POST /v1/support-decisions/lookup', () => ({ items: [decision({})] }));
    const { code, out } = await run('policy', 'explain', '--person', number, '--as-of', '2022-06-30');
    expect(code).toBe(0);
    expect(out).toContain('Support is granted\nComputed again: the same digest.');
    expect(service.asked).toMatchObject([{ query: {}, body: { number, asOf: '2022-06-30' } }]);
  });

  test('exits with 3 where law and facts no longer lead to the same', async () => {
    service.on('POST /v1/support-decisions/lookup', () => ({ items: [decision({ isReproduced: false })] }));
    const { code, out } = await run('policy', 'explain', '--person', number);
    expect(code).toBe(3);
    expect(out).toContain('ANOTHER DIGEST');
  });
});
