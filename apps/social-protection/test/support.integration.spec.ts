import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { PlayedClient } from '@ansinh/testing';
import { rowsOfBlock } from '../src/decision/copy-decisions.js';
import type { DecisionView, ExplainedDecision } from '../src/decision/decision.dto.js';
import type { RunSummary, RunView } from '../src/run/run.dto.js';
import { type Harness, startHarness } from './harness.js';
import {
  approved,
  bring,
  brought,
  confirm,
  covidHead,
  decided,
  newNumber,
  newTaxCode,
  rentHead,
  renting,
  stopped,
} from './support.js';

let harness: Harness;
let employer: PlayedClient;
let insurance: PlayedClient;
let maker: PlayedClient;
let checker: PlayedClient;
beforeAll(async () => {
  harness = await startHarness();
  employer = await harness.as({
    sub: 'officer',
    office: '256',
    permissions: ['support:apply', 'support:read'],
  });
  insurance = await harness.as({ sub: 'insurance', permissions: ['support:insurance'] });
  maker = await harness.as({ sub: 'maker' });
  checker = await harness.as({ sub: 'checker' });
});
afterAll(() => harness.stop());

async function decisionsOf(run: RunView): Promise<DecisionView[]> {
  const { body } = await maker.get(`/v1/support-decisions?runId=${run.id}&limit=500`).expect(200);
  return (body as { items: DecisionView[] }).items;
}

const short = ({ outcome, amount, month, because }: DecisionView) => ({ outcome, amount, month, because });

describe('COVID-19 support', () => {
  test('a list becomes decisions with their facts, articles and digest', async () => {
    const taxCode = newTaxCode();
    const rows = [
      stopped(),
      stopped(undefined, { stoppedUntil: '2021-06-13' }),
      stopped(undefined, { isPregnant: 'x', childrenBornOn: '2016-07-01;03/05/2019' }),
      stopped(),
    ];
    const list = await brought(employer, covidHead(taxCode), rows);
    await confirm(insurance, taxCode, rows.slice(0, 3), '2021-06').expect(201);
    const run = await decided(maker, 'covid-support', [list.id]);
    expect(run).toMatchObject({ state: 'decided', rows: 4, taken: 4 });
    const made = await decisionsOf(run);
    expect(made.map(short)).toEqual([
      { outcome: 'granted', amount: '1000000', month: null, because: [] },
      { outcome: 'refused', amount: '0', month: null, because: ['stoppedDays'] },
      { outcome: 'granted', amount: '4000000', month: null, because: [] },
      { outcome: 'incomplete', amount: '0', month: null, because: ['isInsuredThen'] },
    ]);
    expect(made[0]!.articles).toMatchObject([{ row: 'C-05', number: '23/2021/QĐ-TTg', article: '18' }]);
    expect(made[0]!.facts).toMatchObject({
      policy: 'policy5',
      isInsuredThen: true,
      isPolicyAlreadyPaid: false,
    });
    const { body } = await maker.get(`/v1/support-decisions/${made[1]!.id}`).expect(200);
    const explained = body as ExplainedDecision;
    expect(explained.isReproduced).toBe(true);
    expect(explained.explanation.vi).toContain('14');
    const { body: summary } = await maker.get(`/v1/support-runs/${run.id}/summary`).expect(200);
    expect(summary).toMatchObject({
      people: 4,
      newPeople: 4,
      outcomes: [
        { outcome: 'granted', decisions: 2, amount: '5000000' },
        { outcome: 'incomplete', decisions: 1, amount: '0' },
        { outcome: 'refused', decisions: 1, amount: '0' },
      ],
      rules: [
        { rules: ['C-05'], decisions: 1, amount: '1000000' },
        { rules: ['C-05', 'C-XP', 'C-XC'], decisions: 1, amount: '4000000' },
      ],
    } satisfies Partial<RunSummary>);
  });

  test('one person has one policy once, whoever lists him and in whatever run', async () => {
    const number = newNumber();
    const codes = [newTaxCode(), newTaxCode(), newTaxCode()];
    const lists = [];
    for (const code of codes) {
      lists.push(await brought(employer, covidHead(code), [stopped(number)]));
      await confirm(insurance, code, [stopped(number)], '2021-06').expect(201);
    }
    const together = await decided(maker, 'covid-support', [lists[0]!.id, lists[1]!.id]);
    expect((await decisionsOf(together)).map(short)).toMatchObject([
      { outcome: 'granted' },
      { outcome: 'refused', because: ['isPolicyAlreadyPaid'] },
    ]);
    const later = await decided(maker, 'covid-support', [lists[2]!.id]);
    expect((await decisionsOf(later)).map(short)).toMatchObject([
      { outcome: 'refused', because: ['isPolicyAlreadyPaid'] },
    ]);
  });

  test('nor in a later block of one transaction, in the order of the rows', async () => {
    const people = Array.from({ length: rowsOfBlock / 2 + 100 }, () => newNumber());
    const codes = [newTaxCode(), newTaxCode()];
    const lists: string[] = [];
    for (const taxCode of codes) {
      const rows = people.map((number) => stopped(number));
      lists.push((await brought(employer, covidHead(taxCode), rows)).id);
      await confirm(insurance, taxCode, rows, '2021-06').expect(201);
    }
    const run = await decided(maker, 'covid-support', lists);
    const rows = people.length * codes.length;
    expect(run).toMatchObject({ state: 'decided', rows, taken: rows });
    const made = (await harness.dataSource.query(
      `SELECT rl.number AS list, d.row_no AS row, d.outcome, e.amount::text AS owed FROM decision d
       JOIN run_list rl USING (run_id, list_id) LEFT JOIN entitlement e ON e.id = d.id WHERE d.run_id = $1 ORDER BY d.id`,
      [run.id],
    )) as object[];
    const of = (list: number, outcome: string, owed: string | null) =>
      people.map((_, index) => ({ list, row: index + 1, outcome, owed }));
    expect(made).toEqual([...of(1, 'granted', '1000000'), ...of(2, 'refused', null)]);
  });

  test('what no official has confirmed grants nothing', async () => {
    const list = await brought(
      employer,
      covidHead(newTaxCode(), { choice: 'policy12', employerType: 'other', employerName: 'UBND phường' }),
      [{ ...stopped(), meetsProvincialCriteria: 'có' }],
    );
    const run = await decided(maker, 'covid-support', [list.id]);
    expect((await decisionsOf(run)).map(short)).toMatchObject([{ outcome: 'unconfirmed', amount: '0' }]);
  });

  test('the database refuses a second entitlement of one policy, past the service', async () => {
    const copy = `INSERT INTO entitlement SELECT (d).* FROM (SELECT e FROM entitlement e LIMIT 1) x (d)`;
    await expect(harness.dataSource.query(copy)).rejects.toThrow('entitlement_pkey');
    const [first] = (await harness.dataSource.query('SELECT id FROM entitlement LIMIT 1')) as {
      id: string;
    }[];
    const other = (await harness.dataSource.query(
      `SELECT id FROM decision WHERE outcome = 'refused' LIMIT 1`,
    )) as { id: string }[];
    await expect(
      harness.dataSource.query(
        `INSERT INTO entitlement SELECT $1, run_id, programme, choice, person_key, office_code, benefit, slot, period, amount
         FROM entitlement WHERE id = $2`,
        [other[0]!.id, first!.id],
      ),
    ).rejects.toThrow('entitlement_once');
  });
});

