import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type PlayedClient, statedPurpose } from '@ansinh/testing';
import type { AttachmentList, AttachmentView } from '../src/attachment/attachment.dto.js';
import type { DossierView } from '../src/dossier/dossier.dto.js';
import { moved, png, present } from './desk.js';
import { eicar, type FakeClamd, startFakeClamd } from './fake-clamd.js';
import { type Harness, startHarness } from './harness.js';

const bytesMax = 300_000;

let harness: Harness;
let clamd: FakeClamd;
let desk: PlayedClient;
let dossier: DossierView;
beforeAll(async () => {
  clamd = await startFakeClamd();
  harness = await startHarness({ CLAMD: clamd.address, ATTACHMENT_BYTES_MAX: String(bytesMax) });
  desk = await harness.as({ sub: 'officer-256', office: '256' });
});
afterAll(async () => {
  await harness.stop();
  await clamd.stop();
});
beforeEach(async () => {
  clamd.reply = undefined;
  dossier = await present(desk);
});

const pathOf = ({ id }: DossierView, rest = '') => `/v1/dossiers/${id}/attachments${rest}`;
const pdf = (text: string = randomUUID()) => Buffer.from(`%PDF-1.7\n${text}`);
const jpeg = () => Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), randomBytes(100)]);
const sha256 = (content: Buffer) => createHash('sha256').update(content).digest('hex');

async function attach(content: Buffer, type = 'image/png', query = ''): Promise<AttachmentView> {
  const reply = await desk.upload(pathOf(dossier, query), content, type).expect(201);
  return reply.body as AttachmentView;
}

const list = async (): Promise<AttachmentView[]> =>
  ((await desk.get(pathOf(dossier)).expect(200)).body as AttachmentList).items;

/** Every file of the store. */
async function objects(): Promise<string[]> {
  const names = await readdir(harness.objects, { recursive: true });
  return names.filter((name) => name.includes('/')).sort();
}

const rowsOf = async (sql: string, parameters: unknown[] = []) =>
  (await harness.dataSource.query(sql, parameters)) as Record<string, unknown>[];

