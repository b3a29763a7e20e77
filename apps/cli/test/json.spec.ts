import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { batch, batchId, drop, events, refuse, type Service, startService } from './service.js';
import { ansinh, temporaryDirectory } from './terminal.js';

let service: Service;
let directory: string;
beforeEach(async () => {
  directory = temporaryDirectory();
  service = await startService();
});
afterEach(() => service.stop());

/** Standard output must be one document, on one line. */
function documentOf(out: string): unknown {
  expect(out.endsWith('\n') && out.indexOf('\n') === out.length - 1).toBe(true);
  return JSON.parse(out);
}

describe('--json prints exactly one document', () => {
  test('a record as the service gave it: amounts stay strings', async () => {
    service.on(`GET /v1/batches/${batchId}`, () => batch());
    const { out, err } = await ansinh(service.url, ['batch', 'status', batchId, '--json']);
    expect(documentOf(out)).toEqual(batch());
    expect(err).toBe('');
  });

  test('a list over several pages, up to the limit', async () => {
    service.on('GET /v1/batches', (request) => {
      const { after } = request.query as { after?: string };
      return after
        ? { items: [batch({ code: 'LO-00000003' })], next: null }
        : { items: [batch({ code: 'LO-00000001' }), batch({ code: 'LO-00000002' })], next: 'two' };
    });
    const all = await ansinh(service.url, ['--json', 'batch', 'list', '--state', 'checked']);
    expect(documentOf(all.out)).toMatchObject({
      items: [{ code: 'LO-00000001' }, { code: 'LO-00000002' }, { code: 'LO-00000003' }],
      more: false,
    });
    expect(service.asked.map(({ query }) => [query['state'], query['after']])).toEqual([
      ['checked', undefined],
      ['checked', 'two'],
    ]);
    const two = await ansinh(service.url, ['batch', 'list', '--limit', '2', '--json']);
    expect(documentOf(two.out)).toMatchObject({ items: [{}, {}], more: true });
    expect(two.err).toContain('only the first 2');
  });

  test('a batch by its code', async () => {
    service.on('GET /v1/batches', (request) => {
      const { code } = request.query as { code?: string };
      return { items: [batch({ code })], next: null };
    });
    const { out } = await ansinh(service.url, ['batch', 'status', 'lo-00000042', '--json']);
    expect(documentOf(out)).toEqual(batch());
  });

  test('an import: progress is told on standard error only', async () => {
    const file = join(directory, 'list.csv');
    writeFileSync(file, 'payeeId\n1\n');
    service.on(`PUT /v1/batches/${batchId}/payments`, (_request, reply) =>
      reply.status(202).send(batch({ state: 'checking' })),
    );
    service.on(`GET /v1/batches/${batchId}/events`, (_request, reply) =>
      events(reply, [batch({ setAside: 10, kept: 990, onBlocking: 'setAside' })], 'break'),
    );
    const { code, out, err } = await ansinh(service.url, [
      'batch',
      'import',
      batchId,
      file,
      '--set-aside',
      '--json',
    ]);
    expect(code).toBe(0);
    expect(documentOf(out)).toMatchObject({ kept: 990 });
    expect(err).toContain('Uploading');
    expect(service.asked[0]).toMatchObject({
      query: { onBlocking: 'setAside' },
      type: 'text/csv',
      body: 'payeeId\n1\n',
      key: undefined,
    });
  });

  test('statements, with the file of each', async () => {
    const files = ['a.xml', 'b.xml'].map((name) => join(directory, name));
    for (const file of files) writeFileSync(file, `<Document>${file}</Document>`);
    const imported = { id: '1', kind: 'camt.053', documentId: 'D', entries: 3, matched: 3, exceptions: 0 };
    service.on('POST /v1/statements', (request) => ({
      items: [{ ...imported, alreadyImported: String(request.body).includes('b.xml') }],
    }));
    const { out } = await ansinh(service.url, ['statement', 'import', ...files, '--json']);
    expect(documentOf(out)).toMatchObject({
      statements: [
        { file: files[0], alreadyImported: false },
        { file: files[1], alreadyImported: true },
      ],
    });
    expect(service.asked[1]?.body).toBe(`<Document>${files[1]}</Document>`);
  });

  test('refused documents, and one that is taken again', async () => {
    const reason = {
      vi: 'Thiếu sao kê: phải là 2, sao kê ghi 3.',
      en: 'Missing: must be 2, the statement says 3.',
    };
    const document = {
      ...{ id: 'r-1', fundId: 'f', bankDocument: 'x', kind: 'mt940', documentId: 'S 3/1', sequence: 3 },
      ...{ code: 'STATEMENT_GAP', reason, waiting: true, status: 'open', attempts: 1 },
      ...{ refusedAt: '2022-11-23T01:00:00.000Z', takenAt: null, takenBy: null },
    };
    service.on('GET /v1/refused-documents', () => ({ items: [document], next: null }));
    service.on('POST /v1/refused-documents/r-1/retry', () => ({ ...document, status: 'taken' }));
    const { out } = await ansinh(service.url, ['statement', 'refused', '--json']);
    expect(documentOf(out)).toMatchObject({ items: [document] });
    expect(service.asked[0]?.query).toMatchObject({ status: 'open' });
    const { out: shown } = await ansinh(service.url, ['statement', 'refused', '--lang', 'vi']);
    expect(shown).toContain('chờ sao kê liền trước');
    expect(shown).toContain(reason.vi);
    const { out: taken } = await ansinh(service.url, ['statement', 'retry', 'r-1', '--json']);
    expect(documentOf(taken)).toMatchObject({ status: 'taken' });
  });

  test('a refusal: the problem as the service gave it', async () => {
    const problem = { status: 409, title: 'Maker is checker', code: 'MAKER_IS_CHECKER' };
    service.on(`GET /v1/batches/${batchId}`, () => batch({ state: 'submitted' }));
    service.on(`POST /v1/batches/${batchId}/approval`, (_request, reply) => refuse(reply, problem));
    const { code, out, err } = await ansinh(service.url, ['batch', 'approve', batchId, '--json']);
    expect(code).toBe(4);
    expect(documentOf(out)).toMatchObject({ problem });
    expect(err).toContain('Maker is checker');
    expect(service.asked[1]?.body).toEqual({ digest: batch().digest });
  });

  test('wrong usage, and a service out of reach', async () => {
    const wrong = await ansinh(service.url, ['batch', 'list', '--nothing', '--json']);
    expect(documentOf(wrong.out)).toMatchObject({ problem: { code: 'WRONG_USAGE' } });
    const file = join(directory, 'list.csv');
    writeFileSync(file, 'payeeId\n');
    service.on(`PUT /v1/batches/${batchId}/payments`, (_request, reply) => drop(reply));
    const dropped = await ansinh(service.url, ['batch', 'import', batchId, file, '--json']);
    expect(documentOf(dropped.out)).toMatchObject({ problem: { code: 'UNREACHABLE' } });
  });
});