describe('rent support', () => {
  test('each month once and three at most, across employers and groups', async () => {
    const number = newNumber();
    const [one, two] = [newTaxCode(), newTaxCode()];
    await confirm(insurance, one, [renting(number)], '2022-04').expect(201);
    await confirm(insurance, two, [renting(number)], '2022-04', 'không').expect(201);
    const first = await brought(employer, rentHead(one, { months: '2022-02,2022-03' }), [renting(number)]);
    const second = await brought(employer, rentHead(two, { months: '2022-04' }), [renting(number)]);
    const third = await brought(employer, rentHead(one, { months: '2022-03,2022-04,2022-05' }), [
      renting(number),
    ]);
    const run = await decided(maker, 'rent-support', [first.id, second.id, third.id]);
    expect((await decisionsOf(run)).map(short)).toEqual([
      { outcome: 'granted', amount: '500000', month: '2022-02', because: [] },
      { outcome: 'granted', amount: '500000', month: '2022-03', because: [] },
      {
        outcome: 'refused',
        amount: '0',
        month: '2022-04',
        because: ['isInsuranceEmployer'],
      },
      { outcome: 'refused', amount: '0', month: '2022-03', because: ['isMonthSupported'] },
      { outcome: 'granted', amount: '500000', month: '2022-04', because: [] },
      { outcome: 'refused', amount: '0', month: '2022-05', because: ['monthsSupported'] },
    ]);
    const slots = (await harness.dataSource.query(
      `SELECT benefit, slot FROM entitlement WHERE programme = 'rent-support' ORDER BY benefit`,
    )) as object[];
    expect(slots).toEqual([
      { benefit: '2022-02', slot: 1 },
      { benefit: '2022-03', slot: 2 },
      { benefit: '2022-04', slot: 3 },
    ]);
  });
});

