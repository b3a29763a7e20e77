import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { addWorkingDays, todayInVietnam } from '@ansinh/calendar';
import { listPlaces } from '@ansinh/places';
import { readDossierCode } from '@ansinh/procedures';
import type { PlayedClient } from '@ansinh/testing';
import type { DossierHistory, DossierPage, DossierView, Workload } from '../src/dossier/dossier.dto.js';
import type { ProcedureList } from '../src/dossier/procedure.dto.js';
import { monthly, move, moved, present, vuNinh } from './desk.js';
import { type Harness, startHarness } from './harness.js';
import { readList } from './workbook.js';

let harness: Harness;
let desk: PlayedClient;
beforeAll(async () => {
  harness = await startHarness();
  desk = await harness.as({ sub: 'officer-256', office: '256' });
});
afterAll(() => harness.stop());

const read = async (id: string) => (await desk.get(`/v1/dossiers/${id}`).expect(200)).body as DossierView;
const today = () => todayInVietnam();

/** A dossier whose moves lie in the past: planted, because nothing of what was done can be changed. */
async function plantOverdue(over: { dueOn: string; office?: string; stoppedOn?: string }): Promise<string> {
  const id = randomUUID();
  const stopped = over.stoppedOn ? `'${over.stoppedOn}T08:00:00+07:00'` : 'NULL';
  await harness.dataSource.transaction(async (tx) => {
    await tx.query('SET LOCAL session_replication_role = replica');
    await tx.query(
      `INSERT INTO dossier (id, code, procedure_code, procedure_from, office_code, holder_code, place_code, applicant_name,
         state, step, presented_at, counts_from, due_on, due_at, step_due_on, step_due_at, stopped_at)
       VALUES ($1, $2, 'SP-MONTHLY', '2021-07-01', $3, $3, '09169', 'Trần Văn Muộn', 'processing', 'review', now(),
               $4::date - 20, $4, $4::date + 1, $4, $4::date + 1, ${stopped})`,
      [id, `H05.${id.slice(0, 3)}-planted-${id}`, over.office ?? '256', over.dueOn],
    );
    await tx.query(
      `INSERT INTO dossier_move (dossier_id, number, kind, at, holder_code, actor_id, actor_name)
       VALUES ($1, 1, 'received', now(), '256', 'a', 'a')`,
      [id],
    );
  });
  return id;
}