/** The bank file has whole accounts. */
const why = ['--note', 'Nộp tệp tại quầy'];

describe('files', () => {
  test('a download goes to standard output as it is', async () => {
    service.on(`GET /v1/batches/${batchId}/messages/3`, (_request, reply) =>
      reply.type('application/xml').send('<Document>đ</Document>'),
    );
    const { code, out, err } = await ansinh(service.url, ['batch', 'message', batchId, '3', ...why]);
    expect({ code, out, err }).toEqual({ code: 0, out: '<Document>đ</Document>', err: '' });
  });

  test('a download that breaks off leaves no file', async () => {
    const output = join(directory, 'remarks.csv');
    service.on(`GET /v1/batches/${batchId}/findings`, (_request, reply) => {
      reply.hijack();
      reply.raw.writeHead(200, { 'content-type': 'text/csv' });
      reply.raw.write('payeeId,remarks\n');
      setTimeout(() => reply.raw.destroy(), 20);
      return reply;
    });
    const argv = ['batch', 'findings', batchId, '--format', 'csv', '--flawed', '-o', output];
    expect((await ansinh(service.url, argv)).code).toBe(6);
    expect([existsSync(output), existsSync(`${output}.part`)]).toEqual([false, false]);
    expect(service.asked[0]?.query).toEqual({ rows: 'flawed' });
  });

  test('a file that cannot be written is an error of its own', async () => {
    service.on(`GET /v1/batches/${batchId}/messages/3`, (_request, reply) => reply.send('<Document/>'));
    const { code, err } = await ansinh(service.url, [
      'batch',
      'message',
      batchId,
      '3',
      ...why,
      '-o',
      '/nowhere/a.xml',
    ]);
    expect(code).toBe(1);
    expect(err).toContain('ENOENT');
  });

  test('list generate: the same seed gives the same list', async () => {
    const [one, two] = ['one.csv', 'two.csv'].map((name) => join(directory, name)) as [string, string];
    const made = await ansinh('http://127.0.0.1:1', [
      ...['list', 'generate', '--rows', '50', '--seed', '7', '-o', one, '--json'],
    ]);
    expect(documentOf(made.out)).toEqual({ file: one, rows: 50, seed: 7, format: 'csv' });
    await ansinh('http://127.0.0.1:1', ['list', 'generate', '--rows', '50', '--seed', '7', '-o', two]);
    const text = readFileSync(one, 'utf8');
    expect(text).toBe(readFileSync(two, 'utf8'));
    expect(text.trimEnd().split('\n').length).toBe(51);
  });

  test('list generate on standard output, as NDJSON', async () => {
    const { code, out } = await ansinh('http://127.0.0.1:1', [
      ...['list', 'generate', '--rows', '3', '--flawed', '0', '--format', 'ndjson'],
    ]);
    expect(code).toBe(0);
    expect(
      out
        .trimEnd()
        .split('\n')
        .map((line) => Object.keys(JSON.parse(line) as object).length),
    ).toHaveLength(3);
  });
});
