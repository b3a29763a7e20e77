import { generateKeyPairSync } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  type AuditEntry,
  hashOfEntry,
  noHash,
  RootSigner,
  type SignedRoot,
  TreeHasher,
} from '@ansinh/audit-chain';
import { type Service, startService } from './service.js';
import { ansinh, temporaryDirectory } from './terminal.js';

const signer = new RootSigner(generateKeyPairSync('ed25519').privateKey);

/** Three events of one day, and its root. */
function logOf(): { entries: AuditEntry[]; roots: SignedRoot[] } {
  const entries: AuditEntry[] = [];
  const tree = new TreeHasher();
  for (let seq = 1; seq <= 3; seq += 1) {
    const event = {
      seq: String(seq),
      at: `2026-11-20T01:00:0${seq}.000000Z`,
      actorId: 'maker',
      actorName: 'Nguyễn Thị Lập',
      office: '27',
      verb: 'batch.create',
      subject: `batch/LO-0000000${seq}`,
      requestId: 'r',
      before: null,
      after: 'a'.repeat(64),
      facts: '{}',
      previousHash: entries.at(-1)?.hash ?? noHash,
    };
    entries.push({ ...event, hash: hashOfEntry(event) });
    tree.add(entries.at(-1)!.hash);
  }
  const root = signer.sign({
    log: 'ansinh/disbursements',
    day: '2026-11-20',
    firstSeq: '1',
    events: 3,
    treeRoot: tree.root(),
    chainHash: entries.at(-1)!.hash,
    previousRoot: noHash,
  });
  return { entries, roots: [root] };
}

let service: Service;
let folder: string;
beforeEach(async () => {
  service = await startService();
  folder = temporaryDirectory();
});
afterEach(() => service.stop());

function serve({ entries, roots }: ReturnType<typeof logOf>, signedUntil = '2026-11-20'): void {
  const { seq, hash } = entries.at(-1)!;
  const { fingerprint, publicKey } = signer;
  service.on('GET /v1/audit-log', () => ({
    log: 'ansinh/disbursements',
    head: { seq, hash },
    signedUntil,
    keys: [{ fingerprint, publicKey, since: '2026-11-21T00:00:00Z' }],
  }));
  service.on('GET /v1/audit-log/entries', (_, reply) =>
    reply.type('application/x-ndjson').send(entries.map((entry) => `${JSON.stringify(entry)}\n`).join('')),
  );
  service.on('GET /v1/audit-roots', () => ({ items: roots, next: null }));
}

describe('audit verify', () => {
  test('recomputes the log, and says whose keys it trusts', async () => {
    serve(logOf());
    const { code, out, err } = await ansinh(service.url, ['audit', 'verify', '--lang', 'en']);
    expect({ code, out }).toEqual({ code: 0, out: 'The log is whole: 3 events, 1 signed days.\n' });
    expect(err).toContain('--public-key FILE');
  });

  test('asks the service that is named, and no other', async () => {
    serve(logOf());
    const env = { ANSINH_REGISTRY_URL: service.url };
    const nowhere = 'http://127.0.0.1:9';
    const argv = ['audit', 'verify', '--service', 'registry', '--lang', 'en'];
    expect((await ansinh(nowhere, argv, { env })).code).toBe(0);
    expect((await ansinh(nowhere, argv.with(3, 'bank'), { env })).code).toBe(2);
  });

  test('ends with 3 and names what is wrong and where', async () => {
    const log = logOf();
    serve(
      { ...log, entries: log.entries.with(1, { ...log.entries[1]!, actorId: 'somebody' }) },
      '2026-11-22',
    );
    const { code, out } = await ansinh(service.url, ['audit', 'verify', '--lang', 'en']);
    expect(code).toBe(3);
    expect(out.split('\n')).toEqual([
      'Event 2 is not what was written',
      'No signed root for 2026-11-21 – 2026-11-22',
      'The log is NOT whole: 2 findings.',
      '',
    ]);
    const json = await ansinh(service.url, ['audit', 'verify', '--json']);
    expect(JSON.parse(json.out)).toMatchObject({
      ok: false,
      events: 3,
      findings: [{ kind: 'edited', seq: '2' }, {}],
    });
    const vietnamese = await ansinh(service.url, ['audit', 'verify', '--lang', 'vi']);
    expect(vietnamese.out).toContain('Sự kiện 2 không còn như lúc ghi');
  });

  test('trusts no key but those of the file, and holds the log to roots that were saved', async () => {
    serve(logOf());
    const [keys, roots] = [join(folder, 'key.pem'), join(folder, 'roots.json')];
    await ansinh(service.url, ['audit', 'keys', '-o', keys]);
    await ansinh(service.url, ['audit', 'roots', '-o', roots]);
    const argv = ['audit', 'verify', '--public-key', keys, '--roots', roots, '--lang', 'en'];
    expect(await ansinh(service.url, argv)).toMatchObject({ code: 0, err: '' });
    const { items } = JSON.parse(readFileSync(roots, 'utf8')) as { items: SignedRoot[] };
    writeFileSync(roots, JSON.stringify({ items: [{ ...items[0]!, treeRoot: 'b'.repeat(64) }] }));
    const other = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }) as string;
    writeFileSync(keys, other);
    const { code, out } = await ansinh(service.url, argv);
    expect(code).toBe(3);
    expect(out).toContain('The root of 2026-11-20 is not signed by a trusted key');
    expect(out).toContain('The root of 2026-11-20 is not the one that was there');
  });
});