describe('a run', () => {
  test('is approved by somebody who had no part in it, on what he looked at', async () => {
    const taxCode = newTaxCode();
    const rows = [stopped()];
    const list = await brought(employer, covidHead(taxCode), rows);
    await confirm(insurance, taxCode, rows, '2021-06').expect(201);
    const run = await decided(maker, 'covid-support', [list.id]);
    await maker.post(`/v1/support-runs/${run.id}/submission`).expect(201);
    const path = `/v1/support-runs/${run.id}/approval`;
    await maker.post(path, { digest: run.digest }).expect(403);
    const bringer = await harness.as({ sub: 'officer', office: '27' });
    expect((await bringer.post(path, { digest: run.digest }).expect(403)).body).toMatchObject({
      code: 'SUPPORT_RUN_OWN',
    });
    expect((await checker.post(path, { digest: '0'.repeat(64) }).expect(409)).body).toMatchObject({
      code: 'SUPPORT_RUN_DIGEST',
    });
    const { body } = await checker.post(path, { digest: run.digest }).expect(201);
    expect(body).toMatchObject({ state: 'approved' });
  });

  test('that is rejected entitles nobody, and its lists can be decided again', async () => {
    const taxCode = newTaxCode();
    const rows = [stopped()];
    const list = await brought(employer, covidHead(taxCode), rows);
    await confirm(insurance, taxCode, rows, '2021-06').expect(201);
    const run = await decided(maker, 'covid-support', [list.id]);
    const again = { programme: 'covid-support', decidedOn: '2022-06-01', lists: [list.id] };
    await maker.post('/v1/support-runs', again).expect(422);
    await checker.post(`/v1/support-runs/${run.id}/rejection`, { reason: 'Sai đợt' }).expect(201);
    const second = await decided(maker, 'covid-support', [list.id]);
    expect((await decisionsOf(second)).map(short)).toMatchObject([{ outcome: 'granted' }]);
    expect(await approved(maker, checker, second)).toMatchObject({ state: 'approved' });
  });
});

describe('a list', () => {
  test('with flawed rows is refused, with row and column in both languages', async () => {
    const rows = [
      stopped(),
      stopped(undefined, { stoppedFrom: '31/02/2021' }),
      stopped(undefined, { citizenNumber: '12', isStoppageByArticle99: '' }),
    ];
    const list = await brought(employer, covidHead(newTaxCode()), [...rows, rows[0]!]);
    expect(list).toMatchObject({ rows: 4, blocked: 3, isRefused: true });
    const { body } = await employer.get(`/v1/support-lists/${list.id}/findings`).expect(200);
    expect((body as { items: object[] }).items).toMatchObject(
      [
        { row: 2, code: 'WRONG_CELL', column: 'stoppedFrom', message: { vi: /31\/02\/2021/ } },
        { row: 3, code: 'MISSING_CELL', column: 'isStoppageByArticle99' },
        { row: 3, code: 'WRONG_CELL', column: 'citizenNumber' },
        { row: 4, code: 'REPEATED', message: { en: 'The same as row 1.' } },
      ].map(({ message: _, ...finding }) => finding),
    );
    await maker
      .post('/v1/support-runs', { programme: 'covid-support', decidedOn: '2022-06-01', lists: [list.id] })
      .expect(422);
  });

  test('goes on without them where that was said', async () => {
    const rows = [stopped(), stopped(undefined, { stoppedFrom: '' })];
    const list = await brought(employer, covidHead(newTaxCode(), { onFlawed: 'setAside' }), rows);
    expect(list).toMatchObject({ rows: 2, blocked: 1, isRefused: false });
    expect(await decided(maker, 'covid-support', [list.id])).toMatchObject({ rows: 1, taken: 1 });
  });

  test.each([
    ['a policy that the programme has not', { choice: 'policy99' }, 'SUPPORT_CHOICE_UNKNOWN'],
    ['months of a programme that pays once', { months: '2022-04' }, 'SUPPORT_MONTHS'],
    ['a commune of another office', { placeCode: '09247' }, 'SUPPORT_PLACE'],
    ['a tax code that is none', { taxCode: '2300000000' }, 'SUPPORT_TAX_CODE'],
    ['a day to come', { receivedOn: '2199-01-01' }, 'SUPPORT_FUTURE_DAY'],
  ])('is refused for %s', async (_, over, code) => {
    const answer = await bring(employer, covidHead(newTaxCode(), over), [stopped()]).expect(422);
    expect(answer.body).toMatchObject({ code });
  });

  test('of the insurance office is taken whole or not at all', async () => {
    const taxCode = newTaxCode();
    const rows = [stopped(), stopped(undefined, { citizenNumber: '1' })];
    const { body } = await confirm(insurance, taxCode, rows, '2021-06').expect(422);
    expect(body).toMatchObject({
      code: 'INSURANCE_LIST_FLAWED',
      errors: [{ pointer: '/rows/2/citizenNumber' }],
    });
    const [count] = (await harness.dataSource.query(
      'SELECT count(*)::int AS count FROM insurance_fact WHERE employer_tax_code = $1',
      [taxCode],
    )) as { count: number }[];
    expect(count).toEqual({ count: 0 });
  });
});
