import { expect, test } from '@jest/globals';
import type { AuditEventPage } from '@ansinh/audit-log';
import { auditReader, daysAgo, testAuditLog } from '@ansinh/testing';
import { type Harness, openFund, startHarness } from './harness.js';

const service = testAuditLog({
  start: startHarness,
  log: 'ansinh/disbursements',
  work: async (started) => {
    await openFund(started as Harness);
    await openFund(started as Harness, { office: '256' });
  },
});

test('events are filtered by subject, actor, verb and time, page by page', async () => {
  const client = await service().as(auditReader);
  const seqs = async (query: string) => {
    const { body } = await client.get(`/v1/audit-events?${query}`).expect(200);
    return (body as AuditEventPage).items.map(({ seq }) => Number(seq));
  };
  expect(await seqs('verb=fund.create')).toEqual([15, 12]);
  expect(await seqs('subject=programme/NQ68&limit=1')).toEqual([14]);
  expect(await seqs('actor=past&limit=2')).toEqual([10, 9]);
  expect(await seqs(`from=${daysAgo(6)}T17:00:00Z&to=${daysAgo(2)}T10:00:01Z`)).toEqual([6, 5, 4, 3]);
  const first = await client.get('/v1/audit-events?limit=10').expect(200);
  const { next } = first.body as AuditEventPage;
  expect(await seqs(`limit=10&after=${next}`)).toEqual([6, 5, 4, 3, 2, 1]);
  await client.get('/v1/audit-events?from=yesterday').expect(400);
});
