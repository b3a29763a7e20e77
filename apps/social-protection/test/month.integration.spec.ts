import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readSealingKeys, Sealer } from '@ansinh/sealing';
import { type PlayedClient, testKeys } from '@ansinh/testing';
import type { BeneficiaryPage } from '../src/beneficiary/beneficiary.dto.js';
import { enterList } from '../src/beneficiary/enter-list.js';
import { awaitStated, beginToState } from '../src/beneficiary/stating.js';
import { rowsOfBlock } from '../src/decision/copy-decisions.js';
import type { ExplainedDecision } from '../src/decision/decision.dto.js';
import { NoteWhatIsUnpaid1796100621000 } from '../src/migrations/1796100621000-note-what-is-unpaid.js';
import { linesOfMonth } from '../src/payout/choose-lines.js';
import { stateOfEntitlement } from '../src/payout/entitlement-state.sql.js';
import type { ChangeView } from '../src/run/change.dto.js';
import type { RunSummary } from '../src/run/run.dto.js';
import { type Harness, startHarness } from './harness.js';
import {
  approvedMonth,
  changesOf,
  decidedMonth,
  disabled,
  entered,
  registered,
  registerHead,
} from './month.js';
import { approved, bring, brought, newNumber } from './support.js';

let harness: Harness;
let commune: PlayedClient;
let neighbour: PlayedClient;
let maker: PlayedClient;
let checker: PlayedClient;
beforeAll(async () => {
  harness = await startHarness();
  [commune, neighbour, maker, checker] = await Promise.all([
    harness.as({ sub: 'commune', office: '256', permissions: ['support:apply', 'support:read'] }),
    harness.as({ sub: 'neighbour', office: '261', permissions: ['support:apply', 'support:read'] }),
    harness.as({ sub: 'maker' }),
    harness.as({ sub: 'checker' }),
  ]);
});
afterAll(() => harness.stop());

const query = async <Row>(sql: string, ...values: unknown[]) =>
  (await harness.dataSource.query(sql, values)) as Row[];

const severe = disabled('severe', '1980-01-01');
const brief = ({ month, change, amountBefore, amount }: ChangeView) => ({
  month,
  change,
  amountBefore,
  amount,
});

const of = (id: string, changes: readonly ChangeView[]) =>
  changes.filter(({ beneficiaryId }) => beneficiaryId === id);

interface PlanNode {
  'Relation Name'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  Plans?: PlanNode[];
}

/** Rows of these tables that a plan looked at, kept or not. */
function rowsRead(node: PlanNode, tables: readonly string[]): Record<string, number> {
  const read = Object.fromEntries(tables.map((table) => [table, 0]));
  const visit = (each: PlanNode): void => {
    const name = each['Relation Name'] ?? '';
    if (name in read)
      read[name]! += Math.round(
        (each['Actual Rows'] + (each['Rows Removed by Filter'] ?? 0)) * each['Actual Loops'],
      );
    each.Plans?.forEach(visit);
  };
  visit(node);
  return read;
}

