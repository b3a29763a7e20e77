import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { PlayedClient } from '@ansinh/testing';
import type { DecisionView } from '../src/decision/decision.dto.js';
import type { GrievanceView } from '../src/grievance/grievance.dto.js';
import {
  type GrievanceMoveKind,
  grievanceRules,
  type GrievanceState,
  grievanceStates,
} from '../src/grievance/grievance.states.js';
import type { ReviewView } from '../src/review/review.dto.js';
import { type Harness, startHarness } from './harness.js';
import { approvedMonth, changesOf, disabled, entered } from './month.js';
import {
  approved,
  brought,
  confirm,
  confirmLaw,
  csv,
  decided,
  household,
  newNumber,
  newTaxCode,
  rentHead,
  renting,
} from './support.js';

let harness: Harness;
let maker: PlayedClient;
let checker: PlayedClient;
let officer: PlayedClient;
let judge: PlayedClient;
let other: PlayedClient;
/** Decisions of an approved run: nobody was insured, so nothing was granted. */
let contested: DecisionView[];
const [number, taxCode] = [newNumber(), newTaxCode()];
/** Who is needed by the flows; after them one for each move in each state. */
const peopleOfFlows = 4;
const people = [number, ...Array.from({ length: 3 + 36 }, () => newNumber())];
/** The one that was led to its end by the first flow. */
let correctedId: string;

beforeAll(async () => {
  harness = await startHarness();
  maker = await harness.as({ sub: 'maker' });
  checker = await harness.as({ sub: 'checker' });
  officer = await harness.as({ sub: 'officer', office: '256' });
  judge = await harness.as({ sub: 'judge', office: '256' });
  other = await harness.as({ sub: 'other', office: '261' });
  contested = await decisionsFor(people);
});
afterAll(() => harness.stop());

async function decisionsFor(numbers: string[]): Promise<DecisionView[]> {
  const list = await brought(
    maker,
    rentHead(taxCode),
    numbers.map((one) => renting(one)),
  );
  const run = await approved(maker, checker, await decided(maker, 'rent-support', [list.id]));
  const { body } = await maker.get(`/v1/support-decisions?runId=${run.id}&limit=500`).expect(200);
  return (body as { items: DecisionView[] }).items;
}

const raise = (contestedId: string, over: object = {}, client = officer) =>
  client.post('/v1/grievances', {
    subject: 'decision',
    contestedId,
    raisedBy: 'citizen',
    complainant: 'Nguyễn Thị Hoà',
    statement: 'Tôi có tham gia bảo hiểm xã hội',
    receivedOn: '2022-06-03',
    ...over,
  });
const raised = async (contestedId: string, over: object = {}) =>
  (await raise(contestedId, over).expect(201)).body as GrievanceView;
const see = async (id: string) =>
  (await officer.get(`/v1/grievances/${id}`).expect(200)).body as GrievanceView;

/** How each move is made, whatever the state; a correction names what there may be none of. */
const moves: Record<
  Exclude<GrievanceMoveKind, 'received'>,
  (id: string, anew?: string) => ReturnType<PlayedClient['post']>
> = {
  taken: (id) => officer.post(`/v1/grievances/${id}/examination`),
  noted: (id) => officer.post(`/v1/grievances/${id}/notes`, { note: 'Đã hỏi cơ quan BHXH' }),
  kept: (id) =>
    judge.post(`/v1/grievances/${id}/answer`, { answer: 'kept', paper: 'CV 45', note: 'Đúng quy định' }),
  upheld: (id) =>
    judge.post(`/v1/grievances/${id}/answer`, { answer: 'upheld', paper: 'CV 45', note: 'Có tham gia BHXH' }),
  corrected: (id, anew = randomUUID()) =>
    officer.post(`/v1/grievances/${id}/correction`, { correctedId: anew }),
  withdrawn: (id) => officer.post(`/v1/grievances/${id}/withdrawal`, { note: 'Người khiếu nại rút đơn' }),
};
const ways: Record<GrievanceState, (keyof typeof moves)[]> = {
  received: [],
  examining: ['taken'],
  upheld: ['taken', 'upheld'],
  kept: ['taken', 'kept'],
  corrected: ['taken', 'upheld', 'corrected'],
  withdrawn: ['withdrawn'],
};