describe('at the desk', () => {
  test('a complete dossier is received: it has a code of the day and its due day', async () => {
    const dossier = await present(desk);
    expect(dossier).toMatchObject({ state: 'received', officeCode: '256', holderCode: '256', missing: [] });
    expect(readDossierCode(dossier.code)).toMatchObject({
      form: 'agencyFirst',
      agency: 'H05.256',
      receivedOn: today(),
    });
    expect(dossier.dueOn).toBe(addWorkingDays(dossier.countsFrom!, 20));
    expect(dossier.stepDueOn).toBe(dossier.countsFrom);
    const reply = await desk.get(`/v1/dossiers/${dossier.id}`).expect(200);
    expect(reply.headers['etag']).toBe(`"${dossier.version}"`);
    expect(reply.body).toEqual(dossier);
  });

  test('an incomplete one is asked for everything that is missing, once, and received when it is there', async () => {
    const incomplete = await present(desk, { procedureCode: 'SP-FUNERAL', documents: [] });
    expect(incomplete).toMatchObject({ state: 'incomplete', dueOn: null, countsFrom: null });
    expect(incomplete.missing.map(({ code }) => code)).toEqual(['declaration', 'death-certificate']);
    const half = await moved(desk, incomplete, ['supplement', { documents: ['declaration'] }]);
    expect(half).toMatchObject({ state: 'incomplete', missing: [{ code: 'death-certificate' }] });
    const whole = await moved(desk, half, ['supplement', { documents: ['death-certificate'] }]);
    expect(whole).toMatchObject({ state: 'received', missing: [] });
    expect(whole.dueOn).toBe(addWorkingDays(whole.countsFrom!, 5));
    const { body } = await desk.get(`/v1/dossiers/${whole.id}/history`).expect(200);
    expect((body as DossierHistory).moves.map(({ kind }) => kind)).toEqual([
      'presented',
      'supplementAsked',
      'supplemented',
      'received',
    ]);
  });

  test('what is not ours is refused with the reason', async () => {
    const far = listPlaces(today()).find(
      ({ offices, level }) => level === 'commune' && !offices.includes('256'),
    )!;
    await desk.post('/v1/dossiers', monthly({ placeCode: far.code })).expect(422);
    const refused = await present(desk, { placeCode: far.code, refusal: { reason: 'Nộp tại nơi cư trú' } });
    expect(refused).toMatchObject({ state: 'refused', dueOn: null });
  });

  test.each([
    ['a procedure that is over', { procedureCode: 'RENT-WORKING' }, 404, 'PROCEDURE_NOT_FOUND'],
    ['a paper of another procedure', { documents: ['death-certificate'] }, 422, 'DOSSIER_DOCUMENT'],
    ['a commune that is none today', { placeCode: '09163' }, 422, 'DOSSIER_PLACE'],
    ['nobody', { applicant: { name: '' } }, 400, 'INVALID_REQUEST'],
  ])('refuses %s', async (_, over, status, code) => {
    const { body } = await desk.post('/v1/dossiers', monthly(over)).expect(status);
    expect(body).toMatchObject({ code });
  });

  test('fifty receptions at once have fifty codes, without a gap; what fails takes none', async () => {
    const client = await harness.as({ sub: 'officer-261', office: '261' });
    const place = listPlaces(today()).find(
      ({ offices, level }) => level === 'commune' && offices.includes('261'),
    )!;
    const bodies = Array.from({ length: 60 }, (_, index) =>
      monthly({ placeCode: place.code, ...(index % 6 === 5 && { documents: ['no-such-paper'] }) }),
    );
    const replies = await Promise.all(bodies.map((body) => client.post('/v1/dossiers', body)));
    const codes = replies
      .filter(({ status }) => status === 201)
      .map(({ body }) => (body as DossierView).code);
    expect(codes).toHaveLength(50);
    const sequences = codes.map((code) => readDossierCode(code)!.sequence).sort((a, b) => a - b);
    expect(sequences).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
  });

  test('the same key again is the same dossier', async () => {
    const key = randomUUID();
    const first = await desk.post('/v1/dossiers', monthly(), key).expect(201);
    const again = await desk.post('/v1/dossiers', monthly(), key).expect(201);
    expect(again.body).toEqual(first.body);
    await desk.post('/v1/dossiers', monthly({ documents: [] }), key).expect(422);
  });
});

describe('procedures', () => {
  test.each([
    ['2022-04-01', 'RENT-WORKING', 'SP-PENSION'],
    ['2026-01-01', 'SP-PENSION', 'RENT-WORKING'],
  ])('of %s have %s, and not %s', async (on, there, absent) => {
    const { body } = await desk.get(`/v1/procedures?on=${on}`).expect(200);
    const items = (body as ProcedureList).items;
    expect(items.map(({ code }) => code)).toContain(there);
    expect(items.map(({ code }) => code)).not.toContain(absent);
    const monthlySteps = items.find(({ code }) => code === 'SP-MONTHLY')!.steps;
    expect(monthlySteps[0]).toMatchObject({ code: 'review', term: 7, agency: { vi: 'UBND cấp xã' } });
  });

  test('«2022-02-30» is no day', () => desk.get('/v1/procedures?on=2022-02-30').expect(400));
});