describe('the register', () => {
  test('takes a list of a commune, with findings by row, and nobody twice', async () => {
    const rows = [
      registered({ ...severe, household: 'hộ nghèo' }),
      registered({ bornOn: '31/03/1942', monthlyPension: '0' }),
      registered({ ...severe, disability: 'lame' }),
    ];
    rows[1]!['account'] = rows[1]!['bankBin'] = '';
    const refused = await brought(commune, registerHead('2022-03'), rows);
    expect(refused).toMatchObject({ rows: 3, blocked: 1, isRefused: true });
    const count = () => query<{ n: number }>('SELECT count(*)::int AS n FROM beneficiary');
    expect(await count()).toEqual([{ n: 0 }]);
    await brought(commune, registerHead('2022-03', { onFlawed: 'setAside' }), rows);
    expect(await count()).toEqual([{ n: 2 }]);
    await brought(commune, registerHead('2022-05', { onFlawed: 'setAside' }), rows);
    expect(await count()).toEqual([{ n: 2 }]);
    const { body } = await commune.get('/v1/beneficiaries?programme=monthly-allowance').expect(200);
    const { items } = body as BeneficiaryPage;
    expect(items.map(({ isPaidInCash, firstMonth }) => [isPaidInCash, firstMonth])).toEqual([
      [false, '2022-03'],
      [true, '2022-03'],
    ]);
    const one = await commune.get(`/v1/beneficiaries/${items[0]!.id}`).expect(200);
    expect((one.body as { statements: object[] }).statements).toMatchObject([
      { appliesFrom: '2022-03', facts: { disability: 'severe', household: 'poor' }, recordedBy: 'commune' },
      { appliesFrom: '2022-05' },
    ]);
    await neighbour.get(`/v1/beneficiaries/${items[0]!.id}`).expect(404);
    const elsewhere = registerHead('2022-03', { placeCode: '09367' });
    const answer = await bring(neighbour, elsewhere, rows.slice(0, 1)).expect(422);
    expect(answer.body).toMatchObject({
      code: 'BENEFICIARY_ELSEWHERE',
      errors: [{ pointer: '/rows/1/citizenNumber' }],
    });
  });

  test('takes lists of the same people at once, in whichever order they stand: one after the other', async () => {
    const { id: like } = await brought(commune, registerHead('2022-03'), [registered(severe)]);
    const [forth, back] = [randomUUID(), randomUUID()];
    for (const [list, order] of [
      [forth, 'number'],
      [back, '-number'],
    ])
      await query(
        `WITH list AS (INSERT INTO support_list SELECT (jsonb_populate_record(l, $2)).* FROM support_list l WHERE id = $1),
           people AS (SELECT row_number() OVER (ORDER BY ${order})::int AS row_no, number FROM generate_series(1, 5000) number)
         INSERT INTO list_row SELECT $3::uuid, people.row_no, false, md5('of both lists ' || number)::uuid, name, sealed, bank_bin, facts
         FROM people, list_row like_row WHERE list_id = $1 AND like_row.row_no = 1`,
        like,
        JSON.stringify({ id: list, file_digest: randomUUID() }),
        list,
      );
    // Not tried again, so that one that PostgreSQL had to break off is seen; and nobody stays in the register.
    const entersAlone = async (list: string) => {
      const runner = harness.dataSource.createQueryRunner();
      await runner.startTransaction();
      try {
        const head = { programme: 'monthly-allowance', appliesFrom: '2022-03-01', sender: 'UBND phường' };
        const at = { id: list, placeCode: '09163', office: '09163' };
        const actor = { id: 'x', name: 'x', office: '256', permissions: new Set<never>() };
        return await enterList(runner.manager, { ...head, ...at }, actor);
      } finally {
        await runner.rollbackTransaction();
        await runner.release();
      }
    };
    const begun = harness.dataSource.createQueryRunner();
    await begun.startTransaction();
    await awaitStated(begun.manager, 'monthly-allowance');
    const both = Promise.all([entersAlone(forth), entersAlone(back)]);
    for (let waiting = 0; waiting < 2;)
      waiting = (await query(`SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted`)).length;
    await begun.commitTransaction();
    await begun.release();
    expect(await both).toEqual([5_000, 5_000]);
  });

  test('refuses a list with somebody whom another office enters at the same time', async () => {
    const row = registered(severe);
    const { id: like } = await entered(commune, severe);
    const begun = harness.dataSource.createQueryRunner();
    await begun.startTransaction();
    const key = new Sealer(readSealingKeys(testKeys.SEALING_KEYS, testKeys.LOOKUP_KEY)).lookupKey(
      'payee',
      row['citizenNumber']!,
    );
    await begun.query(
      `INSERT INTO beneficiary SELECT (jsonb_populate_record(b, $2)).* FROM beneficiary b WHERE id = $1`,
      [
        like,
        JSON.stringify({ id: randomUUID(), person_key: key, place_code: '09367', office_code: '09367' }),
      ],
    );
    const answer = bring(commune, registerHead('2022-03'), [row]).then(({ body }) => body as object);
    for (let isWaiting = false; !isWaiting;)
      isWaiting =
        (await query(`SELECT FROM pg_locks WHERE locktype = 'transactionid' AND NOT granted`)).length > 0;
    await begun.commitTransaction();
    await begun.release();
    expect(await answer).toMatchObject({ code: 'BENEFICIARY_ELSEWHERE' });
  });

  test('takes one by one, hands over to another commune, and changes the account', async () => {
    const number = newNumber();
    const { id } = await entered(commune, severe, { number });
    const again = {
      programme: 'monthly-allowance',
      number,
      name: 'A',
      placeCode: '09163',
      appliesFrom: '2022-03',
    };
    await commune
      .post('/v1/beneficiaries', { ...again, facts: severe, basis: 'x' })
      .expect(409, /BENEFICIARY_KNOWN/);
    const path = `/v1/beneficiaries/${id}`;
    const stated = { appliesFrom: '2022-04', basis: 'x' };
    await commune
      .post(`${path}/statements`, { ...stated, facts: { mood: 'good' } })
      .expect(422, /BENEFICIARY_FACT/);
    await commune.post(`${path}/statements`, { ...stated, facts: { disability: 3 } }).expect(422);
    await commune.post(`${path}/account`, { bankBin: '970405' }).expect(422, /BENEFICIARY_ACCOUNT/);
    const account = { bankBin: '970405', account: '26123456' };
    expect((await commune.post(`${path}/account`, account).expect(201)).body).toMatchObject({
      isPaidInCash: false,
    });
    await neighbour
      .post(`${path}/moves`, { placeCode: '09367', movedOn: '2022-04-02', basis: 'x' })
      .expect(404);
    await commune
      .post(`${path}/moves`, { placeCode: '09367', movedOn: '2022-04-02', basis: 'x' })
      .expect(201);
    await commune.get(path).expect(404);
    await neighbour.get(path).expect(200);
    const verbs = await query<{ verb: string }>(
      'SELECT verb FROM audit_event WHERE subject = $1 ORDER BY seq',
      `beneficiary/${id}`,
    );
    expect(verbs.map(({ verb }) => verb)).toEqual([
      'beneficiary.enter',
      'beneficiary.account.change',
      'beneficiary.move',
    ]);
  });
});