describe('a decision on support', () => {
  test('is contested, examined, found wrong, decided anew, and stands corrected', async () => {
    const [decision] = contested;
    const { id, ...rest } = await raised(decision!.id);
    expect(rest).toMatchObject({
      state: 'received',
      termRow: 'RENT-P2',
      // Two working days after Friday the 3rd.
      dueOn: '2022-06-07',
      isOverdue: true,
      explanation: `/v1/support-decisions/${decision!.id}`,
    });
    await raise(decision!.id).expect(409, /GRIEVANCE_OPEN/);
    await moves.taken(id).expect(201);
    await officer
      .post(`/v1/grievances/${id}/answer`, { answer: 'kept', paper: 'CV 45', note: 'x' })
      .expect(403, /GRIEVANCE_JUDGE/);
    await checker
      .post(`/v1/grievances/${id}/answer`, { answer: 'kept', paper: 'CV 45', note: 'x' })
      .expect(403, /GRIEVANCE_JUDGE/);
    await moves.noted(id).expect(201);
    await moves.upheld(id).expect(201);
    await moves.corrected(id, decision!.id).expect(422, /GRIEVANCE_CORRECTION/);
    await moves.corrected(id, contested[1]!.id).expect(422, /GRIEVANCE_CORRECTION/);
    await confirm(maker, taxCode, [renting(number)], '2022-04').expect(201);
    const [anew] = await decisionsFor([number]);
    expect(anew).toMatchObject({ outcome: 'granted', amount: '500000' });
    const { body } = await moves.corrected(id, anew!.id).expect(201);
    correctedId = id;
    expect(body).toMatchObject({ state: 'corrected', correctedId: anew!.id, isOverdue: false });
    expect((body as GrievanceView).moves.map(({ kind }) => kind)).toEqual([
      'received',
      'taken',
      'noted',
      'upheld',
      'corrected',
    ]);
    const verbs = (await harness.dataSource.query(
      'SELECT verb FROM audit_event WHERE subject = $1 AND before_digest IS DISTINCT FROM after_digest ORDER BY seq',
      [`grievance/${id}`],
    )) as { verb: string }[];
    expect(verbs.map(({ verb }) => verb)).toEqual(
      ['received', 'taken', 'noted', 'upheld', 'corrected'].map((kind) => `grievance.${kind}`),
    );
  });

  test.each([
    ['that there is not', () => ({ contestedId: randomUUID() }), /GRIEVANCE_CONTESTED_NOT_FOUND/],
    ['on a day before it', () => ({ receivedOn: '2022-05-31' }), /GRIEVANCE_DAY/],
    ['to be answered on a day of our own', () => ({ dueOn: '2022-07-01' }), /GRIEVANCE_DUE/],
  ])('is not contested %s', async (_, over, code) => {
    await raise(contested[1]!.id, over()).expect(422, code);
  });

  test('of another office is not seen, and so not contested', async () => {
    await raise(contested[1]!.id, {}, other).expect(422, /GRIEVANCE_CONTESTED_NOT_FOUND/);
    const { id } = await raised(contested[1]!.id);
    await other.get(`/v1/grievances/${id}`).expect(404, /GRIEVANCE_NOT_FOUND/);
    await other.post(`/v1/grievances/${id}/examination`).expect(404, /GRIEVANCE_NOT_FOUND/);
    expect((await other.get('/v1/grievances').expect(200)).body).toMatchObject({ items: [] });
  });

  test('that is overdue is listed, the longest first, as long as an answer is owed', async () => {
    const late = async () => {
      const { body } = await officer.get('/v1/grievances?overdue=true&limit=500').expect(200);
      return (body as { items: GrievanceView[] }).items;
    };
    const later = await raised(contested[2]!.id, { receivedOn: '2022-06-10' });
    const earlier = await raised(contested[3]!.id);
    const ids = (await late()).map(({ id }) => id);
    expect(ids.indexOf(earlier.id)).toBeLessThan(ids.indexOf(later.id));
    expect((await late()).every(({ isOverdue }) => isOverdue)).toBe(true);
    await moves.withdrawn(later.id).expect(201);
    expect((await late()).map(({ id }) => id)).not.toContain(later.id);
  });

  test('on a month is corrected by a later one on that month alone', async () => {
    const { id } = await entered(maker, disabled('mild', '1980-01-01'));
    const march = await approvedMonth(maker, checker, '2022-03');
    const { body } = await maker.get(`/v1/support-decisions?runId=${march.id}`).expect(200);
    const [refused] = (body as { items: DecisionView[] }).items;
    expect(refused).toMatchObject({ outcome: 'refused', month: '2022-03' });
    const grievance = await raised(refused!.id, { receivedOn: '2022-04-01', dueOn: '2022-04-15' });
    expect(grievance).toMatchObject({ termRow: null, dueOn: '2022-04-15', unconfirmedDays: [] });
    for (const way of ways.upheld) await moves[way](grievance.id).expect(201);
    const stated = { appliesFrom: '2022-03', facts: { disability: 'severe' }, basis: 'Giấy xác nhận' };
    await maker.post(`/v1/beneficiaries/${id}/statements`, stated).expect(201);
    const april = await approvedMonth(maker, checker, '2022-04', { backTo: '2022-03' });
    const anew = new Map(
      (await changesOf(maker, april)).map(({ month, decisionId }) => [month, decisionId] as const),
    );
    await moves.corrected(grievance.id, anew.get('2022-04')).expect(422, /GRIEVANCE_CORRECTION/);
    await moves.corrected(grievance.id, anew.get('2022-03')).expect(201);
  });
});

