import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { addDays, addWorkingDays, isWorkingDay, todayInVietnam } from '@ansinh/calendar';
import { type PlayedClient, statedPurpose, textOfPdf } from '@ansinh/testing';
import { move, moved, present } from './desk.js';
import { type Harness, startHarness } from './harness.js';

let harness: Harness;
let desk: PlayedClient;
beforeAll(async () => {
  harness = await startHarness();
  desk = await harness.as({ sub: 'officer-256', office: '256' });
});
afterAll(() => harness.stop());

const today = () => todayInVietnam();

describe('forms', () => {
  test.each([
    ['a receipt', {}, 'receipt'],
    ['a request to supplement', { documents: [] }, 'supplementRequest'],
    ['a refusal', { refusal: { reason: 'Không thuộc thẩm quyền' } }, 'refusal'],
  ])('%s is a PDF, the same whenever it is printed', async (_, over, name) => {
    const { id, code } = await present(desk, over);
    const first = await desk.get(`/v1/dossiers/${id}/form`).expect(200);
    expect(first.headers['content-type']).toBe('application/pdf');
    expect(first.headers['content-disposition']).toContain(`${code}-${name}.pdf`);
    const again = await desk.get(`/v1/dossiers/${id}/form`).expect(200);
    expect((first.body as Buffer).subarray(0, 5).toString()).toBe('%PDF-');
    expect(Buffer.compare(first.body as Buffer, again.body as Buffer)).toBe(0);
  });

  test('another day is promised once, with an apology, and the day of the law stays', async () => {
    const dossier = await moved(desk, await present(desk), ['forwarding']);
    const later = addWorkingDays(dossier.dueOn!, 3);
    const promise = (promisedOn: string) => ({ reason: 'Chờ kết quả xác minh', promisedOn });
    const weekend = Array.from({ length: 7 }, (_, index) => addDays(later, index)).find(
      (on) => !isWorkingDay(on),
    )!;
    for (const refused of [dossier.dueOn!, weekend, today()]) {
      const { status, body } = await move(desk, dossier, 'apology', promise(refused));
      expect([status, body]).toMatchObject([422, { code: 'DOSSIER_PROMISE', dueOn: dossier.dueOn }]);
    }
    await desk.get(`/v1/dossiers/${dossier.id}/form?kind=apology`).expect(409, /DOSSIER_STATE/);
    const apologised = await moved(desk, dossier, ['apology', promise(later)]);
    expect(apologised).toMatchObject({ state: 'processing', dueOn: dossier.dueOn, promisedOn: later });
    expect((await move(desk, apologised, 'apology', promise(later))).body).toMatchObject({
      code: 'APOLOGY_ONCE',
    });
    const form = await desk.get(`/v1/dossiers/${dossier.id}/form?kind=apology`).expect(200);
    expect(form.headers['content-disposition']).toContain(`${dossier.code}-apology.pdf`);
    expect(textOfPdf(form.body as Buffer)).toContain(later.split('-').reverse().join('/'));
    // Who has it may promise, and the applicant sees it.
    const { body } = await desk.get(`/v1/dossiers/${dossier.id}/tracking-secret`).expect(200);
    const { body: tracked } = await desk.post('/v1/tracking', body as object).expect(200);
    expect(tracked).toMatchObject({ dueOn: dossier.dueOn, promisedOn: later });
    const waiting = await moved(desk, await present(desk), ['forwarding'], ['hold', { reason: 'x' }]);
    expect((await move(desk, waiting, 'apology', promise(later))).body).toMatchObject({
      code: 'DOSSIER_STATE',
    });
  });

  test('the control slip says who had it, and the register of the desk has it with its days', async () => {
    const applicant = { name: `Nguyễn Thị ${randomUUID().slice(0, 8)}`, phone: '0912345678' };
    const dossier = await moved(desk, await present(desk, { applicant }), ['forwarding']);
    const slip = await desk.get(`/v1/dossiers/${dossier.id}/control-slip`).expect(200);
    const text = textOfPdf(slip.body as Buffer);
    for (const words of ['Mẫu số 05', dossier.code, applicant.name, 'officer-256', 'Chưa chuyển tiếp'])
      expect(text).toContain(words);
    const refused = await present(desk, { refusal: { reason: 'x' } });
    await desk.get(`/v1/dossiers/${refused.id}/control-slip`).expect(409, /DOSSIER_STATE/);

    const register = (query: string, client = desk) =>
      client.get(`/v1/dossiers/register?from=${today()}&until=${today()}${query}`).set(statedPurpose);
    const mine = textOfPdf((await register('').expect(200)).body as Buffer);
    for (const words of ['Mẫu số 06', dossier.code, applicant.name, '0912345678'])
      expect(mine).toContain(words);
    expect(mine).not.toContain(refused.code);
    const stranger = await harness.as({ sub: 'stranger', office: '261' });
    const theirs = textOfPdf((await register('', stranger).expect(200)).body as Buffer);
    expect(theirs).not.toContain(dossier.code);
    await register('&office=256', stranger).expect(404, /DOSSIER_NOT_FOUND/);
    await desk
      .get(`/v1/dossiers/register?from=${today()}&until=${today()}`)
      .expect(400, /ACCESS_PURPOSE_MISSING/);
    await desk
      .get(`/v1/dossiers/register?from=2026-01-01&until=2026-02-01`)
      .set(statedPurpose)
      .expect(400, /INVALID_REQUEST/);
    const logged = await harness.dataSource.query(
      `SELECT office, first_row FROM access_log WHERE subject = 'dossiers/register' AND actor_id = 'officer-256'`,
    );
    expect(logged).toEqual([{ office: '256', first_row: 1 }]);
  });

  test('what was withdrawn before it was received has none', async () => {
    const incomplete = await present(desk, { documents: [] });
    const withdrawn = await moved(desk, incomplete, ['withdrawal', { reason: 'x' }]);
    await desk.get(`/v1/dossiers/${withdrawn.id}/form`).expect(409);
  });
});
