import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { faultOfProof, RootSigner } from '@ansinh/audit-chain';
import { type AuditEventPage, type AuditProofView, DayCloser } from '@ansinh/audit-log';
import {
  type Audited,
  auditReader,
  daysAgo,
  type Event,
  hashOf,
  holds,
  plantPast,
  readLog,
  verifyRead,
} from './audit-log.js';
import { auditPlants } from './audit-plants.js';

interface AuditSuite {
  /** With a log that nothing was written to. */
  start(): Promise<Audited>;
  /** As the roots name it. */
  log: string;
  /** Leaves six events, the last three of office 256. */
  work(service: Audited): Promise<void>;
}

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

type Started = () => Audited;

/**
 * What holds for the audit log of every service: its days are signed, its events are proved, and whatever is done to its rows is
 * found and named.
 * @returns the service that the suite has started
 */
export function testAuditLog(suite: AuditSuite): Started {
  let audited: Audited;
  const service = () => audited;
  const { privateKey } = generateKeyPairSync('ed25519');
  const closeDays = (key: KeyObject = privateKey) =>
    new DayCloser(audited.dataSource, new RootSigner(key), suite.log).closeDays();
  beforeAll(async () => {
    audited = await suite.start();
    await plantPast(audited, past);
    await Promise.all([closeDays(), closeDays()]);
    await suite.work(audited);
  });
  afterAll(() => audited.stop());

  test('every day that is over has one root, also the empty ones, and the day under way has none', async () => {
    const { roots } = await readLog(service());
    expect(roots.map(({ day, events, firstSeq }) => [day, firstSeq, events])).toEqual([
      [daysAgo(6), '1', 2],
      [daysAgo(5), '3', 3],
      [daysAgo(4), '6', 0],
      [daysAgo(3), '6', 0],
      [daysAgo(2), '6', 5],
      [daysAgo(1), '11', 0],
    ]);
    await closeDays();
    expect((await readLog(service())).roots).toEqual(roots);
  });

  test('the log verifies', async () => {
    const { events, hidden, findings } = await verifyRead(await readLog(service()));
    expect({ hidden, findings }).toEqual({ hidden: 0, findings: [] });
    expect(events).toBe(signedEvents + 6);
  });

  test('nothing is dated into a day that is signed, even when the clock goes back', async () => {
    const [head] = (await service().dataSource.query(
      `SELECT not_before >= date_trunc('day', now() AT TIME ZONE 'Asia/Ho_Chi_Minh') AT TIME ZONE 'Asia/Ho_Chi_Minh' AS held
     FROM audit_head`,
    )) as { held: boolean }[];
    expect(head!.held).toBe(true);
  });

  testAwaitedDay(service);
  testProofs(service);
  testRowFaults(service);
  describe('an office', () => {
    test('sees its own events, and recomputes the chain over those of others by their hashes', async () => {
      const district = { ...auditReader, office: '256' };
      const client = await service().as(district);
      const { items } = (await client.get('/v1/audit-events?limit=500').expect(200)).body as AuditEventPage;
      expect(items.map(({ office }) => office)).toEqual(['256', '256', '256']);
      const read = await readLog(service(), district);
      const { events, hidden, findings } = await verifyRead(read);
      expect({ events, hidden, findings }).toEqual({ events: 16, hidden: 13, findings: [] });
      expect(read.entries[0]).toEqual({ seq: '1', hash: expect.any(String) as unknown });
      await client.get('/v1/audit-events/1/proof').expect(404);
    });
  });

  test('a new key signs the days from then on, and the old ones stay', async () => {
    const runner = service().dataSource.createQueryRunner();
    await runner.query('SET session_replication_role = replica');
    await runner.query(`DELETE FROM audit_root WHERE day = '${daysAgo(1)}'`);
    await runner.query('RESET session_replication_role');
    await runner.release();
    const key = generateKeyPairSync('ed25519').privateKey;
    await closeDays(key);
    const read = await readLog(service());
    expect(new Set(read.roots.map(({ keyFingerprint }) => keyFingerprint)).size).toBe(2);
    expect((await verifyRead(read)).findings).toEqual([]);
  });

  return service;
}