describe('what a review found', () => {
  test('is contested while it hangs out; the review waits, is opened, and the household found anew', async () => {
    await confirmLaw(maker, 'PV-MEET', 'PV-MEET-AGAIN');
    const { body: opened } = await officer
      .post('/v1/poverty-reviews', {
        year: 2022,
        placeCode: '09163',
        reviewedOn: '2022-10-03',
        area: 'urban',
        households: 9,
      })
      .expect(201);
    const review = `/v1/poverty-reviews/${(opened as ReviewView).id}`;
    const head = newNumber();
    await officer.upload(`${review}/lists`, csv([household(head)]), 'text/csv').expect(201);
    const { body: found } = await officer.get('/v1/reviewed-households?year=2022').expect(200);
    const [first] = (found as { items: { id: string }[] }).items;
    const ofHousehold = { subject: 'household', receivedOn: '2022-10-21' };
    await raise(first!.id, ofHousehold).expect(422, /GRIEVANCE_CONTESTED_NOT_FOUND/);
    const meeting = { heldOn: '2022-10-20', minutes: 'BB 03', present: 81, agreed: 81 };
    await officer.post(`${review}/meetings`, meeting).expect(201);
    const grievance = await raised(first!.id, ofHousehold);
    expect(grievance).toMatchObject({ termRow: 'PV-COMPL', dueOn: '2022-11-01' });
    await officer.post(`${review}/submission`).expect(409, /REVIEW_CONTESTED/);
    await judge.post(`/v1/grievances/${grievance.id}/examination`).expect(201);
    await checker
      .post(`/v1/grievances/${grievance.id}/answer`, {
        answer: 'upheld',
        paper: 'CV 46',
        note: 'Thiếu 3 chỉ số',
      })
      .expect(201);
    await officer.post(`${review}/reopening`, { reason: 'Khiếu nại đúng' }).expect(201);
    const characteristics = ['size1', 'regionRedRiver', 'motorbike2', 'electricityFrom150'];
    const { body: anew } = await officer
      .post(`${review}/households`, {
        citizenNumber: head,
        name: 'Nguyễn Thị Hoà',
        members: 1,
        facts: { characteristics, deprivedOf: ['lacksWork', 'lacksInternet', 'lacksInformation'] },
      })
      .expect(201);
    expect(anew).toMatchObject({ class: 'poor' });
    const { body } = await moves.corrected(grievance.id, (anew as { id: string }).id).expect(201);
    expect(body).toMatchObject({ state: 'corrected', correctedId: (anew as { id: string }).id });
    await officer.post(`${review}/meetings`, meeting).expect(201);
    const { body: submitted } = await officer.post(`${review}/submission`).expect(201);
    const { digest } = submitted as ReviewView;
    await maker.post(`${review}/approval`, { digest, decision: 'QĐ 12' }).expect(201);
    const second = await raised((anew as { id: string }).id, ofHousehold);
    await moves.taken(second.id).expect(201);
    const kept = { answer: 'kept', paper: 'CV 47', note: 'Đúng quy định' };
    await maker.post(`/v1/grievances/${second.id}/answer`, kept).expect(403, /GRIEVANCE_JUDGE/);
    await moves.kept(second.id).expect(201);
  });
});

