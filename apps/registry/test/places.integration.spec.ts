import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { PlayedClient } from '@ansinh/testing';
import { type Harness, startHarness } from './harness.js';

let harness: Harness;
let client: PlayedClient;
beforeAll(async () => {
  harness = await startHarness();
  client = await harness.as({ sub: 'officer', office: '256', permissions: ['registry:read'] });
});
afterAll(() => harness.stop());

describe('GET /v1/places/{code}', () => {
  test.each([
    ['09169?on=2025-06-30', 'Phường Thị Cầu', ['256', '27'], '09169'],
    ['09169?on=2025-07-01', 'Phường Vũ Ninh', ['24'], '09169'],
    ['09169', 'Phường Vũ Ninh', ['24'], '09169'],
    ['09163', 'Phường Vũ Ninh', ['256', '27'], '09169'],
    ['09175?on=2024-12-31', 'Phường Vệ An', ['256', '27'], '09187'],
  ])('%s', async (path, name, above, today) => {
    const { body } = await client.get(`/v1/places/${path}`).expect(200);
    expect(body).toMatchObject({ name, above: above.map((code) => ({ code })), today: { code: today } });
  });

  test('a district of today there is none, and what it became nobody is', async () => {
    const { body } = await client.get('/v1/places/256').expect(200);
    expect(body).toMatchObject({ level: 'district', validUntil: '2025-07-01', today: null });
  });

  test.each(['09169?on=2021-01-12', '99999', '256?on=2025-07-01'])('%s is not there', async (path) => {
    const { body } = await client.get(`/v1/places/${path}`).expect(404);
    expect(body).toMatchObject({ code: 'PLACE_NOT_FOUND' });
  });

  test.each(['2025-02-30', 'yesterday'])('«%s» is no day', async (on) => {
    const { body } = await client.get(`/v1/places/09169?on=${on}`).expect(400);
    expect(body).toMatchObject({ code: 'INVALID_REQUEST' });
    expect((body as { errors: { pointer: string }[] }).errors[0]).toMatchObject({ pointer: '?on' });
  });
});

test('the tree as of a day', async () => {
  const codes = async (query: string) =>
    ((await client.get(`/v1/places?${query}`).expect(200)).body as { items: { code: string }[] }).items;
  expect(await codes('parent=27&on=2022-03-31')).toHaveLength(8);
  expect(await codes('parent=24&on=2025-07-01')).toHaveLength(99);
});
