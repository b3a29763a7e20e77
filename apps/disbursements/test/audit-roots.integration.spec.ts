import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { QueryRunner } from 'typeorm';
import { type AuditFinding, faultOfProof, RootSigner } from '@ansinh/audit-chain';
import type { AuditEventPage, AuditProofView } from '../src/audit/audit.dto.js';
import { DayCloser } from '../src/audit/day-closer.js';
import {
  auditor,
  closerOf,
  daysAgo,
  type Event,
  hashOf,
  holds,
  plantPast,
  readLog,
  verifyRead,
} from './audit-log.js';
import { type Harness, openFund, startHarness } from './harness.js';

let harness: Harness;

/** The last microsecond of a day, the first of the next, and a day without events between others. */
const past = [
  `${daysAgo(6)}T16:59:59.999998Z`,
  `${daysAgo(6)}T16:59:59.999999Z`,
  `${daysAgo(6)}T17:00:00.000000Z`,
  `${daysAgo(5)}T09:00:00.000001Z`,
  `${daysAgo(5)}T09:00:00.000001Z`,
  ...Array.from({ length: 5 }, (_, index) => `${daysAgo(2)}T10:00:0${index}.000000Z`),
];
const signedEvents = past.length;

beforeAll(async () => {
  harness = await startHarness();
  await plantPast(harness, past);
  await Promise.all([closerOf(harness).closeDays(), closerOf(harness).closeDays()]);
  await openFund(harness);
  await openFund(harness, { office: '256' });
});
afterAll(() => harness.stop());

test('every day that is over has one root, also the empty ones, and the day under way has none', async () => {
  const { roots } = await readLog(harness);
  expect(roots.map(({ day, events, firstSeq }) => [day, firstSeq, events])).toEqual([
    [daysAgo(6), '1', 2],
    [daysAgo(5), '3', 3],
    [daysAgo(4), '6', 0],
    [daysAgo(3), '6', 0],
    [daysAgo(2), '6', 5],
    [daysAgo(1), '11', 0],
  ]);
  await closerOf(harness).closeDays();
  expect((await readLog(harness)).roots).toEqual(roots);
});

test('the log verifies', async () => {
  const { events, hidden, findings } = await verifyRead(await readLog(harness));
  expect({ hidden, findings }).toEqual({ hidden: 0, findings: [] });
  expect(events).toBe(signedEvents + 6);
});

test('nothing is dated into a day that is signed, even when the clock goes back', async () => {
  const [head] = (await harness.dataSource.query(
    `SELECT not_before >= date_trunc('day', now() AT TIME ZONE 'Asia/Ho_Chi_Minh') AT TIME ZONE 'Asia/Ho_Chi_Minh' AS held
     FROM audit_head`,
  )) as { held: boolean }[];
  expect(head!.held).toBe(true);
});

async function proofOf(seq: number): Promise<AuditProofView> {
  const client = await harness.as(auditor);
  return (await client.get(`/v1/audit-events/${seq}/proof`).expect(200)).body as AuditProofView;
}

