import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { CommandOptions, HouseholdClasses, RegistryClient } from '@ansinh/client';
import type { PlayedClient } from '@ansinh/testing';
import exceljs from 'exceljs';
import { ClassTeller } from '../src/review/class-teller.js';
import type { BeneficiaryHistory } from '../src/beneficiary/beneficiary.dto.js';
import type { PovertyRate } from '../src/review/rate.dto.js';
import type {
  CorrectionList,
  CorrectionView,
  ExplainedHousehold,
  ReviewedHouseholdView,
  ReviewFindingView,
  ReviewListView,
  ReviewView,
} from '../src/review/review.dto.js';
import { reviewRules, reviewStates } from '../src/review/review.states.js';
import type { OverpaymentPage } from '../src/recovery/recovery.dto.js';
import type { RunView } from '../src/run/run.dto.js';
import { type Harness, startHarness } from './harness.js';
import { approvedMonth, changesOf, decidedMonth, entered } from './month.js';
import { confirmLaw, csv, household, newNumber } from './support.js';

let harness: Harness;
let commune: PlayedClient;
let chair: PlayedClient;
let other: PlayedClient;
let province: PlayedClient;
beforeAll(async () => {
  harness = await startHarness();
  commune = await harness.as({
    sub: 'officer',
    office: '256',
    permissions: ['review:write', 'support:read'],
  });
  chair = await harness.as({ sub: 'chair', office: '256', permissions: ['review:approve', 'support:read'] });
  other = await harness.as({ sub: 'other', office: '261' });
  province = await harness.as({ sub: 'province' });
});
afterAll(() => harness.stop());

const open = (placeCode: string, over: object = {}, client = commune) =>
  client.post('/v1/poverty-reviews', {
    year: 2022,
    placeCode,
    reviewedOn: '2022-10-03',
    area: 'urban',
    households: 1000,
    ...over,
  });
const opened = async (placeCode: string, over: object = {}, client = commune) =>
  (await open(placeCode, over, client).expect(201)).body as ReviewView;
const bring = (id: string, rows: Record<string, string>[], query = '') =>
  commune.upload(`/v1/poverty-reviews/${id}/lists${query}`, csv(rows), 'text/csv');
const brought = async (id: string, rows: Record<string, string>[], query = '') =>
  (await bring(id, rows, query).expect(201)).body as ReviewListView;
const meet = (id: string, agreed = 41) =>
  commune.post(`/v1/poverty-reviews/${id}/meetings`, {
    heldOn: '2022-10-20',
    minutes: 'BB 03',
    present: 81,
    agreed,
  });
const view = async (id: string) =>
  (await commune.get(`/v1/poverty-reviews/${id}`).expect(200)).body as ReviewView;
const approve = async (id: string, client = chair) =>
  client.post(`/v1/poverty-reviews/${id}/approval`, {
    digest: (await view(id)).digest,
    decision: 'QĐ 12/QĐ-UBND',
  });

const poor = (number?: string) =>
  household(number, { deprivedOf: 'lacksWork;bảo hiểm y tế;lacksInternet', members: '3' });
const rich = (number?: string) =>
  household(number, { characteristics: 'size1;regionRedRiver;motorbike2;electricityFrom150;fridge' });