describe('audit prove and check', () => {
  test('a saved proof is checked by the key alone: no service, nobody signed in', async () => {
    const { entries, roots } = logOf();
    const path = pathToFirst(entries);
    service.on('GET /v1/audit-events/1/proof', () => ({
      format: 'ansinh-audit-proof-1',
      event: entries[0],
      path,
      root: roots[0],
    }));
    const [proof, key] = [join(folder, 'proof.json'), join(folder, 'key.pem')];
    expect((await ansinh(service.url, ['audit', 'prove', '1', '-o', proof])).code).toBe(0);
    writeFileSync(key, signer.publicKey);
    const argv = ['audit', 'check', proof, '--public-key', key, '--lang', 'en'];
    const alone = { env: { ANSINH_TOKEN: '' } };
    const checked = await ansinh('http://127.0.0.1:9', argv, alone);
    expect(checked.code).toBe(0);
    expect(checked.out).toContain(
      'The proof holds: event 1 stands in the log that was signed for 2026-11-20.',
    );
    const bent = readFileSync(proof, 'utf8').replace('"office": "27"', '"office": "28"');
    writeFileSync(proof, bent);
    const refused = await ansinh('http://127.0.0.1:9', argv, alone);
    expect(refused).toMatchObject({
      code: 3,
      out: 'The proof does NOT hold: the event is not what was hashed\n',
    });
  });

  test.each([
    ['{', 'key', 'is not JSON'],
    ['{}', 'no key', 'holds no Ed25519 public key'],
  ])('files that are none: %s, %s', async (content, key, said) => {
    const [proof, keyFile] = [join(folder, 'proof.json'), join(folder, 'key.pem')];
    writeFileSync(proof, content);
    writeFileSync(keyFile, key);
    const { code, err } = await ansinh(service.url, [
      'audit',
      'check',
      proof,
      '--public-key',
      keyFile,
      '--lang',
      'en',
    ]);
    expect(code).toBe(2);
    expect(err).toContain(said);
  });
});

/** Beside the first of three leaves: the second, then the third. */
function pathToFirst(entries: AuditEntry[]): string[] {
  return [1, 2].map((index) => {
    const tree = new TreeHasher();
    tree.add(entries[index]!.hash);
    return tree.root();
  });
}

test('audit list shows who did what', async () => {
  const { entries } = logOf();
  service.on('GET /v1/audit-events', () => ({ items: [entries[0]], next: null }));
  const { out } = await ansinh(service.url, ['audit', 'list', '--verb', 'batch.create', '--lang', 'en']);
  expect(out.split('\n')[1]!.trim().split(/ {2,}/)).toEqual([
    '1',
    '20/11/2026, 08:00:01',
    'Nguyễn Thị Lập',
    'batch.create',
    'batch/LO-00000001',
    '27',
  ]);
  expect(service.asked[0]!.query).toMatchObject({ verb: 'batch.create' });
});