describe('the way of a dossier', () => {
  test('through every step to the result, each a row with who and when', async () => {
    const dossier = await present(desk);
    const decided = await moved(
      desk,
      dossier,
      ['assignment', { assignee: 'Lê Thị Nhận' }],
      ['forwarding'],
      ['forwarding'],
      ['forwarding'],
      ['forwarding', { note: 'Trình ký' }],
      ['decision', { outcome: 'granted', note: 'QĐ 12/QĐ-UBND' }],
    );
    expect(decided).toMatchObject({
      state: 'decided',
      outcome: 'granted',
      step: { code: 'decision' },
      standing: null,
    });
    const returned = await moved(desk, decided, ['return']);
    expect(returned.state).toBe('returned');
    const { body } = await desk.get(`/v1/dossiers/${dossier.id}/history`).expect(200);
    const { moves, whereabouts } = body as DossierHistory;
    expect(moves.map(({ kind }) => kind)).toEqual([
      'presented',
      'received',
      'assigned',
      ...Array<string>(4).fill('forwarded'),
      'decided',
      'returned',
    ]);
    expect(moves.every(({ actorName }) => actorName === 'officer-256')).toBe(true);
    expect(moves.map(({ at }) => at)).toEqual(moves.map(({ at }) => at).sort());
    expect(whereabouts.map(({ step }) => step)).toEqual([
      null,
      'review',
      'submission',
      'appraisal',
      'decision',
    ]);
  });

  test('a command names the version that was seen', async () => {
    const dossier = await present(desk);
    const { body: missing } = await desk.post(`/v1/dossiers/${dossier.id}/forwarding`).expect(428);
    expect(missing).toMatchObject({ code: 'PRECONDITION_REQUIRED' });
    await moved(desk, dossier, ['assignment', { assignee: 'A' }]);
    const { body: changed } = await move(desk, dossier, 'forwarding').expect(412);
    expect(changed).toMatchObject({ code: 'PRECONDITION_FAILED' });
    expect(await read(dossier.id)).toMatchObject({ state: 'received', assignee: 'A' });
  });

  test('of twenty forwardings at once one is taken', async () => {
    const dossier = await present(desk);
    const replies = await Promise.all(Array.from({ length: 20 }, () => move(desk, dossier, 'forwarding')));
    expect(replies.map(({ status }) => status).sort()).toEqual([200, ...Array<number>(19).fill(412)]);
  });

  test('the clock stops while a supplement is awaited; it is asked for once a step', async () => {
    const processing = await moved(desk, await present(desk), ['forwarding']);
    const request = { documents: ['care-declaration'], reason: 'Thiếu tờ khai hộ chăm sóc' };
    const asked = await moved(desk, processing, ['supplement-request', request]);
    expect(asked).toMatchObject({ state: 'awaitingSupplement', standing: 'onTime' });
    expect(asked.stoppedAt).not.toBeNull();
    const { body: stopped } = await move(desk, asked, 'forwarding').expect(409);
    expect(stopped).toMatchObject({ code: 'DOSSIER_STATE' });
    const supplemented = await moved(desk, asked, ['supplement', { documents: ['care-declaration'] }]);
    expect(supplemented).toMatchObject({ state: 'processing', stoppedAt: null });
    const { body: again } = await move(desk, supplemented, 'supplement-request', request).expect(409);
    expect(again).toMatchObject({ code: 'SUPPLEMENT_ASKED_ONCE' });
    await moved(desk, supplemented, ['forwarding'], ['supplement-request', request]);
  });

  test('a hold and its end; who does not qualify is told so at any step; a grant waits for the last', async () => {
    const processing = await moved(desk, await present(desk), ['forwarding']);
    const held = await moved(desk, processing, ['hold', { reason: 'Chờ kết luận giám định' }]);
    expect(held).toMatchObject({ state: 'onHold' });
    const resumed = await moved(desk, held, ['resumption']);
    expect(resumed).toMatchObject({ state: 'processing', dueOn: processing.dueOn });
    const granted = { outcome: 'granted', note: 'QĐ 1' };
    const { body } = await move(desk, resumed, 'decision', granted).expect(409);
    expect(body).toMatchObject({ code: 'DOSSIER_STEPS_LEFT', left: ['submission', 'appraisal', 'decision'] });
    const declined = await moved(desk, resumed, [
      'decision',
      { outcome: 'declined', note: 'Không đủ điều kiện' },
    ]);
    expect(declined).toMatchObject({ state: 'decided', outcome: 'declined' });
  });

  test('to a step that is needed, not to one that is not next', async () => {
    const review = await moved(desk, await present(desk), ['forwarding']);
    const { body } = await move(desk, review, 'forwarding', { step: 'decision' }).expect(422);
    expect(body).toMatchObject({ code: 'DOSSIER_STEP' });
    const complaint = await moved(desk, review, ['forwarding', { step: 'complaint' }]);
    expect(complaint.dueOn).toBe(addWorkingDays(review.dueOn!, 10));
  });

  test('withdrawn, and after that nothing more', async () => {
    const withdrawn = await moved(desk, await present(desk), ['withdrawal', { reason: 'Người nộp rút' }]);
    expect(withdrawn).toMatchObject({ state: 'withdrawn', standing: null });
    await move(desk, withdrawn, 'forwarding').expect(409);
  });
});