describe('a file that is added', () => {
  test.each([
    ['image/png', png(), 'png'],
    ['image/png', png(200_000), 'png'],
    ['image/jpeg', jpeg(), 'jpg'],
    ['application/pdf', pdf(), 'pdf'],
  ])('%s comes back as it was, to be saved and never shown', async (type, content, extension) => {
    const added = await attach(content, type, '?document=declaration');
    expect(added).toMatchObject({
      number: 1,
      document: { code: 'declaration' },
      mediaType: type,
      bytes: content.length,
      sha256: sha256(content),
      scan: 'clean',
      addedByName: 'officer-256',
      removal: null,
      version: 1,
    });
    expect(await list()).toEqual([added]);
    expect(clamd.seen).toBe(content.length);
    const reply = await desk.get(pathOf(dossier, '/1')).set(statedPurpose).responseType('blob').expect(200);
    expect((reply.body as Buffer).equals(content)).toBe(true);
    expect(reply.headers).toMatchObject({
      'content-type': type,
      'content-length': String(content.length),
      'content-disposition': `attachment; filename="${dossier.code}-1.${extension}"`,
      'x-content-type-options': 'nosniff',
    });
  });

  test('is sealed in the store, under the digest of its sealed bytes, and never twice the same', async () => {
    const before = await objects();
    const content = pdf('Nguyễn Thị Hiền, số định danh');
    await attach(content, 'application/pdf');
    await attach(content, 'application/pdf');
    const added = (await objects()).filter((name) => !before.includes(name));
    expect(added).toHaveLength(2);
    for (const name of added) {
      const sealed = await readFile(join(harness.objects, name));
      expect(name).toBe(`${sha256(sealed).slice(0, 2)}/${sha256(sealed)}`);
      expect(sealed.includes('Nguyễn')).toBe(false);
    }
  });

  test('is one effect of a command: said in the audit log, and done once for a key', async () => {
    const key = randomUUID();
    const content = png();
    const first = await desk.upload(pathOf(dossier), content, 'image/png', key).expect(201);
    const stored = await objects();
    const again = await desk.upload(pathOf(dossier), content, 'image/png', key).expect(201);
    expect(again.body).toEqual(first.body);
    const { body } = await desk.upload(pathOf(dossier), png(), 'image/png', key).expect(422);
    expect(body).toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
    expect(await list()).toHaveLength(1);
    expect(await objects()).toEqual(stored);
    const events = await rowsOf(
      `SELECT before_digest, after_digest, facts FROM audit_event WHERE verb = 'dossier.attach' AND subject = $1`,
      [`dossier/${dossier.code}`],
    );
    expect(events).toHaveLength(1);
    expect(events[0]!['before_digest']).not.toBe(events[0]!['after_digest']);
    expect(events[0]!['facts']).toMatchObject({ number: 1, sha256: sha256(content), scan: 'clean' });
  });

  test('ten at once have ten numbers', async () => {
    const replies = await Promise.all(
      Array.from({ length: 10 }, () => desk.upload(pathOf(dossier), png(), 'image/png')),
    );
    const numbers = replies.map(({ body }) => (body as AttachmentView).number);
    expect(numbers.sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });
});

describe('is refused, and nothing of it kept:', () => {
  test.each<[string, Buffer, string, number, string]>([
    ['a page that calls itself a picture', Buffer.from('<html>'), 'image/png', 422, 'ATTACHMENT_CONTENT'],
    ['a picture that calls itself a paper', png(), 'application/pdf', 422, 'ATTACHMENT_CONTENT'],
    [
      'a PDF with something before it',
      Buffer.from('x%PDF-1.7'),
      'application/pdf',
      422,
      'ATTACHMENT_CONTENT',
    ],
    ['the half of a signature', png().subarray(0, 5), 'image/png', 422, 'ATTACHMENT_CONTENT'],
    ['what is too large', png(bytesMax), 'image/png', 413, 'PAYLOAD_TOO_LARGE'],
    ['another type', Buffer.from('<html>'), 'text/html', 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['malware', pdf(eicar), 'application/pdf', 422, 'ATTACHMENT_INFECTED'],
  ])('%s', async (_, content, type, status, code) => {
    const before = await objects();
    const { body } = await desk.upload(pathOf(dossier), content, type).expect(status);
    expect(body).toMatchObject({ code });
    expect(await list()).toEqual([]);
    expect(await objects()).toEqual(before);
  });

  test('nothing at all', async () => {
    const { body } = await desk.upload(pathOf(dossier), Buffer.alloc(0), 'image/png');
    expect((body as { status: number }).status).toBeGreaterThanOrEqual(400);
    expect(await list()).toEqual([]);
  });

  test.each([
    ['hangs up', null],
    ['has too much of it', 'INSTREAM size limit exceeded. ERROR'],
    ['says something else', 'PONG'],
  ])('what a scanner was not heard of, because it %s', async (_, reply) => {
    clamd.reply = reply;
    const { body } = await desk.upload(pathOf(dossier), png(), 'image/png').expect(503);
    expect(body).toMatchObject({ code: 'SCANNER_UNAVAILABLE' });
    expect(await list()).toEqual([]);
  });

  test('a paper of another procedure, and a file of a dossier that is decided', async () => {
    const before = await objects();
    const other = await desk.upload(pathOf(dossier, '?document=death-certificate'), png(), 'image/png');
    expect(other.body).toMatchObject({ status: 422, code: 'DOSSIER_DOCUMENT' });
    const whole = await harness.as({ sub: 'province' });
    await moved(whole, dossier, ['forwarding'], ['decision', { outcome: 'declined', note: 'x' }]);
    const late = await desk.upload(pathOf(dossier), png(), 'image/png');
    expect(late.body).toMatchObject({ status: 409, code: 'DOSSIER_STATE' });
    expect(await objects()).toEqual(before);
  });

  test('also by a statement that goes past the service', async () => {
    const whole = await harness.as({ sub: 'province' });
    await attach(png());
    await moved(whole, dossier, ['forwarding'], ['decision', { outcome: 'declined', note: 'x' }]);
    await expect(
      rowsOf(
        `INSERT INTO dossier_attachment_removal (dossier_id, number, reason, removed_by, removed_by_name)
         VALUES ($1, 1, 'r', 'a', 'a')`,
        [dossier.id],
      ),
    ).rejects.toThrow('the papers of a dossier are closed with it');
    await expect(rowsOf('UPDATE dossier_attachment SET bytes = 1')).rejects.toThrow('append-only');
  });
});

describe('a file is read', () => {
  beforeEach(() => attach(png()));

  test('for a purpose alone, which stands in the access log before anything is given', async () => {
    const { body } = await desk.get(pathOf(dossier, '/1')).expect(400);
    expect(body).toMatchObject({ code: 'ACCESS_PURPOSE_MISSING' });
    await desk.get(pathOf(dossier, '/1')).set(statedPurpose).expect(200);
    const subject = `dossier/${dossier.code}/attachments/1`;
    const rows = await rowsOf('SELECT actor_id, office, purpose FROM access_log WHERE subject = $1', [
      subject,
    ]);
    expect(rows).toEqual([{ actor_id: 'officer-256', office: '256', purpose: 'inspection' }]);
  });

  test('by those who work on dossiers, and not by who may see that there are some', async () => {
    const looker = await harness.as({ sub: 'looker', office: '256', permissions: ['dossier:read'] });
    await looker.get(pathOf(dossier)).expect(200);
    const { body } = await looker.get(pathOf(dossier, '/1')).set(statedPurpose).expect(403);
    expect(body).toMatchObject({ code: 'UNMASKING_REFUSED' });
  });

  test.each(['/0', '/2', '/-1', '/99999999999'])('and %s is none', async (number) => {
    const { body } = await desk.get(pathOf(dossier, number)).set(statedPurpose).expect(404);
    expect(body).toMatchObject({ code: 'ATTACHMENT_NOT_FOUND' });
  });

  test('whole, or not at all', async () => {
    const [row] = await rowsOf('SELECT object_name AS name FROM dossier_attachment WHERE dossier_id = $1', [
      dossier.id,
    ]);
    const name = row!['name'] as string;
    const path = join(harness.objects, name.slice(0, 2), name);
    const sealed = await readFile(path);
    await writeFile(path, sealed.with(20, sealed[20]! ^ 1));
    await desk.get(pathOf(dossier, '/1')).set(statedPurpose).expect(500);
    await rm(path);
    await desk.get(pathOf(dossier, '/1')).set(statedPurpose).expect(500);
  });
});

describe('a file that is taken off', () => {
  const remove = (version: number, reason = 'Nhầm hồ sơ') =>
    desk.post(pathOf(dossier, '/1/removal'), { reason }).set('if-match', `"${version}"`);

  test('stays in the list with the reason, and is read by inspectors alone', async () => {
    await attach(png());
    const stale = await remove(2).expect(412);
    expect(stale.body).toMatchObject({ code: 'PRECONDITION_FAILED' });
    const { body, headers } = await remove(1).expect(200);
    expect(headers['etag']).toBe('"2"');
    expect(body).toMatchObject({
      number: 1,
      version: 2,
      removal: { reason: 'Nhầm hồ sơ', actorName: 'officer-256' },
    });
    expect(await list()).toEqual([body]);
    expect((await remove(2).expect(409)).body).toMatchObject({ code: 'ATTACHMENT_REMOVED' });
    const processor = await harness.as({
      sub: 'processor',
      office: '256',
      permissions: ['dossier:read', 'dossier:process'],
    });
    await processor.get(pathOf(dossier, '/1')).set(statedPurpose).expect(403);
    await desk.get(pathOf(dossier, '/1')).set(statedPurpose).expect(200);
    // Its number is not given again.
    expect(await attach(png())).toMatchObject({ number: 2 });
  });
});

test('where there is no scanner, each file says that nobody looked', async () => {
  const without = await startHarness();
  try {
    const client = await without.as({ sub: 'officer-256', office: '256' });
    const { id } = await present(client);
    const { body } = await client.upload(`/v1/dossiers/${id}/attachments`, png(), 'image/png').expect(201);
    expect(body).toMatchObject({ scan: 'notScanned' });
    // The store is away: nobody is told that the file was kept, and none is.
    await rm(without.objects, { recursive: true });
    await writeFile(without.objects, '');
    const away = await client.upload(`/v1/dossiers/${id}/attachments`, png(), 'image/png').expect(503);
    expect(away.body).toMatchObject({ code: 'OBJECT_STORE_UNAVAILABLE' });
    const { body: left } = await client.get(`/v1/dossiers/${id}/attachments`).expect(200);
    expect((left as AttachmentList).items).toHaveLength(1);
  } finally {
    await without.stop();
  }
});