describe('a review', () => {
  test('goes from lists to classes that a second person recognises', async () => {
    const { id } = await opened('09163');
    const list = await brought(id, [poor(), household(), rich()]);
    expect(list).toMatchObject({ rows: 3, blocked: 0, isRefused: false });
    expect(await view(id)).toMatchObject({
      state: 'open',
      reviewed: 3,
      poor: 1,
      nearPoor: 1,
      unclassified: 0,
    });
    await meet(id).expect(409, /REVIEW_MEETING_LAW[^]*PV-MEET/);
    await confirmLaw(province, 'PV-MEET', 'PV-MEET-AGAIN');
    await meet(id, 40).expect(201);
    expect((await view(id)).moves.map(({ kind }) => kind)).toEqual(['opened', 'disagreed']);
    const { body: posted } = await meet(id).expect(201);
    // Three working days after Thursday the 20th.
    expect(posted).toMatchObject({ state: 'posted', postedUntil: '2022-10-25' });
    await bring(id, [household()]).expect(409, /REVIEW_STATE/);
    await commune.post(`/v1/poverty-reviews/${id}/submission`).expect(201);
    await chair
      .post(`/v1/poverty-reviews/${id}/approval`, { digest: '0'.repeat(64), decision: 'QĐ' })
      .expect(409, /REVIEW_DIGEST/);
    const own = await harness.as({ sub: 'officer', office: '256', permissions: ['review:approve'] });
    expect((await approve(id, own)).body).toMatchObject({ code: 'REVIEW_OWN' });
    expect((await approve(id)).body).toMatchObject({
      state: 'approved',
      digest: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    const verbs = (await harness.dataSource.query(
      'SELECT verb FROM audit_event WHERE subject = $1 AND before_digest IS DISTINCT FROM after_digest ORDER BY seq',
      [`poverty-review/${id}`],
    )) as { verb: string }[];
    expect(verbs.map(({ verb }) => verb)).toEqual([
      'poverty.review.open',
      'poverty.list.bring',
      'poverty.review.meet',
      'poverty.review.meet',
      'poverty.review.submit',
      'poverty.review.approve',
    ]);
  });

  test('is told to the registry once it is approved: each household once, also after a death in mid-way', async () => {
    const told: HouseholdClasses[] = [];
    const officials = new Set<string>();
    let deaths = 0;
    const registry = (isDying: () => boolean) => ({
      householdClasses: {
        record: (classes: HouseholdClasses, { onBehalfOf }: CommandOptions = {}) => {
          told.push(classes);
          officials.add(`${onBehalfOf!.id} ${onBehalfOf!.office}`);
          // The registry has it; its answer is lost.
          if (isDying()) return Promise.reject(new Error('killed'));
          const unknown = classes.households.slice(0, 1).map(({ personKey }) => personKey);
          return Promise.resolve({ classified: classes.households.length - 1, unchanged: 0, unknown });
        },
      },
    });
    const tell = (isDying = () => false) =>
      new ClassTeller(harness.dataSource, registry(isDying) as unknown as RegistryClient).tellDue();
    const { id } = await opened('09172', { year: 2023, reviewedOn: '2023-10-02' });
    const rows = Array.from({ length: 501 }, (_, index) => (index === 500 ? rich() : poor()));
    await brought(id, rows);
    await tell();
    expect(told.filter(({ households }) => households.length > 3)).toEqual([]);
    const minutes = { heldOn: '2023-10-20', minutes: 'BB 03', present: 81, agreed: 41 };
    await commune.post(`/v1/poverty-reviews/${id}/meetings`, minutes).expect(201);
    await commune.post(`/v1/poverty-reviews/${id}/submission`).expect(201);
    expect((await approve(id)).body).toMatchObject({ state: 'approved', toldRegistry: null });
    told.length = 0;
    await tell(() => (deaths += 1) === 2);
    expect(told.map(({ households }) => households.length)).toEqual([500, 1]);
    expect((await view(id)).toldRegistry).toEqual({ households: 499, unknown: 1, isOver: false });
    await tell();
    await tell();
    expect(told.map(({ households }) => households.length)).toEqual([500, 1, 1]);
    expect(told[2]).toEqual({ ...told[1], basis: 'QĐ 12/QĐ-UBND', year: 2023 });
    expect(told[2]!.households.map((each) => each.class)).toEqual(['neither']);
    const keys = told.flatMap(({ households }) => households.map(({ personKey }) => personKey));
    expect(new Set(keys).size).toBe(501);
    expect((await view(id)).toldRegistry).toEqual({ households: 499, unknown: 2, isOver: true });
    // The commune of today.
    expect([...officials]).toContain('chair 09187');
  });

  test('a household is explained, and its class comes out again', async () => {
    const { body } = await commune
      .get('/v1/reviewed-households?year=2022&class=poor&indicator=lacksWork')
      .expect(200);
    const [found] = (body as { items: ReviewedHouseholdView[] }).items;
    expect(found).toMatchObject({
      pointsB1: 175,
      pointsB2: 30,
      deprivedOf: ['lacksWork', 'lacksHealthInsurance', 'lacksInternet'],
    });
    const { body: explained } = await commune.get(`/v1/reviewed-households/${found!.id}`).expect(200);
    expect(explained).toMatchObject({ class: 'poor', isReproduced: true });
    const { vi } = (explained as ExplainedHousehold).explanation;
    expect(vi).toContain('Kết quả: hộ nghèo.');
    expect(vi).not.toContain('hưởng');
    const { body: none } = await commune
      .get('/v1/reviewed-households?year=2022&indicator=houseTooSmall')
      .expect(200);
    expect(none).toMatchObject({ items: [] });
  });

  test('a household is corrected by another record, as long as the review is open', async () => {
    const { id } = await opened('09166');
    const number = newNumber();
    await brought(id, [household(number)]);
    const record = (facts: object) =>
      commune.post(`/v1/poverty-reviews/${id}/households`, {
        citizenNumber: number,
        name: 'Nguyễn  Thị Hoà',
        members: 2,
        facts,
      });
    const characteristics = ['size2', 'regionRedRiver'];
    const { body } = await record({
      characteristics,
      deprivedOf: ['lacksWork', 'lacksInternet', 'lacksInformation'],
    }).expect(201);
    expect(body).toMatchObject({ class: 'poor', name: 'Nguyễn Thị Hoà', isReproduced: true });
    expect(await view(id)).toMatchObject({ reviewed: 1, poor: 1, nearPoor: 0 });
    await record({ mood: true }).expect(422, /REVIEW_FORM/);
    await record({ characteristics: ['size1', 'size2'], deprivedOf: [] }).expect(422, /Only one of these/);
    await record({ characteristics }).expect(201);
    await meet(id).expect(409, /REVIEW_UNCLASSIFIED/);
  });

  test('of a commune there is one a year, by its office, of that year', async () => {
    await open('09163').expect(409, /REVIEW_EXISTS/);
    await open('09163', { year: 2023 }).expect(422, /REVIEW_DAY/);
    await open('09163', {}, other).expect(422, /REVIEW_PLACE/);
    await open('99999').expect(422, /REVIEW_PLACE/);
  });

  test('from 2026 nothing is classified: nobody has read the forms', async () => {
    const { id } = await opened('09169', { year: 2026, reviewedOn: '2026-09-10' });
    await brought(id, [household()]);
    expect(await view(id)).toMatchObject({ reviewed: 1, unclassified: 1 });
    await meet(id).expect(422, /REVIEW_DAY/);
  });
});

describe('a list', () => {
  const flawed = () => [
    household(),
    household('12'),
    household(undefined, { deprivedOf: '' }),
    household(undefined, { characteristics: 'size1;size2;regionRedRiver' }),
    household(undefined, { characteristics: 'regionRedRiver' }),
    household(undefined, { members: 'ba' }),
  ];

  test('with flawed rows is refused whole, or goes on without them; each has its remark', async () => {
    const { id } = await opened('09172');
    const refused = await brought(id, flawed());
    expect(refused).toMatchObject({ rows: 6, blocked: 5, isRefused: true });
    expect(await view(id)).toMatchObject({ reviewed: 0 });
    const { body } = await commune.get(`/v1/poverty-reviews/lists/${refused.id}/findings`).expect(200);
    const found = (body as { items: ReviewFindingView[] }).items;
    expect(found.map(({ row, code, column }) => [row, code, column])).toEqual([
      [2, 'WRONG_CELL', 'citizenNumber'],
      [3, 'MISSING_CELL', 'deprivedOf'],
      [4, 'FORM_ONE_OF', 'characteristics'],
      [5, 'FORM_NEEDS_ONE_OF', 'characteristics'],
      [6, 'WRONG_CELL', 'members'],
    ]);
    expect(found[2]!.message.vi).toBe('Chỉ được chọn một trong: hộ có 1 người, hộ có 2 người.');
    expect(await brought(id, flawed(), '?onFlawed=setAside')).toMatchObject({ blocked: 5, isRefused: false });
    expect(await view(id)).toMatchObject({ reviewed: 1 });
  });

  test('nobody counts twice: not in a list, not in two communes', async () => {
    const [here, there] = [await opened('09175'), await opened('09178')];
    const number = newNumber();
    const twice = await brought(here.id, [household(number), poor(number)], '?onFlawed=setAside');
    expect(twice).toMatchObject({ blocked: 1 });
    const again = await brought(there.id, [household(number), household()], '?onFlawed=setAside');
    const { body } = await commune.get(`/v1/poverty-reviews/lists/${again.id}/findings`).expect(200);
    expect(body).toMatchObject({ items: [{ row: 1, code: 'REVIEWED_ELSEWHERE' }] });
    expect(await view(there.id)).toMatchObject({ reviewed: 1 });
  });
});

describe('rates', () => {
  test('are those of the approved reviews, by commune and district and of all', async () => {
    const { id } = await opened('09181', { households: 3 });
    await brought(id, [poor(), household()]);
    await meet(id).expect(201);
    await commune.post(`/v1/poverty-reviews/${id}/submission`).expect(201);
    expect((await approve(id)).status).toBe(201);
    const { body } = await commune.get('/v1/poverty-rates?year=2022').expect(200);
    const rates = (body as { items: PovertyRate[] }).items;
    expect(
      rates.map(({ level, placeCode, households, poor: count, poorPeople, poorPercent, nearPoorPercent }) => [
        level,
        placeCode,
        households,
        count,
        poorPeople,
        poorPercent,
        nearPoorPercent,
      ]),
    ).toEqual([
      ['commune', '09163', 1000, 1, 3, '0.10', '0.10'],
      ['commune', '09181', 3, 1, 3, '33.33', '33.33'],
      ['district', '256', 1003, 2, 6, '0.20', '0.20'],
      ['all', null, 1003, 2, 6, '0.20', '0.20'],
    ]);
    const { body: lacks } = await commune.get('/v1/poverty-deprivations?year=2022').expect(200);
    const { items } = lacks as { items: { indicator: string; poor: number; nearPoor: number }[] };
    expect(items).toHaveLength(12);
    expect(items.filter((one) => one.poor + one.nearPoor > 0)).toMatchObject([
      { indicator: 'lacksWork', poor: 2, nearPoor: 0 },
      { indicator: 'lacksHealthInsurance', poor: 2, nearPoor: 0 },
      { indicator: 'lacksInternet', poor: 2, nearPoor: 0 },
    ]);
  });

  test('come as a workbook', async () => {
    const { body } = await commune
      .get('/v1/poverty-rates?year=2022')
      .set('accept', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet')
      .buffer()
      .parse((answer, done) => {
        const pieces: Buffer[] = [];
        answer.on('data', (piece: Buffer) => pieces.push(piece));
        answer.on('end', () => done(null, Buffer.concat(pieces)));
      })
      .expect(200);
    const workbook = new exceljs.Workbook();
    await workbook.xlsx.load(body as exceljs.Buffer);
    const sheet = workbook.worksheets[0]!;
    expect(sheet.rowCount).toBe(5);
    expect([sheet.getRow(4).getCell(2).value, sheet.getRow(4).getCell(6).value]).toEqual(['256', '0.20']);
  });
});

test('another office sees nothing of it', async () => {
  for (const path of ['poverty-reviews', 'reviewed-households?year=2022', 'poverty-rates?year=2022']) {
    const { body } = await other.get(`/v1/${path}`).expect(200);
    expect(body).toMatchObject({ items: [] });
  }
  const [found] = (await harness.dataSource.query('SELECT id FROM poverty_review LIMIT 1')) as {
    id: string;
  }[];
  await other.get(`/v1/poverty-reviews/${found!.id}`).expect(404, /REVIEW_NOT_FOUND/);
  await other
    .post(`/v1/poverty-reviews/${found!.id}/reopening`, { reason: 'x' })
    .expect(404, /REVIEW_NOT_FOUND/);
});

describe('an approved review is corrected', () => {
  const number = newNumber();
  const facts = (deprivedOf: string[]) => ({
    characteristics: ['size1', 'regionRedRiver', 'motorbike2', 'electricityFrom150'],
    deprivedOf,
  });
  let review: ReviewView;
  let poorNow: ReviewedHouseholdView;
  const propose = (over: object = {}, client = commune) =>
    client.post(`/v1/poverty-reviews/${review.id}/corrections`, {
      citizenNumber: number,
      name: 'Nguyễn Thị Hoà',
      members: 3,
      facts: {
        characteristics: ['size1', 'regionRedRiver', 'motorbike2', 'electricityFrom150', 'fridge'],
        deprivedOf: [],
      },
      reason: 'Ghi nhầm tài sản',
      paper: 'BB 07',
      ...over,
    });
  const proposed = async (over: object = {}) => (await propose(over).expect(201)).body as CorrectionView;
  const approveIt = ({ id }: CorrectionView, client = chair) =>
    client.post(`/v1/review-corrections/${id}/approval`, { decision: 'QĐ 31/QĐ-UBND' });
  const current = async () => {
    const { body } = await commune
      .get(`/v1/reviewed-households?year=2024&reviewId=${review.id}&limit=500`)
      .expect(200);
    return (body as { items: ReviewedHouseholdView[] }).items;
  };
  const rate = async () => {
    const { body } = await province.get('/v1/poverty-rates?year=2024').expect(200);
    return (body as { items: PovertyRate[] }).items.map(({ level, poor: poorHouseholds }) => [
      level,
      poorHouseholds,
    ]);
  };

  beforeAll(async () => {
    const minutes = { heldOn: '2024-10-20', minutes: 'BB 03', present: 81, agreed: 41 };
    review = await opened('09163', { year: 2024, reviewedOn: '2024-10-02' });
    await brought(review.id, [poor(number), household()]);
    await commune.post(`/v1/poverty-reviews/${review.id}/meetings`, minutes).expect(201);
    await propose().expect(409, /REVIEW_STATE/);
    await commune.post(`/v1/poverty-reviews/${review.id}/submission`).expect(201);
    expect((await approve(review.id)).status).toBe(201);
    poorNow = (await current()).find(({ class: found }) => found === 'poor')!;
  });

  test('by a proposal that another one approves; until then nothing counts otherwise', async () => {
    const officer = await harness.as({ sub: 'officer', office: '256', permissions: ['review:approve'] });
    await propose({}, other).expect(404, /REVIEW_NOT_FOUND/);
    await propose({ facts: { mood: 'good' } }).expect(422, /REVIEW_FORM/);
    const refused = await proposed();
    await chair.post(`/v1/review-corrections/${refused.id}/rejection`, { reason: 'x' }).expect(201);
    await approveIt(refused).expect(409, /REVIEW_CORRECTION_STATE/);
    const correction = await proposed();
    expect(correction).toMatchObject({
      state: 'proposed',
      classBefore: 'poor',
      class: 'notPoor',
      replacesId: poorNow.id,
    });
    expect((await current()).map(({ id }) => id)).toContain(poorNow.id);
    const before = await rate();
    await approveIt(correction, officer).expect(403, /REVIEW_OWN/);
    await approveIt(correction, other).expect(404, /REVIEW_CORRECTION_NOT_FOUND/);
    const late = await proposed();
    expect((await approveIt(correction).expect(201)).body).toMatchObject({ state: 'approved' });
    // What was known when it was proposed does not hold any more.
    await approveIt(late).expect(409, /REVIEW_CORRECTION_OUTDATED/);
    expect(before).toEqual([
      ['commune', 1],
      ['district', 1],
      ['all', 1],
    ]);
    expect(await rate()).toEqual([
      ['commune', 0],
      ['district', 0],
      ['all', 0],
    ]);
    const kept = (await commune.get(`/v1/reviewed-households/${poorNow.id}`).expect(200))
      .body as ExplainedHousehold;
    expect(kept).toMatchObject({ class: 'poor', isCurrent: false, isReproduced: true });
    const moved = await view(review.id);
    expect(moved).toMatchObject({ state: 'approved', poor: 0, toldRegistry: null });
    expect(moved.moves.at(-1)).toMatchObject({ kind: 'corrected', paper: 'QĐ 31/QĐ-UBND' });
    const { body } = await commune.get(`/v1/poverty-reviews/${review.id}/corrections`).expect(200);
    expect((body as CorrectionList).items.map(({ state }) => state)).toEqual([
      'rejected',
      'approved',
      'proposed',
    ]);
    await commune.post(`/v1/review-corrections/${late.id}/withdrawal`, { reason: 'x' }).expect(201);
  });

  test('and the registry is told of that household by its own decision', async () => {
    const told: HouseholdClasses[] = [];
    const registry = {
      householdClasses: {
        record: (classes: HouseholdClasses) => {
          told.push(classes);
          return Promise.resolve({ classified: 1, unchanged: 0, unknown: [] });
        },
      },
    };
    const tell = () => new ClassTeller(harness.dataSource, registry as unknown as RegistryClient).tellDue();
    await tell();
    await tell();
    const of2024 = told.filter(({ year }) => year === 2024);
    expect(of2024.map(({ basis, households }) => [basis, households.map((each) => each.class)])).toEqual([
      ['QĐ 12/QĐ-UBND', ['nearPoor']],
      ['QĐ 31/QĐ-UBND', ['neither']],
    ]);
    expect((await view(review.id)).toldRegistry).toEqual({ households: 1, unknown: 0, isOver: true });
  });

  test('and what was stated of the head in the register is stated rightly, from the month of the review on', async () => {
    const entry = {
      programme: 'monthly-allowance',
      number,
      name: 'Nguyễn Thị Hoà',
      placeCode: '09367',
      appliesFrom: '2024-03',
      facts: { bornOn: '1950-01-01', household: 'other' },
      basis: 'x',
    };
    const { body } = await other.post('/v1/beneficiaries', entry).expect(201);
    const { id } = body as { id: string };
    const again = await proposed({
      facts: { ...facts(['lacksWork', 'lacksHealthInsurance', 'lacksInternet']) },
    });
    await approveIt(again).expect(201);
    const history = (await other.get(`/v1/beneficiaries/${id}`).expect(200)).body as BeneficiaryHistory;
    expect(history.statements.slice(1)).toMatchObject([
      { appliesFrom: '2024-10', facts: { household: again.class }, recordedBy: 'chair' },
    ]);
    // What was stated otherwise than the review found is not the review's.
    await other
      .post(`/v1/beneficiaries/${id}/statements`, {
        appliesFrom: '2024-11',
        facts: { household: 'difficult' },
        basis: 'x',
      })
      .expect(201);
    await approveIt(await proposed()).expect(201);
    const last = (await other.get(`/v1/beneficiaries/${id}`).expect(200)).body as BeneficiaryHistory;
    expect(last.statements.slice(2)).toMatchObject([
      { appliesFrom: '2024-11', facts: { household: 'difficult' } },
      // The month between goes by what the review had found.
      { appliesFrom: '2024-10', facts: { household: 'other' }, recordedBy: 'chair' },
    ]);
  });

  test('not past its corrections: in the database', async () => {
    const sql = 'UPDATE reviewed_household SET is_current = true, since_move = 9 WHERE id = $1';
    await expect(harness.dataSource.query(sql, [poorNow.id])).rejects.toMatchObject({
      constraint: 'review_is_open',
    });
    await expect(harness.dataSource.query(`UPDATE review_correction SET reason = 'y'`)).rejects.toMatchObject(
      {
        constraint: 'correction_stays',
      },
    );
  });
});

describe('what a correction makes of the months that were decided by the class of before', () => {
  let maker: PlayedClient;
  let checker: PlayedClient;
  beforeAll(async () => {
    maker = await harness.as({ sub: 'maker' });
    checker = await harness.as({ sub: 'checker' });
  });

  const asset = (name: string) => ({
    characteristics: ['size1', 'regionRedRiver', 'motorbike2', 'electricityFrom150', name],
    deprivedOf: [],
  });
  const notPoor = asset('fridge');
  const isPoor = {
    ...notPoor,
    characteristics: notPoor.characteristics.slice(0, 4),
    deprivedOf: ['lacksWork', 'lacksHealthInsurance', 'lacksInternet'],
  };
  const reviewed = async (year: number, rows: Record<string, string>[], place = '09184') => {
    const { id } = await opened(place, { year, reviewedOn: `${year}-10-02` });
    await brought(id, rows);
    const minutes = { heldOn: `${year}-10-20`, minutes: 'BB 03', present: 81, agreed: 41 };
    await commune.post(`/v1/poverty-reviews/${id}/meetings`, minutes).expect(201);
    await commune.post(`/v1/poverty-reviews/${id}/submission`).expect(201);
    expect((await approve(id)).status).toBe(201);
    return id;
  };
  const correct = async (reviewId: string, citizenNumber: string, facts: object) => {
    const { body } = await commune
      .post(`/v1/poverty-reviews/${reviewId}/corrections`, {
        citizenNumber,
        name: 'Nguyễn Thị Hoà',
        members: 3,
        facts,
        reason: 'Ghi nhầm tài sản',
        paper: 'BB 07',
      })
      .expect(201);
    const path = `/v1/review-corrections/${(body as CorrectionView).id}/approval`;
    return (await chair.post(path, { decision: 'QĐ 31/QĐ-UBND' }).expect(201)).body as CorrectionView;
  };
  /** Old, without anybody to care for him: 540,000 where his household is poor. His allowance is another office's than the review. */
  const old = (number: string, householdClass: string) =>
    entered(
      other,
      { bornOn: '1950-01-01', hasNoCarer: true, household: householdClass, decidedOn: '2023-09-01' },
      { number, placeCode: '09367', appliesFrom: '2023-10' },
    );
  const stated = (id: string, appliesFrom: string, householdClass: string) =>
    other
      .post(`/v1/beneficiaries/${id}/statements`, {
        appliesFrom,
        facts: { household: householdClass },
        basis: 'x',
      })
      .expect(201);
  const linesOf = async (run: RunView, id: string) =>
    (await changesOf(maker, run))
      .filter(({ beneficiaryId }) => beneficiaryId === id)
      .map(({ month, change, amountBefore, amount }) => [month, change, amountBefore, amount]);

  test('is arrears, or what was paid too much, in the next month; the list of it pays the one, and the other is owed', async () => {
    const [wasPoor, isPoorNow, twice] = [newNumber(), newNumber(), newNumber()];
    const review = await reviewed(2023, [poor(wasPoor), household(isPoorNow), poor(twice)]);
    const less = await old(wasPoor, 'poor');
    const more = await old(isPoorNow, 'nearPoor');
    // Stated once more later: both statements say what the review found.
    const again = await old(twice, 'poor');
    await stated(again.id, '2023-11', 'poor');
    const pay = async (run: RunView) => {
      const input = {
        fundId: '0199b2c4-7c1a-7000-8000-000000000042',
        channel: 'post-cash',
        purpose: 'Trợ cấp',
      };
      const { body } = await maker.post(`/v1/support-runs/${run.id}/payouts`, input).expect(201);
      const { id, rows, amount } = body as { id: string; rows: number; amount: string };
      await harness.dataSource.query(
        `INSERT INTO payout_outcome (payout_id, row_no, status, findings)
         SELECT $1, row, 'paid', '{}' FROM generate_series(1, $2) AS row`,
        [id, rows],
      );
      return { rows, amount };
    };
    for (const month of ['2023-10', '2023-11']) {
      const run = await approvedMonth(maker, checker, month);
      expect(await pay(run)).toEqual({ rows: 2, amount: '1080000' });
    }
    expect((await correct(review, wasPoor, notPoor)).class).toBe('notPoor');
    expect((await correct(review, isPoorNow, isPoor)).class).toBe('poor');
    await correct(review, twice, notPoor);
    const december = await decidedMonth(maker, '2023-12');
    const lowered = [
      ['2023-10', 'overpaid', '540000', '0'],
      ['2023-11', 'overpaid', '540000', '0'],
      ['2023-12', 'stopped', '540000', '0'],
    ];
    expect(await linesOf(december, less.id)).toEqual(lowered);
    expect(await linesOf(december, again.id)).toEqual(lowered);
    expect(await linesOf(december, more.id)).toEqual([
      ['2023-10', 'arrears', '0', '540000'],
      ['2023-11', 'arrears', '0', '540000'],
      ['2023-12', 'new', '0', '540000'],
    ]);
    // Who approved the correction has stated it, and has a part in the month.
    await maker.post(`/v1/support-runs/${december.id}/submission`).expect(201);
    const approval = { digest: december.digest };
    const path = `/v1/support-runs/${december.id}/approval`;
    const stater = await harness.as({ sub: 'chair' });
    await stater.post(path, approval).expect(403, /SUPPORT_RUN_OWN/);
    await checker.post(path, approval).expect(201);
    expect(await pay(december)).toEqual({ rows: 3, amount: '1620000' });
    const owing = async (client: PlayedClient) => {
      const { body } = await client.get('/v1/overpayments?programme=monthly-allowance&limit=500').expect(200);
      return (body as OverpaymentPage).items.map(({ beneficiaryId, owed }) => [beneficiaryId, owed]).sort();
    };
    expect(await owing(other)).toEqual(
      [
        [less.id, '1080000'],
        [again.id, '1080000'],
      ].sort(),
    );
    expect(await owing(await harness.as({ sub: 'x', office: '256' }))).toEqual([]);
  });

  test('ends where a later review begins: what that found stands', async () => {
    const [number, same, stood] = [newNumber(), newNumber(), newNumber()];
    const first = await reviewed(2024, [poor(number), poor(same), poor(stood)]);
    await reviewed(2025, [poor(number), household(stood)], '09187');
    const [one, two, three] = [await old(number, 'poor'), await old(same, 'poor'), await old(stood, 'poor')];
    await stated(three.id, '2025-10', 'nearPoor');
    for (const each of [number, same, stood]) await correct(first, each, notPoor);
    const historyOf = async (id: string) =>
      ((await other.get(`/v1/beneficiaries/${id}`).expect(200)).body as BeneficiaryHistory).statements
        .filter(({ recordedBy }) => recordedBy === 'chair')
        .map(({ appliesFrom, facts }) => [appliesFrom, facts['household']])
        .sort();
    expect(await historyOf(one.id)).toEqual([
      ['2024-10', 'other'],
      ['2025-10', 'poor'],
    ]);
    expect(await historyOf(two.id)).toEqual([['2024-10', 'other']]);
    expect(await historyOf(three.id)).toEqual([['2024-10', 'other']]);
  });
});

describe('the database', () => {
  test('has the rules of the code, and no others', async () => {
    const rules = (await harness.dataSource.query(
      'SELECT kind, from_state AS from, to_state AS to FROM poverty_review_rule ORDER BY kind, from_state',
    )) as object[];
    expect(rules).toEqual([...reviewRules].sort((a, b) => (a.kind + a.from < b.kind + b.from ? -1 : 1)));
  });

  test.each(reviewStates)('a review in %s changes its state by a move alone', async (state) => {
    const [row] = (await harness.dataSource.query('SELECT id FROM poverty_review WHERE state <> $1 LIMIT 1', [
      state,
    ])) as { id: string }[];
    await expect(
      harness.dataSource.query('UPDATE poverty_review SET state = $2 WHERE id = $1', [row!.id, state]),
    ).rejects.toMatchObject({ constraint: 'changes_by_moves' });
  });

  test('keeps the households of an approved review', async () => {
    await expect(
      harness.dataSource.query(
        `UPDATE reviewed_household h SET is_current = false FROM poverty_review r WHERE r.id = review_id AND r.state = 'approved'`,
      ),
    ).rejects.toMatchObject({ constraint: 'review_is_open' });
  });
});
