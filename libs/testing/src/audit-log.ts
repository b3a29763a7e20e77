import { createHash, createPublicKey, verify } from 'node:crypto';
import { type LogEntry, type SignedRoot, verifyLog } from '@ansinh/audit-chain';
import type { AuditLogView, AuditProofView } from '@ansinh/audit-log';
import type supertest from 'supertest';
import type { DataSource } from 'typeorm';
import type { PlayedClient, Player } from './played-client.js';

/** A service whose audit log is looked at. */
export interface Audited {
  /** Of the owner, above every policy. */
  dataSource: DataSource;
  as(player: Player): Promise<PlayedClient>;
  stop(): Promise<void>;
}

export const auditReader: Player = { sub: 'auditor' };

/** A third party's own reading of docs/adr/0018: nothing of ours, `node:crypto` alone. */
const sha256 = (...parts: (string | Buffer)[]) =>
  createHash('sha256')
    .update(Buffer.concat(parts.map((part) => Buffer.from(part as string))))
    .digest();
const written = (texts: (string | null)[]) =>
  texts.map((text) => (text === null ? '-,' : `${Buffer.byteLength(text)}:${text},`)).join('');

export type Event = AuditProofView['event'];

export function hashOf(event: Omit<Event, 'hash'>): string {
  const { seq, at, actorId, actorName, office, verb, subject, requestId, before, after, facts } = event;
  const fields = ['ansinh-audit-event-1', seq, at, actorId, actorName, office, verb, subject, requestId];
  return sha256(written([...fields, before, after, facts, event.previousHash])).toString('hex');
}

/** Whether a proof holds, by the public key alone. */
export function holds({ event, path, root }: AuditProofView, publicKey: string): boolean {
  const signed = written([
    'ansinh-audit-root-1',
    root.log,
    root.day,
    root.firstSeq,
    String(root.events),
    root.treeRoot,
    root.chainHash,
    root.previousRoot,
    root.keyFingerprint,
  ]);
  let node = sha256(Buffer.of(0), Buffer.from(hashOf(event), 'hex'));
  let [index, last] = [Number(event.seq) - Number(root.firstSeq), root.events - 1];
  // RFC 9162 §2.1.3.2
  for (const hex of path) {
    const beside = Buffer.from(hex, 'hex');
    if (index % 2 === 1 || index === last) {
      node = sha256(Buffer.of(1), beside, node);
      while (index % 2 === 0 && index !== 0) [index, last] = [index >> 1, last >> 1];
    } else node = sha256(Buffer.of(1), node, beside);
    [index, last] = [index >> 1, last >> 1];
  }
  const isSigned = verify(
    null,
    Buffer.from(signed),
    createPublicKey(publicKey),
    Buffer.from(root.signature, 'base64'),
  );
  return isSigned && last === 0 && node.toString('hex') === root.treeRoot;
}

/** A day before today in Viet Nam, or before the day that an instant falls on there. */
export function daysAgo(days: number, instant = Date.now()): string {
  return new Date(instant + 7 * 3_600_000 - days * 86_400_000).toISOString().slice(0, 10);
}

/** Writes events of the past into a log that is empty yet, as the service would have then. */
export async function plantPast({ dataSource }: Audited, instants: string[], office = '27'): Promise<void> {
  const runner = dataSource.createQueryRunner();
  await runner.query('SET session_replication_role = replica');
  let previousHash = '0'.repeat(64);
  for (const [index, at] of instants.entries()) {
    const event = {
      seq: String(index + 1),
      at,
      actorId: 'past',
      actorName: 'Người lập đợt, «trước đây»',
      office,
      verb: 'past.do',
      subject: `past/${index}`,
      requestId: `past-${index}`,
      before: index % 2 ? sha256('before').toString('hex') : null,
      after: sha256(String(index)).toString('hex'),
      facts: '{"b": 1,  "a":"đồng\\u0301"}',
      previousHash,
    };
    const hash = hashOf(event);
    await runner.query(
      `INSERT INTO audit_event (seq, at, actor_id, actor_name, office, verb, subject, request_id, before_digest,
         after_digest, facts, previous_hash, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
      [...Object.values(event), hash],
    );
    previousHash = hash;
  }
  await runner.query('UPDATE audit_head SET seq = $1, hash = $2, not_before = $3', [
    instants.length,
    previousHash,
    instants.at(-1),
  ]);
  await runner.query('RESET session_replication_role');
  await runner.release();
}

export interface Read {
  log: AuditLogView;
  entries: LogEntry[];
  roots: SignedRoot[];
}

/** What an auditor reads over the wire. */
export async function readLog(service: Audited, by: Player = auditReader): Promise<Read> {
  const client = await service.as(by);
  const log = (await client.get('/v1/audit-log').expect(200)).body as AuditLogView;
  const reply = await client.get('/v1/audit-log/entries').buffer(true).parse(asText).expect(200);
  const text = reply.body as string;
  const roots = (await client.get('/v1/audit-roots?limit=500').expect(200)).body as { items: SignedRoot[] };
  const lines = text.split('\n').filter((line) => line !== '');
  return { log, entries: lines.map((line) => JSON.parse(line) as LogEntry), roots: roots.items };
}

/** Lines of JSON are no type that supertest knows. */
function asText(response: supertest.Response, done: (error: Error | null, body: unknown) => void): void {
  const stream = response as unknown as NodeJS.ReadableStream;
  let text = '';
  stream.on('data', (piece: Buffer) => (text += piece.toString()));
  stream.on('end', () => done(null, text));
}

/** As a reader does who comes after the hour within which a day is to be signed, whatever the hour is now. */
export async function verifyRead(read: Read, over: { keys?: string[]; kept?: SignedRoot[] } = {}) {
  const { log, entries, roots } = read;
  async function* each(): AsyncGenerator<LogEntry> {
    yield* entries;
  }
  return verifyLog({
    log: log.log,
    roots,
    keys: over.keys ?? log.keys.map(({ publicKey }) => publicKey),
    kept: over.kept,
    until: daysAgo(1),
    entries: each(),
    head: log.head,
    headAfter: () => Promise.resolve(log.head),
  });
}