describe('a proof', () => {
  test.each(Array.from({ length: signedEvents }, (_, index) => index + 1))(
    'of event %i holds by the public key alone, by our check and by another',
    async (seq) => {
      const proof = await proofOf(seq);
      const { keys } = (await readLog(harness)).log;
      expect(proof.event.seq).toBe(String(seq));
      expect(faultOfProof(proof, keys[0]!.publicKey)).toBeNull();
      expect(holds(proof, keys[0]!.publicKey)).toBe(true);
    },
  );

  const bent: [string, (proof: AuditProofView) => unknown][] = [
    ['FORMAT', ({ event }) => event],
    ['FORMAT', (proof) => ({ ...proof, event: { ...proof.event, office: 27 } })],
    ['SIGNATURE', (proof) => ({ ...proof, root: { ...proof.root, events: 4 } })],
    ['SIGNATURE', (proof) => ({ ...proof, root: { ...proof.root, day: '2026-01-01' } })],
    ['EVENT', (proof) => ({ ...proof, event: { ...proof.event, verb: 'past.undo' } })],
    ['EVENT', (proof) => ({ ...proof, event: { ...proof.event, facts: '{}' } })],
    ['PATH', (proof) => ({ ...proof, path: proof.path.toReversed() })],
    ['PATH', (proof) => ({ ...proof, path: proof.path.slice(1) })],
    ['PATH', (proof) => rehashed(proof, { verb: 'past.undo' })],
    ['PATH', (proof) => rehashed(proof, { seq: '9' })],
    ['DAY', (proof) => rehashed(proof, { at: `${daysAgo(1)}T17:00:00.000000Z` })],
  ];
  const rehashed = (proof: AuditProofView, change: Partial<Event>) => {
    const event = { ...proof.event, ...change };
    return { ...proof, event: { ...event, hash: hashOf(event) } };
  };

  test.each(bent)('with a fault is refused: %s', async (fault, bend) => {
    const { keys } = (await readLog(harness)).log;
    const proof = bend(await proofOf(8));
    expect(faultOfProof(proof, keys[0]!.publicKey)).toBe(fault);
  });

  test('of another key is refused', async () => {
    const other = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }) as string;
    const proof = await proofOf(8);
    expect(faultOfProof(proof, other)).toBe('OTHER_KEY');
    expect(holds(proof, other)).toBe(false);
  });

  test('is not there before the day is signed, nor for what is not an event', async () => {
    const client = await harness.as(auditor);
    const open = await client.get(`/v1/audit-events/${signedEvents + 1}/proof`).expect(409);
    expect(open.body).toMatchObject({ code: 'AUDIT_DAY_OPEN' });
    for (const seq of ['0', '999', '-1', 'x', '1'.repeat(30)]) {
      const { body } = await client.get(`/v1/audit-events/${seq}/proof`).expect(404);
      expect(body).toMatchObject({ code: 'AUDIT_EVENT_NOT_FOUND' });
    }
  });
});