describe('offices', () => {
  test('a dossier goes to the office of its step, which sees it as long as it has it', async () => {
    const province = await harness.as({ sub: 'officer-24', office: '24' });
    const commune = await harness.as({ sub: 'officer-09169', office: vuNinh });
    const placement = { procedureCode: 'CH-FACILITY-PLACEMENT', documents: ['list'] };
    const appraisal = await moved(province, await present(province, placement), ['forwarding']);
    expect(appraisal.holderCode).toBe('24');
    await commune.get(`/v1/dossiers/${appraisal.id}`).expect(404);
    const decision = await moved(province, appraisal, ['forwarding']);
    expect(decision.holderCode).toBe(vuNinh);
    const decided = await moved(commune, decision, ['decision', { outcome: 'granted', note: 'QĐ 3' }]);
    // The result is returned at the desk, which is not the commune's.
    const { body } = await move(commune, decided, 'return').expect(409);
    expect(body).toMatchObject({ code: 'DOSSIER_ELSEWHERE', office: '24' });
    await moved(province, decided, ['return']);
  });

  test('the desk sees its dossier at a higher office, and leaves it alone', async () => {
    const commune = await harness.as({ sub: 'officer-09169', office: vuNinh });
    const loan = {
      procedureCode: 'OW-DIRECT-CONTRACT',
      documents: ['registration', 'contract', 'identity', 'curriculum'],
    };
    const forwarded = await moved(commune, await present(commune, loan), ['forwarding']);
    expect(forwarded.holderCode).toBe('24');
    await commune.get(`/v1/dossiers/${forwarded.id}`).expect(200);
    const { body } = await move(commune, forwarded, 'decision', { outcome: 'granted', note: 'x' }).expect(
      409,
    );
    expect(body).toMatchObject({ code: 'DOSSIER_ELSEWHERE', office: '24' });
  });

  test('another district finds nothing, by no way', async () => {
    const dossier = await present(desk);
    const other = await harness.as({ sub: 'officer-261', office: '261' });
    for (const path of ['', '/history', '/form', '/tracking-secret']) {
      const { body } = await other.get(`/v1/dossiers/${dossier.id}${path}`).expect(404);
      expect(body).toMatchObject({ code: 'DOSSIER_NOT_FOUND' });
    }
    for (const verb of ['forwarding', 'return', 'resumption']) await move(other, dossier, verb).expect(404);
    const { text } = await other.get('/v1/dossiers?limit=500').expect(200);
    expect(text).not.toContain(dossier.id);
    const graph = await other
      .post('/graphql', { query: `{ dossier(id: "${dossier.id}") { code } }` })
      .expect(200);
    expect(graph.body).toMatchObject({ data: { dossier: null } });
  });
});