describe('every move in every state', () => {
  const kinds = Object.keys(moves) as (keyof typeof moves)[];
  const cases = grievanceStates.flatMap((state) => kinds.map((kind) => ({ state, kind })));
  const isAllowed = (state: GrievanceState, kind: string) =>
    grievanceRules.some((rule) => rule.from === state && rule.kind === kind);

  /** One of a decision of its own, led there; only one was corrected. */
  async function grievanceIn(state: GrievanceState, kind: keyof typeof moves): Promise<GrievanceView> {
    if (state === 'corrected') return see(correctedId);
    const own = cases.findIndex((one) => one.state === state && one.kind === kind);
    const { id } = await raised(contested[peopleOfFlows + own]!.id);
    for (const way of ways[state]) await moves[way](id).expect(201);
    return see(id);
  }

  test.each(cases)('$kind when $state', async ({ state, kind }) => {
    const before = await grievanceIn(state, kind);
    expect(before.state).toBe(state);
    const { status, body } = await moves[kind](before.id);
    const rule = grievanceRules.find((one) => one.from === state && one.kind === kind);
    if (rule && kind !== 'corrected') {
      expect(status).toBe(201);
      expect(body).toMatchObject({ state: rule.to });
      expect((body as GrievanceView).moves).toHaveLength(before.moves.length + 1);
      return;
    }
    // That nothing corrects it is said only where the state would let it.
    const code = isAllowed(state, kind) ? 'GRIEVANCE_CORRECTION' : 'GRIEVANCE_STATE';
    expect(body).toMatchObject({ code });
    expect(await see(before.id)).toEqual(before);
  });

  test('the database has the rules of the code, and no others', async () => {
    const rules = (await harness.dataSource.query(
      'SELECT kind, from_state AS from, to_state AS to FROM grievance_rule ORDER BY kind, from_state',
    )) as object[];
    expect(rules).toEqual([...grievanceRules].sort((a, b) => (a.kind + a.from < b.kind + b.from ? -1 : 1)));
  });

  test.each([
    ['a state without its move', `UPDATE grievance SET state = 'kept'`, 'changes_by_moves'],
    ['another due day', `UPDATE grievance SET due_on = due_on + 1`, 'grievance_stays'],
    ['no grievance at all', 'DELETE FROM grievance', null],
    ['a move of another kind', `UPDATE grievance_move SET kind = 'kept'`, null],
  ])('the database refuses %s', async (_, sql, constraint) => {
    await expect(harness.dataSource.query(sql)).rejects.toMatchObject({
      code: '23000',
      ...(constraint && { constraint }),
    });
  });
});
