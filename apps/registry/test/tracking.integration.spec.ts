import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import supertest from 'supertest';
import type { PlayedClient } from '@ansinh/testing';
import type { DossierView } from '../src/dossier/dossier.dto.js';
import type { TrackingSecret } from '../src/dossier/tracking.dto.js';
import { moved, present } from './desk.js';
import { type Harness, startHarness } from './harness.js';

let harness: Harness;
let desk: PlayedClient;
let dossier: DossierView;
let tracking: TrackingSecret;
beforeAll(async () => {
  harness = await startHarness();
  desk = await harness.as({ sub: 'officer-256', office: '256' });
  dossier = await moved(desk, await present(desk), ['forwarding']);
  const { body } = await desk.get(`/v1/dossiers/${dossier.id}/tracking-secret`).expect(200);
  tracking = body as TrackingSecret;
});
afterAll(() => harness.stop());

/** Without a token, as a citizen asks; each from an address of his own, or the limit would answer. */
const track = (body: object) => supertest(harness.app.getHttpServer()).post('/v1/tracking').send(body);

describe('tracking', () => {
  test('shows the way of the dossier by code and secret, however the secret is typed', async () => {
    const { body } = await track(tracking).expect(200);
    expect(body).toMatchObject({
      code: dossier.code,
      state: 'processing',
      dueOn: dossier.dueOn,
      whereabouts: [{ step: null }, { step: 'review', untilOn: null }],
    });
    const typed = tracking.secret.toLowerCase().replaceAll('-', ' ');
    await track({ ...tracking, secret: typed }).expect(200);
  });

  test('names nobody: no applicant, officer or office', async () => {
    const { text } = await track(tracking).expect(200);
    for (const name of [dossier.applicantName, dossier.applicantPhone!, 'officer-256', '"256"', dossier.id])
      expect(text).not.toContain(name);
  });

  test('answers a wrong secret and a code that there is not in the same words', async () => {
    const next = dossier.code.replace(/\d$/, (digit) => String((Number(digit) + 1) % 10));
    const wrong = await track({ ...tracking, secret: '0000-0000-0000' }).expect(404);
    const absent = await track({ ...tracking, code: next }).expect(404);
    const longer = await track({ ...tracking, secret: `${tracking.secret}0` }).expect(404);
    const instanceless = ({ body }: supertest.Response) => ({ ...(body as object), instance: undefined });
    expect(instanceless(wrong)).toEqual(instanceless(absent));
    expect(instanceless(wrong)).toEqual(instanceless(longer));
    expect(wrong.body).toMatchObject({ code: 'TRACKING_NOT_FOUND' });
  });

  test('the secret of one dossier opens no other', async () => {
    const other = await present(desk);
    await track({ code: other.code, secret: tracking.secret }).expect(404);
  });

  test('the secret is in no table', async () => {
    const tables = (await harness.dataSource.query(
      `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'`,
    )) as { name: string }[];
    for (const { name } of tables) {
      const [found] = (await harness.dataSource.query(
        `SELECT count(*)::int AS rows FROM ${name} row WHERE row::text LIKE $1`,
        [`%${tracking.secret}%`],
      )) as { rows: number }[];
      expect({ name, ...found }).toEqual({ name, rows: 0 });
    }
  });

  // The last one: it uses up what the address may ask.
  test('who tries on and on is told to wait', async () => {
    const statuses: number[] = [];
    for (let tried = 0; tried < 25; tried += 1) {
      const { status } = await track({ ...tracking, secret: `0000-0000-00${tried + 10}` });
      statuses.push(status);
    }
    expect(statuses.at(-1)).toBe(429);
    await desk.get(`/v1/dossiers/${dossier.id}`).expect(200);
  });
});