describe('lists', () => {
  test('late and soon due, by office and step; what stood still in time is not late', async () => {
    const late = await plantOverdue({ dueOn: '2026-03-10' });
    const stoppedInTime = await plantOverdue({ dueOn: '2026-03-11', stoppedOn: '2026-03-09' });
    const stoppedTooLate = await plantOverdue({ dueOn: '2026-03-12', stoppedOn: '2026-03-20' });
    const soon = await plantOverdue({ dueOn: addWorkingDays(today(), 2) });
    const later = await plantOverdue({ dueOn: addWorkingDays(today(), 3) });
    const planted = [late, stoppedInTime, stoppedTooLate, soon, later];
    const listed = async (query: string) => {
      const { body } = await desk.get(`/v1/dossiers?limit=500&${query}`).expect(200);
      return (body as DossierPage).items.map(({ id }) => id).filter((id) => planted.includes(id));
    };
    expect(await listed('due=overdue')).toEqual([late, stoppedTooLate]);
    expect(await listed('due=stepOverdue')).toEqual([late, stoppedTooLate]);
    expect(await listed('due=soon')).toEqual([soon]);
    expect(await listed('')).toEqual(planted);
    expect(await listed('due=overdue&step=review&holder=256&procedure=SP-MONTHLY')).toHaveLength(2);
    expect(await listed('due=overdue&step=decision')).toEqual([]);
    expect(await read(late)).toMatchObject({ standing: 'overdue' });
    expect(await read(stoppedInTime)).toMatchObject({ standing: 'onTime' });
    expect(await read(soon)).toMatchObject({ standing: 'dueSoon' });
    const { body } = await desk.get('/v1/dossiers/workload').expect(200);
    const row = (body as Workload).items.find(
      ({ holderCode, step }) => holderCode === '256' && step === 'review',
    );
    expect(row).toMatchObject({
      procedureCode: 'SP-MONTHLY',
      open: 5,
      overdue: 2,
      stepOverdue: 2,
      dueSoon: 1,
    });
  });

  test('by pages: every dossier once', async () => {
    const all = (await desk.get('/v1/dossiers?limit=500').expect(200)).body as DossierPage;
    const paged: string[] = [];
    for (let after = ''; ;) {
      const { body } = await desk.get(`/v1/dossiers?limit=3${after}`).expect(200);
      const { items, next } = body as DossierPage;
      paged.push(...items.map(({ id }) => id));
      if (next === null) break;
      after = `&after=${next}`;
    }
    expect(paged).toEqual(all.items.map(({ id }) => id));
  });

  test('as a workbook', async () => {
    const late = await plantOverdue({ dueOn: '2026-02-10' });
    const rows = await readList(desk, '/v1/dossiers?due=overdue');
    expect(rows[0]).toContain('Hạn trả kết quả');
    const { code } = await read(late);
    const row = rows.find((values) => values.includes(code));
    expect(row).toEqual(expect.arrayContaining(['Trần Văn Muộn', '2026-02-10', 'Quá hạn']));
  });

  test('through GraphQL, the same', async () => {
    const query = `{ dossiers(first: 500, due: OVERDUE) { edges { node { id code standing dueOn step { code } } } } }`;
    const { body } = await desk.post('/graphql', { query }).expect(200);
    const { data } = body as { data: { dossiers: { edges: { node: { id: string } }[] } } };
    const listed = (await desk.get('/v1/dossiers?limit=500&due=overdue').expect(200)).body as DossierPage;
    expect(data.dossiers.edges.map(({ node }) => node.id)).toEqual(listed.items.map(({ id }) => id));
    expect(data.dossiers.edges[0]!.node).toMatchObject({ standing: 'OVERDUE', step: { code: 'review' } });
  });

  test('as an entity, twenty by one query', async () => {
    const { items } = (await desk.get('/v1/dossiers?limit=20').expect(200)).body as DossierPage;
    const representations = items.map(({ id }) => ({ __typename: 'Dossier', id }));
    const query = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Dossier { code } } }`;
    const { body } = await desk.post('/graphql', { query, variables: { of: representations } }).expect(200);
    expect((body as { data: { _entities: unknown } }).data._entities).toEqual(
      items.map(({ code }) => ({ code })),
    );
  });
});