describe('what was done to the rows', () => {
  /** What somebody with all rights over the database, but without the signing key, may do; and what is said of it. */
  const plants: [string, string | ((runner: QueryRunner) => Promise<unknown>), AuditFinding[]][] = [
    ['edit', `UPDATE audit_event SET facts = '{}' WHERE seq = 4`, [{ kind: 'edited', seq: '4', to: '4' }]],
    [
      'edit of an instant',
      `UPDATE audit_event SET at = at + interval '1 microsecond' WHERE seq = 4`,
      [{ kind: 'edited', seq: '4', to: '4' }],
    ],
    [
      'edit of a hash',
      `UPDATE audit_event SET hash = repeat('a', 64) WHERE seq = 7`,
      [{ kind: 'edited', seq: '7', to: '7' }],
    ],
    [
      'edit with its hash',
      (runner) => rehash(runner, `verb = 'x'`, 7, 7),
      [{ kind: 'edited', seq: '7', to: '7' }],
    ],
    [
      'edit of the last, with its hash',
      (runner) => rehash(runner, `verb = 'x'`, 16, 16),
      [{ kind: 'edited', seq: '16', to: '16' }],
    ],
    ['deletion', `DELETE FROM audit_event WHERE seq = 4`, [{ kind: 'deleted', seq: '3', to: '5' }]],
    [
      'deletion of the first',
      `DELETE FROM audit_event WHERE seq < 3`,
      [{ kind: 'deleted', seq: '0', to: '3' }],
    ],
    [
      'deletion of the end',
      `DELETE FROM audit_event WHERE seq > 13`,
      [{ kind: 'deleted', seq: '13', to: null }],
    ],
    [
      'deletion of the end, head too',
      `DELETE FROM audit_event WHERE seq > 8; UPDATE audit_head SET seq = 8, hash = (SELECT hash FROM audit_event WHERE seq = 8)`,
      [{ kind: 'deleted', seq: '8', to: null, day: daysAgo(2) }],
    ],
    ['deletion of all', `DELETE FROM audit_event`, [{ kind: 'deleted', seq: '0', to: null }]],
    [
      'deletion with the gap closed',
      `DELETE FROM audit_event WHERE seq = 4; UPDATE audit_event SET seq = -seq WHERE seq > 4;
       UPDATE audit_event SET seq = -seq - 1 WHERE seq < 0; UPDATE audit_head SET seq = seq - 1`,
      [{ kind: 'deleted', seq: '3', to: '5' }],
    ],
    ['insertion', (runner) => insert(runner, 7, false), [{ kind: 'inserted', seq: '7', to: '7' }]],
    [
      'insertion with its hash',
      (runner) => insert(runner, 7, true),
      [{ kind: 'inserted', seq: '7', to: '7' }],
    ],
    [
      'insertion behind the end',
      `INSERT INTO audit_event SELECT (event).* FROM (
         SELECT jsonb_populate_record(audit_event, '{"seq": 17}') AS event FROM audit_event WHERE seq = 16) made`,
      [{ kind: 'inserted', seq: '17', to: '17' }],
    ],
    [
      'swap',
      swap(4, 5),
      [
        { kind: 'moved', seq: '4', to: '4', from: '5' },
        { kind: 'moved', seq: '5', to: '5', from: '4' },
      ],
    ],
    [
      'swap of two far apart',
      swap(2, 12),
      [
        { kind: 'moved', seq: '2', to: '2', from: '12' },
        { kind: 'moved', seq: '12', to: '12', from: '2' },
      ],
    ],
    [
      'edit, and the whole chain after it',
      (runner) => rehash(runner, `verb = 'x'`, 7, 16),
      [{ kind: 'rewritten', seq: '6', to: '10', day: daysAgo(2) }],
    ],
    [
      'insertion, and the whole chain after it',
      (runner) => insert(runner, 4, true, true),
      [{ kind: 'rewritten', seq: '3', to: '5', day: daysAgo(5) }],
    ],
    [
      'a root that is gone',
      `DELETE FROM audit_root WHERE day = '${daysAgo(4)}'`,
      [{ kind: 'rootMissing', day: daysAgo(4), toDay: daysAgo(4) }],
    ],
    [
      'the last root gone',
      `DELETE FROM audit_root WHERE day = '${daysAgo(1)}'`,
      [{ kind: 'rootMissing', day: daysAgo(1), toDay: daysAgo(1) }],
    ],
    [
      'all roots gone',
      `DELETE FROM audit_root`,
      [{ kind: 'rootMissing', day: daysAgo(6), toDay: daysAgo(1) }],
    ],
    [
      'a root that was changed',
      `UPDATE audit_root SET chain_hash = repeat('b', 64) WHERE day = '${daysAgo(1)}'`,
      [{ kind: 'rootUnsigned', day: daysAgo(1) }],
    ],
  ];

  function swap(one: number, other: number): string {
    return `UPDATE audit_event SET seq = -seq WHERE seq IN (${one}, ${other});
      UPDATE audit_event SET seq = ${one + other} + seq WHERE seq < 0`;
  }

  /** Changes an event and computes hashes anew, from there to `last`. */
  async function rehash(runner: QueryRunner, set: string, first: number, last: number): Promise<void> {
    await runner.query(`UPDATE audit_event SET ${set} WHERE seq = ${first}`);
    for (let seq = first; seq <= last; seq += 1) {
      await runner.query(
        `UPDATE audit_event SET previous_hash = (SELECT hash FROM audit_event WHERE seq = ${seq - 1}) WHERE seq = ${seq}`,
      );
      await runner.query(`UPDATE audit_event SET hash = audit_hash(audit_event) WHERE seq = ${seq}`);
    }
    // Of one event alone the head is left as it was: who changes both before the day is signed is not found.
    if (first < last)
      await runner.query(
        'UPDATE audit_head SET hash = (SELECT hash FROM audit_event ORDER BY seq DESC LIMIT 1)',
      );
  }

  async function insert(runner: QueryRunner, at: number, isHashed: boolean, isWhole = false): Promise<void> {
    await runner.query(`UPDATE audit_event SET seq = -seq WHERE seq >= ${at};
      UPDATE audit_event SET seq = 1 - seq WHERE seq < 0; UPDATE audit_head SET seq = seq + 1`);
    await runner.query(`INSERT INTO audit_event SELECT (event).* FROM (
      SELECT jsonb_populate_record(audit_event, '{"seq": ${at}, "verb": "y"}') AS event
      FROM audit_event WHERE seq = ${at - 1}) made`);
    if (isHashed) await rehash(runner, `verb = 'y'`, at, isWhole ? 17 : at);
  }

  const tables = ['audit_event', 'audit_head', 'audit_root'];

  test.each(plants)('%s', async (_, plant, expected) => {
    const runner = harness.dataSource.createQueryRunner();
    await runner.query('SET session_replication_role = replica');
    for (const table of tables) await runner.query(`CREATE TABLE kept_${table} AS TABLE ${table}`);
    try {
      await (typeof plant === 'string' ? runner.query(plant) : plant(runner));
      const { findings } = await verifyRead(await readLog(harness));
      expect(findings).toEqual(expected);
    } finally {
      for (const table of tables)
        await runner.query(
          `DELETE FROM ${table}; INSERT INTO ${table} SELECT * FROM kept_${table}; DROP TABLE kept_${table}`,
        );
      await runner.query('RESET session_replication_role');
      await runner.release();
    }
    expect((await verifyRead(await readLog(harness))).findings).toEqual([]);
  });

  test('roots signed by a key that the reader does not trust are told, and so are those that were kept otherwise', async () => {
    const read = await readLog(harness);
    const other = generateKeyPairSync('ed25519');
    const key = other.publicKey.export({ type: 'spki', format: 'pem' }) as string;
    const days = read.roots.map(({ day }) => day);
    const untrusted = await verifyRead(read, { keys: [key] });
    expect(untrusted.findings).toEqual(days.map((day) => ({ kind: 'rootUnsigned', day })));
    const kept = [
      { ...read.roots[1]!, treeRoot: 'c'.repeat(64) },
      { ...read.roots[0]!, day: '2001-01-01' },
    ];
    expect((await verifyRead(read, { kept })).findings).toEqual([
      { kind: 'rootAltered', day: days[1] },
      { kind: 'rootMissing', day: '2001-01-01', toDay: '2001-01-01' },
    ]);
    expect((await verifyRead(read, { kept: read.roots })).findings).toEqual([]);
  });

  test('the database refuses all of it from whoever has not silenced its triggers', async () => {
    for (const table of ['audit_root', 'audit_key', 'audit_event']) {
      await expect(harness.dataSource.query(`DELETE FROM ${table}`)).rejects.toThrow(/append-only/);
    }
    await expect(harness.dataSource.query('DELETE FROM audit_head')).rejects.toThrow(/append-only/);
    await expect(harness.dataSource.query('TRUNCATE audit_root')).rejects.toThrow(/append-only/);
  });
});