describe('a month', () => {
  test('is set beside the last one: new, changed, stopped, and each with its reason', async () => {
    const newcomer = await entered(commune, severe, { appliesFrom: '2022-06' });
    const worse = await entered(commune, severe, { appliesFrom: '2022-06' });
    const gone = await entered(commune, severe, { appliesFrom: '2022-06' });
    const june = await approvedMonth(maker, checker, '2022-06');
    expect(june).toMatchObject({ month: '2022-06', backTo: '2022-06' });
    const first = of(newcomer.id, await changesOf(maker, june));
    expect(first.map(brief)).toEqual([
      { month: '2022-06', change: 'new', amountBefore: '0', amount: '540000' },
    ]);
    const state = (id: string, facts: object) =>
      commune
        .post(`/v1/beneficiaries/${id}/statements`, { appliesFrom: '2022-07', facts, basis: 'x' })
        .expect(201);
    await state(worse.id, { disability: 'extremelySevere' });
    await state(gone.id, { diedOn: '2022-06-20' });
    const july = await decidedMonth(maker, '2022-07');
    const changes = await changesOf(maker, july);
    expect(of(newcomer.id, changes)).toEqual([]);
    const [changed] = of(worse.id, changes);
    expect(changed).toMatchObject({ change: 'changed', amountBefore: '540000', amount: '720000' });
    expect(changed!.reasons.map(({ vi }) => vi)).toContain('Mức độ khuyết tật: nặng → đặc biệt nặng');
    const [stopped] = of(gone.id, changes);
    expect(stopped).toMatchObject({ change: 'stopped', amount: '0', difference: '-540000' });
    expect(stopped!.reasons).toMatchObject([{ en: 'Day of death: none → 2022-06-20' }]);
    const { body } = await maker.get(`/v1/support-runs/${july.id}/summary`).expect(200);
    expect((body as RunSummary).changes).toEqual([
      { change: 'changed', decisions: 1, amountBefore: '540000', amount: '720000' },
      { change: 'stopped', decisions: 1, amountBefore: '540000', amount: '0' },
    ]);
    const workbook = await maker
      .get(`/v1/support-runs/${july.id}/changes`)
      .set('accept', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet')
      .expect(200);
    expect(workbook.headers['content-disposition']).toContain('changes.xlsx');
    // Who stated something of somebody in it has a part in the run, as its maker has.
    const stater = await harness.as({ sub: 'commune', office: '27' });
    await maker.post(`/v1/support-runs/${july.id}/submission`).expect(201);
    const approval = `/v1/support-runs/${july.id}/approval`;
    await stater.post(approval, { digest: july.digest }).expect(403, /SUPPORT_RUN_OWN/);
    await maker.post(approval, { digest: july.digest }).expect(403);
    await checker.post(approval, { digest: july.digest }).expect(201);
    const found = await maker
      .get('/v1/beneficiaries?programme=monthly-allowance&category=SP-5.6-XS-ADULT&placeCode=09169')
      .expect(200);
    expect((found.body as BeneficiaryPage).items.map(({ id }) => id)).toEqual([worse.id]);
  });

  test('that is rejected entitles nobody, and can be decided again', async () => {
    const run = await decidedMonth(maker, '2022-08');
    await checker.post(`/v1/support-runs/${run.id}/rejection`, { reason: 'Sai tháng' }).expect(201);
    const again = await decidedMonth(maker, '2022-08');
    expect(again.digest).toBe(run.digest);
    await approved(maker, checker, again);
    const none = await decidedMonth(maker, '2022-08');
    expect((await maker.get(`/v1/support-decisions?runId=${none.id}`).expect(200)).body).toMatchObject({
      items: [],
    });
    await checker.post(`/v1/support-runs/${none.id}/rejection`, { reason: 'Không có gì mới' }).expect(201);
  });

  test.each([
    ['without a month', { month: undefined }],
    ['of the month after next', { month: '2022-09', decidedOn: '2022-07-31' }],
    ['that looks ahead', { backTo: '2022-09' }],
    ['of lists', { lists: [] }],
    ['of a programme that pays once', { programme: 'covid-support' }],
  ])('is refused %s', async (_, over) => {
    const input = { programme: 'monthly-allowance', month: '2022-08', decidedOn: '2022-08-10', ...over };
    await maker.post('/v1/support-runs', input).expect(422, /SUPPORT_RUN_MONTH/);
  });

  test('is paid with what is still unpaid of the months before, accounts and cash apart', async () => {
    const runs = await query<{ id: string; month: string }>(
      `SELECT id, month::text AS month FROM support_run WHERE state = 'approved' ORDER BY month`,
    );
    const pay = (index: number, channel: string) =>
      maker.post(`/v1/support-runs/${runs[index]!.id}/payouts`, {
        fundId: '0199b2c4-7c1a-7000-8000-000000000042',
        channel,
        purpose: 'Trợ cấp tháng',
      });
    const first = (await pay(0, 'iso20022-http').expect(201)).body as { id: string; rows: number };
    await pay(0, 'iso20022-http').expect(422, /SUPPORT_PAYOUT_EMPTY/);
    // One line came back, the others were paid.
    await query(
      `INSERT INTO payout_outcome (payout_id, row_no, status, findings)
       SELECT $1, row, CASE row WHEN 1 THEN 'returned' ELSE 'paid' END, '{}' FROM generate_series(1, $2) AS row`,
      first.id,
      first.rows,
    );
    const owed = (month: string, isCash: boolean) =>
      query<{ n: number }>(
        `SELECT count(*)::int AS n FROM entitlement e JOIN beneficiary b USING (person_key)
         WHERE e.period <= $1 AND NOT e.is_released AND (b.bank_bin IS NULL) = $2`,
        month,
        isCash,
      ).then(([row]) => row!.n);
    const second = (await pay(1, 'iso20022-http').expect(201)).body as { rows: number };
    expect(second.rows).toBe((await owed('2022-07', false)) - first.rows + 1);
    const inCash = (await pay(1, 'post-cash').expect(201)).body as { rows: number };
    expect(inCash.rows).toBe(await owed('2022-07', true));
  });

  test('looks at what is unpaid, not at everything that was ever paid', async () => {
    const told = await query<{ id: string }>(
      `INSERT INTO payout_outcome (payout_id, row_no, status, findings)
       SELECT payout.id, row, CASE WHEN row <= 2 THEN 'refused' ELSE 'paid' END, '{}'
       FROM payout, generate_series(1, rows) AS row
       WHERE NOT EXISTS (SELECT FROM payout_outcome WHERE payout_id = payout.id) RETURNING payout_id AS id`,
    );
    expect(told.length).toBeGreaterThan(4);
    // Two of the list by account, two of that in cash, and nothing else of all lists.
    const noted = await query<{ id: string }>(
      'SELECT entitlement_id AS id FROM unpaid_entitlement ORDER BY 1',
    );
    expect(noted).toHaveLength(4);
    expect(
      await query(
        `SELECT e.id FROM entitlement e JOIN support_run run ON run.id = e.run_id
         WHERE run.is_listed AND ${stateOfEntitlement('e', 'true')} NOT IN ('inPayment', 'paid') ORDER BY e.id`,
      ),
    ).toEqual(noted);
    // The same of what was paid before it was noted.
    const listed = `SELECT id FROM support_run run WHERE is_listed AND EXISTS (SELECT FROM entitlement WHERE run_id = run.id) ORDER BY id`;
    const before = await query(listed);
    const runner = harness.dataSource.createQueryRunner();
    await runner.startTransaction();
    await new NoteWhatIsUnpaid1796100621000().down(runner);
    await new NoteWhatIsUnpaid1796100621000().up(runner);
    await runner.commitTransaction();
    await runner.release();
    expect(await query('SELECT entitlement_id AS id FROM unpaid_entitlement ORDER BY 1')).toEqual(noted);
    expect(await query(listed)).toEqual(before);
    const [run] = await query<{ id: string; office: string }>(
      `SELECT id, office_code AS office FROM support_run WHERE month = '2022-07-01' AND state = 'approved'`,
    );
    const read = await harness.dataSource.transaction(async (tx) => {
      // A few rows are read as a whole otherwise: what matters is where an index leads.
      await tx.query(
        'SET LOCAL enable_seqscan = off; SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off',
      );
      const [{ 'QUERY PLAN': plan }] = (await tx.query(
        `EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) ${linesOfMonth}`,
        ['monthly-allowance', run!.office, '2022-07-01', false],
      )) as [{ 'QUERY PLAN': [{ Plan: PlanNode }] }];
      return rowsRead(plan[0].Plan, ['entitlement', 'unpaid_entitlement', 'payout_line']);
    });
    // One of the four stood on two lists.
    expect(read).toEqual({ entitlement: 4, unpaid_entitlement: 4, payout_line: 5 });
    const again = await maker
      .post(`/v1/support-runs/${run!.id}/payouts`, {
        fundId: '0199b2c4-7c1a-7000-8000-000000000042',
        channel: 'iso20022-http',
        purpose: 'Trợ cấp tháng',
      })
      .expect(201);
    expect((again.body as { rows: number }).rows).toBe(2);
    expect(await query('SELECT FROM unpaid_entitlement')).toHaveLength(2);
  });
});

describe('what is known later', () => {
  test('of a value of law: who is owed how much more, as SQL has it from the facts, and once', async () => {
    const months = ['2023-03', '2023-04', '2023-05'];
    const facts = [
      ...Array.from({ length: 20 }, (_, index) => disabled('severe', `19${60 + index}-06-15`)),
      disabled('extremelySevere', '1975-02-01'),
      disabled('severe', '1963-04-30'),
      disabled('severe', '2007-05-02'),
      { bornOn: '1943-04-01', monthlyPension: '0' },
      { ...severe, diedOn: '2023-04-11' },
    ];
    const list = await brought(
      commune,
      registerHead('2023-03'),
      facts.map((row) => registered(row)),
    );
    for (const month of months) await approvedMonth(maker, checker, month);
    const resolution = {
      parameter: 'standardLevel',
      value: '500000',
      resolution: '17/2023/NQ-HĐND',
      article: '2',
      inForceFrom: '2023-06-05',
      appliedFrom: '2023-03-01',
    };
    const { body: row } = await maker.post('/v1/law/parameter-rows', resolution).expect(201);
    await checker.post(`/v1/law/parameter-rows/${(row as { id: string }).id}/approval`).expect(201);
    const june = await decidedMonth(maker, '2023-06', { decidedOn: '2023-06-10', backTo: '2023-03' });
    const arrears = (await changesOf(maker, june)).filter(({ change }) => change === 'arrears');
    expect(
      arrears.map(({ beneficiaryId, month, difference }) => [beneficiaryId, month, difference]).sort(),
    ).toEqual(
      await query<{ line: string[] }>(
        `WITH person AS (
           SELECT b.id, (s.facts->>'bornOn')::date AS born, coalesce(s.facts->>'disability', 'none') AS degree,
             max((s.facts->>'diedOn')::date) OVER (PARTITION BY b.id) AS died
           FROM beneficiary b JOIN beneficiary_statement s ON s.beneficiary_id = b.id WHERE b.programme = 'monthly-allowance'
         ), month AS (SELECT day::date AS first, (day + interval '1 month - 1 day')::date AS last
           FROM generate_series('2023-03-01'::date, '2023-05-01', '1 month') AS day
         ), due AS (
           SELECT person.id, first, extract(year FROM age(last, born)) AS years, degree FROM person, month
           WHERE died IS NULL OR first <= date_trunc('month', died)
         ), tenths AS (
           SELECT id, first, max(CASE
             WHEN degree = 'extremelySevere' THEN CASE WHEN years < 16 OR years >= 60 THEN 25 ELSE 20 END
             WHEN degree = 'severe' THEN CASE WHEN years < 16 OR years >= 60 THEN 20 ELSE 15 END
             WHEN years >= 80 THEN 10 END) AS tenths
           FROM due GROUP BY id, first)
         SELECT ARRAY[id::text, to_char(first, 'YYYY-MM'), (tenths * 14000)::text] AS line FROM tenths
         WHERE tenths IS NOT NULL`,
      ).then((lines) => lines.map(({ line }) => line).sort()),
    );
    expect(arrears.length).toBeGreaterThan(months.length * 20);
    for (const { reasons } of arrears)
      expect(reasons.map(({ en }) => en)).toContain('Standard level of social assistance: 360,000 → 500,000');
    await approved(maker, checker, june);
    expect(list.blocked).toBe(0);
    const sums = await query(
      `SELECT e.period, count(*) FILTER (WHERE ordinal = 2)::int AS more,
         bool_and(e.amount = d.amount - d.amount_before) FILTER (WHERE ordinal = 2) AS "isShort"
       FROM entitlement e JOIN decision d USING (id) WHERE e.period BETWEEN '2023-03' AND '2023-05' GROUP BY e.period ORDER BY 1`,
    );
    const of = (month: string) => arrears.filter((each) => each.month === month).length;
    expect(sums).toEqual(months.map((period) => ({ period, more: of(period), isShort: true })));
    const again = await decidedMonth(maker, '2023-06', { decidedOn: '2023-06-11', backTo: '2023-03' });
    expect(await changesOf(maker, again)).toEqual([]);
    await checker.post(`/v1/support-runs/${again.id}/rejection`, { reason: 'Không có gì mới' }).expect(201);
  });

  test('of a fact that is being stated while the month is started: the month waits for it, and knows of it', async () => {
    const { id } = await entered(commune, disabled('extremelySevere', '1980-01-01'), {
      appliesFrom: '2023-03',
    });
    await approvedMonth(maker, checker, '2023-03');
    const runner = harness.dataSource.createQueryRunner();
    await runner.startTransaction();
    await beginToState(runner.manager, 'monthly-allowance');
    await runner.query(
      `INSERT INTO beneficiary_statement (id, beneficiary_id, applies_from, facts, basis, recorded_by, recorded_by_name)
       VALUES (uuidv7(), $1, '2023-03-01', '{"disability": "severe"}', 'x', 'x', 'x')`,
      [id],
    );
    let isMade = false;
    const april = approvedMonth(maker, checker, '2023-04').finally(() => (isMade = true));
    for (let isWaiting = false; !isWaiting && !isMade;) {
      const waiting = await query(`SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted`);
      isWaiting = waiting.length > 0;
    }
    await runner.commitTransaction();
    await runner.release();
    const run = await april;
    expect(run.backTo).toBe('2023-03');
    expect(of(id, await changesOf(maker, run)).map(brief)).toEqual([
      { month: '2023-03', change: 'overpaid', amountBefore: '720000', amount: '540000' },
      { month: '2023-04', change: 'changed', amountBefore: '720000', amount: '540000' },
    ]);
  });

  test('of a fact: the month is looked at again by itself, and what is too much is told and not taken', async () => {
    const { id } = await entered(commune, disabled('extremelySevere', '1980-01-01'), {
      appliesFrom: '2023-07',
    });
    await approvedMonth(maker, checker, '2023-07');
    const state = (appliesFrom: string, facts: object) =>
      commune.post(`/v1/beneficiaries/${id}/statements`, { appliesFrom, facts, basis: 'x' }).expect(201);
    await state('2023-07', { disability: 'severe' });
    const august = await approvedMonth(maker, checker, '2023-08');
    expect(august.backTo).toBe('2023-07');
    const lower = of(id, await changesOf(maker, august));
    expect(lower.map(brief)).toEqual([
      { month: '2023-07', change: 'overpaid', amountBefore: '1000000', amount: '750000' },
      { month: '2023-08', change: 'changed', amountBefore: '1000000', amount: '750000' },
    ]);
    // It turns out to have been right: nothing more is owed than was paid.
    await state('2023-07', { disability: 'extremelySevere' });
    const september = await approvedMonth(maker, checker, '2023-09');
    const right = of(id, await changesOf(maker, september));
    expect(right.map(brief)).toEqual([
      { month: '2023-08', change: 'arrears', amountBefore: '750000', amount: '1000000' },
      { month: '2023-09', change: 'changed', amountBefore: '750000', amount: '1000000' },
    ]);
    const owed = await query(
      `SELECT period, sum(amount)::text AS amount FROM entitlement JOIN beneficiary b USING (person_key)
       WHERE b.id = $1 GROUP BY period ORDER BY period`,
      id,
    );
    expect(owed).toEqual(['2023-07', '2023-08', '2023-09'].map((period) => ({ period, amount: '1000000' })));
  });

  test('changes no decision: each is made again with the same digest', async () => {
    const runs = await query<{ id: string }>('SELECT id FROM support_run');
    let seen = 0;
    for (const { id: runId } of runs) {
      const { body } = await maker.get(`/v1/support-decisions?runId=${runId}&limit=12`).expect(200);
      for (const { id } of (body as { items: { id: string }[] }).items) {
        const one = (await maker.get(`/v1/support-decisions/${id}`).expect(200)).body as ExplainedDecision;
        expect(one).toMatchObject({ isReproduced: true });
        seen += 1;
      }
    }
    expect(seen).toBeGreaterThan(50);
  });
});

test('a month of more people than a block has each of them once, beside his month before', async () => {
  const people = rowsOfBlock + 50;
  const rows = Array.from({ length: people }, () => registered(severe));
  const list = await brought(commune, registerHead('2024-01'), rows);
  const runs = [
    await approvedMonth(maker, checker, '2024-01'),
    await approvedMonth(maker, checker, '2024-02'),
  ];
  const made = await query(
    `SELECT d.run_id AS run, d.change, count(*)::int AS decisions, count(DISTINCT b.id)::int AS people, sum(e.amount)::text AS owed,
       bool_and(before.beneficiary_id = b.id AND before.run_id = $2) AS "isBeside"
     FROM beneficiary b JOIN decision d ON d.beneficiary_id = b.id JOIN entitlement e ON e.id = d.id
     LEFT JOIN decision before ON before.id = d.earlier_id
     WHERE b.list_id = $1 GROUP BY d.run_id, d.change ORDER BY d.run_id`,
    list.id,
    runs[0]!.id,
  );
  // 1.5 times the 500,000 of the resolution above.
  const each = { decisions: people, people, owed: String(750_000 * people) };
  expect(made).toEqual([
    { run: runs[0]!.id, change: 'new', ...each, isBeside: null },
    { run: runs[1]!.id, change: null, ...each, isBeside: true },
  ]);
});

test('of somebody who moves each commune finds by his number what was decided while he lived there', async () => {
  const number = newNumber();
  const { id } = await entered(commune, severe, { number, appliesFrom: '2024-03' });
  const monthsSeen = async (client: PlayedClient) => {
    const { body } = await client.post('/v1/support-decisions/lookup', { number }).expect(200);
    return (body as { items: ExplainedDecision[] }).items.map(({ month }) => month);
  };
  await approvedMonth(maker, checker, '2024-03');
  expect(await monthsSeen(commune)).toEqual(['2024-03']);
  expect(await monthsSeen(neighbour)).toEqual([]);
  await commune
    .post(`/v1/beneficiaries/${id}/moves`, { placeCode: '09367', movedOn: '2024-04-02', basis: 'x' })
    .expect(201);
  await approvedMonth(maker, checker, '2024-04');
  expect(await monthsSeen(commune)).toEqual(['2024-03']);
  expect(await monthsSeen(neighbour)).toEqual(['2024-04']);
  expect(await monthsSeen(maker)).toEqual(['2024-03', '2024-04']);
});

describe('references of many rows', () => {
  const stranger = '00000000-0000-7000-8000-00000000ffff';
  const another = { id: stranger, person_key: stranger };
  /** A row like one that is there, but for some columns. */
  const enter = (table: string, columns: object) =>
    query(
      `INSERT INTO ${table} OVERRIDING USER VALUE SELECT (jsonb_populate_record(made, $1)).* FROM ${table} made LIMIT 1`,
      JSON.stringify(columns),
    );

  test.each([
    ['list_row', 'support_list', { list_id: stranger }],
    ['beneficiary', 'support_list', { ...another, list_id: stranger }],
    ['beneficiary_statement', 'beneficiary', { id: stranger, beneficiary_id: stranger }],
    ['member_block', 'support_run', { run_id: stranger }],
    ['member_block', 'beneficiary', { block_no: 999, members: [stranger] }],
    ['decision', 'support_run', { id: stranger, run_id: stranger }],
    ['decision', 'beneficiary', { id: stranger, beneficiary_id: stranger }],
    ['decision', 'list_row', { id: stranger, beneficiary_id: null, list_id: stranger, row_no: 1 }],
    ['entitlement', 'decision', { ...another }],
    ['payout_line', 'run_payout', { run_payout_id: stranger }],
    ['payout_line', 'entitlement', { row_no: 999, entitlement_id: stranger }],
    ['payout_outcome', 'payout', { payout_id: stranger }],
  ])('%s of no %s is refused', async (table, referred, columns) => {
    await expect(enter(table, columns)).rejects.toThrow(`${table} refers to no row of ${referred}`);
  });

  test('insurance_fact of no insurance_list is refused', async () => {
    const sql = `INSERT INTO insurance_fact (person_key, month, employer_tax_code, list_id, row_no, is_insured)
      VALUES ($1, '2022-03-01', '2300000001', $1, 1, true)`;
    await expect(query(sql, stranger)).rejects.toThrow('insurance_fact refers to no row of insurance_list');
  });

  test('entitlement of no support_run is refused', async () => {
    await expect(
      harness.dataSource.transaction(async (tx) => {
        await tx.query(
          `INSERT INTO decision SELECT (jsonb_populate_record(made, $1)).* FROM decision made LIMIT 1`,
          [JSON.stringify({ id: stranger, month: '2031-01-01' })],
        );
        await tx.query(
          `INSERT INTO entitlement SELECT (jsonb_populate_record(made, $1)).* FROM entitlement made LIMIT 1`,
          [JSON.stringify({ ...another, run_id: stranger })],
        );
      }),
    ).rejects.toThrow('entitlement refers to no row of support_run');
  });

  test.each([
    ['support_list', 'id'],
    ['list_row', 'row_no'],
    ['beneficiary', 'id'],
    ['beneficiary', 'list_id'],
    ['support_run', 'id'],
    ['decision', 'id'],
    ['entitlement', 'run_id'],
    ['run_payout', 'id'],
  ])('what they refer to stays: %s (%s)', async (table, column) => {
    const change = `UPDATE ${table} SET ${column} = ${column}`;
    for (const sql of [`DELETE FROM ${table}`, change, `TRUNCATE ${table} CASCADE`])
      await expect(query(sql)).rejects.toThrow('is append-only');
  });
});