async function proofOf(service: Audited, seq: number): Promise<AuditProofView> {
  const client = await service.as(auditReader);
  return (await client.get(`/v1/audit-events/${seq}/proof`).expect(200)).body as AuditProofView;
}

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

function testAwaitedDay(service: Started): void {
  test('a day is awaited as signed from one hour after its end', async () => {
    const hourAgo = () => daysAgo(1, Date.now() - 3_600_000);
    const before = hourAgo();
    const { log } = await readLog(service());
    expect([before, hourAgo()]).toContain(log.signedUntil);
  });
}

function testProofs(service: Started): void {
  describe('a proof', () => {
    test.each(Array.from({ length: signedEvents }, (_, index) => index + 1))(
      'of event %i holds by the public key alone, by our check and by another',
      async (seq) => {
        const proof = await proofOf(service(), seq);
        const { keys } = (await readLog(service())).log;
        expect(proof.event.seq).toBe(String(seq));
        expect(faultOfProof(proof, keys[0]!.publicKey)).toBeNull();
        expect(holds(proof, keys[0]!.publicKey)).toBe(true);
      },
    );

    test.each(bent)('with a fault is refused: %s', async (fault, bend) => {
      const { keys } = (await readLog(service())).log;
      const proof = bend(await proofOf(service(), 8));
      expect(faultOfProof(proof, keys[0]!.publicKey)).toBe(fault);
    });

    test('of another key is refused', async () => {
      const other = generateKeyPairSync('ed25519').publicKey.export({
        type: 'spki',
        format: 'pem',
      }) as string;
      const proof = await proofOf(service(), 8);
      expect(faultOfProof(proof, other)).toBe('OTHER_KEY');
      expect(holds(proof, other)).toBe(false);
    });

    test('is not there before the day is signed, nor for what is not an event', async () => {
      const client = await service().as(auditReader);
      const open = await client.get(`/v1/audit-events/${signedEvents + 1}/proof`).expect(409);
      expect(open.body).toMatchObject({ code: 'AUDIT_DAY_OPEN' });
      for (const seq of ['0', '999', '-1', 'x', '1'.repeat(30)]) {
        const { body } = await client.get(`/v1/audit-events/${seq}/proof`).expect(404);
        expect(body).toMatchObject({ code: 'AUDIT_EVENT_NOT_FOUND' });
      }
    });
  });
}

function testRowFaults(service: Started): void {
  describe('what was done to the rows', () => {
    const tables = ['audit_event', 'audit_head', 'audit_root'];

    test.each(auditPlants)('%s', async (_, plant, expected) => {
      const runner = service().dataSource.createQueryRunner();
      await runner.query('SET session_replication_role = replica');
      for (const table of tables) await runner.query(`CREATE TABLE kept_${table} AS TABLE ${table}`);
      try {
        await (typeof plant === 'string' ? runner.query(plant) : plant(runner));
        const { findings } = await verifyRead(await readLog(service()));
        expect(findings).toEqual(expected);
      } finally {
        for (const table of tables)
          await runner.query(
            `DELETE FROM ${table}; INSERT INTO ${table} SELECT * FROM kept_${table}; DROP TABLE kept_${table}`,
          );
        await runner.query('RESET session_replication_role');
        await runner.release();
      }
      expect((await verifyRead(await readLog(service()))).findings).toEqual([]);
    });

    test('roots signed by a key that the reader does not trust are told, and so are those that were kept otherwise', async () => {
      const read = await readLog(service());
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
        await expect(service().dataSource.query(`DELETE FROM ${table}`)).rejects.toThrow(/append-only/);
      }
      await expect(service().dataSource.query('DELETE FROM audit_head')).rejects.toThrow(/append-only/);
      await expect(service().dataSource.query('TRUNCATE audit_root')).rejects.toThrow(/append-only/);
    });
  });
}