describe('an office', () => {
  test('sees its own events, and recomputes the chain over those of others by their hashes', async () => {
    const district = { ...auditor, office: '256' };
    const client = await harness.as(district);
    const { items } = (await client.get('/v1/audit-events?limit=500').expect(200)).body as AuditEventPage;
    expect(items.map(({ office }) => office)).toEqual(['256', '256', '256']);
    const read = await readLog(harness, district);
    const { events, hidden, findings } = await verifyRead(read);
    expect({ events, hidden, findings }).toEqual({ events: 16, hidden: 13, findings: [] });
    expect(read.entries[0]).toEqual({ seq: '1', hash: expect.any(String) as unknown });
    await client.get('/v1/audit-events/1/proof').expect(404);
  });

  test('filters by subject, actor, verb and time, page by page', async () => {
    const client = await harness.as(auditor);
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
});

test('a new key signs the days from then on, and the old ones stay', async () => {
  const kept = await startHarness();
  try {
    await plantPast(kept, [`${daysAgo(3)}T01:00:00.000000Z`]);
    await kept.dataSource.query(`UPDATE audit_head SET not_before = '${daysAgo(3)}T17:00:00Z'`);
    await closerOf(kept).closeDays();
    const runner = kept.dataSource.createQueryRunner();
    await runner.query('SET session_replication_role = replica');
    await runner.query(`DELETE FROM audit_root WHERE day = '${daysAgo(1)}'`);
    await runner.query('RESET session_replication_role');
    await runner.release();
    const key = generateKeyPairSync('ed25519').privateKey;
    await new DayCloser(kept.dataSource, new RootSigner(key)).closeDays();
    const read = await readLog(kept);
    expect(new Set(read.roots.map(({ keyFingerprint }) => keyFingerprint)).size).toBe(2);
    expect((await verifyRead(read)).findings).toEqual([]);
  } finally {
    await kept.stop();
  }
});
