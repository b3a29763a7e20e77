import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { batch, batchId, drop, events, refuse, type Service, startService } from './service.js';
import { ansinh, temporaryDirectory } from './terminal.js';

let service: Service;
beforeEach(async () => {
  service = await startService();
});
afterEach(() => service.stop());

const money = (count: number, amount: string) => ({ count, amount });
const reconciliation = {
  approved: money(10, '1000'),
  paid: money(7, '700'),
  returned: money(1, '100'),
  refused: money(1, '100'),
  inFlight: money(1, '100'),
  exceptions: { open: 0, resolved: 0 },
  balanced: true,
  statementDebits: '900',
};

describe('0: done', () => {
  test('verify, when every check holds', async () => {
    const checks = [{ name: 'ledger', ok: true, expected: '0', actual: '0' }];
    service.on('GET /v1/verification', () => ({ ok: true, checks }));
    const { code, out } = await ansinh(service.url, ['verify']);
    expect(code).toBe(0);
    expect(out).toContain('All checks hold.');
  });

  test('reconcile, when approved = paid + returned + refused + in flight', async () => {
    service.on(`GET /v1/batches/${batchId}/reconciliation`, () => reconciliation);
    const { code, out } = await ansinh(service.url, ['reconcile', batchId]);
    expect(code).toBe(0);
    expect(out).toMatch(/Sum of the four +10 +1,000 đ/);
  });

  test.each([[['--help']], [['batch', '--help']], [['help', 'batch']], [['--version']]])(
    '%j',
    async (argv) => {
      const { code, out, err } = await ansinh(service.url, argv);
      expect({ code, err }).toEqual({ code: 0, err: '' });
      expect(out).not.toBe('');
    },
  );
});

test('waive waits for the second check; findings that still block are not its failure', async () => {
  const findings = { NAME_MISMATCH: { block: 2, warn: 0, waived: 1 } };
  service.on(`POST /v1/batches/${batchId}/waivers`, () => batch({ state: 'checking' }));
  service.on(`GET /v1/batches/${batchId}/events`, (_request, reply) =>
    events(reply, [batch({ state: 'checking' }), batch({ findings })], 'break'),
  );
  const argv = [
    'batch',
    'waive',
    batchId,
    '--code',
    'NAME_MISMATCH',
    '--row',
    '7',
    '9',
    '--reason',
    'Đã đối chiếu',
  ];
  const { code, out } = await ansinh(service.url, argv);
  expect(code).toBe(0);
  expect(out).toMatch(/NAME_MISMATCH +2 +0 +1/);
  expect(service.asked[0]?.body).toEqual({ code: 'NAME_MISMATCH', rows: [7, 9], reason: 'Đã đối chiếu' });
});

describe('1: unexpected', () => {
  test('the service has a defect', async () => {
    service.on('GET /v1/funds', (_request, reply) =>
      refuse(reply, {
        status: 500,
        title: 'Unexpected error',
        code: 'UNEXPECTED',
        instance: 'urn:request:7',
      }),
    );
    const { code, err } = await ansinh(service.url, ['fund', 'list']);
    expect(code).toBe(1);
    expect(err).toContain('urn:request:7');
    expect(err).not.toContain('    at ');
  });

  test('with ANSINH_DEBUG the stack is shown', async () => {
    service.on('GET /v1/funds', () => 'not JSON');
    const { code, err } = await ansinh(service.url, ['fund', 'list'], { env: { ANSINH_DEBUG: '1' } });
    expect(code).toBe(1);
    expect(err).toContain('    at ');
  });
});

describe('2: wrong usage', () => {
  test.each([
    ['batch status', ['batch', 'status']],
    ['batch status', ['--as', 'maker', 'batch', '--lang', 'en', 'status', 'forty-two']],
    ['loans confirm-law', ['loans', 'confirm-law', 'LJ-SHORT']],
    ['registry', ['--as', 'maker', 'registry']],
    ['registry', ['registry', 'imprt', 'people.csv']],
    ['registry lookup', ['--json', 'registry', 'lookup', 'there-is-no-such-file.csv']],
    ['dossier list', ['--as', 'maker', 'dossier', 'list', '--overdue', '--soon']],
  ])('help is that of the command that was meant: %s', async (command, argv) => {
    const { code, err } = await ansinh(service.url, argv);
    expect(code).toBe(2);
    expect(err).toContain(`See "ansinh ${command} --help".`);
  });

  test.each([
    [[], 'A command is missing.'],
    [['batch'], 'A command is missing.'],
    [['bathc', 'list'], 'There is no command "bathc". Did you mean "batch"?'],
    [['batch', 'status'], 'The argument <batch> is missing.'],
    [['batch', 'status', 'LO-00000042', 'more'], 'There are too many arguments.'],
    [['batch', 'status', 'forty-two'], '"forty-two" is neither a code (LO-00000042) nor an id.'],
    [['batch', 'list', '--sate', 'checked'], 'There is no option "--sate". Did you mean "--state"?'],
    [['batch', 'list', '--limit', '0'], '"0" is not a valid value of "--limit <count>".'],
    [['batch', 'list', '--limit'], 'The option "--limit <count>" needs a value.'],
    [['batch', 'list', '--state', 'lost'], 'Allowed: draft, checking, checked'],
    [['batch', 'reject', batchId], 'The option "--reason <text>" is required.'],
    [
      ['batch', 'message', batchId, 'x'],
      '"x" is not a valid value of "number". Write a whole number above zero.',
    ],
    [
      ['fund', 'allot', 'F', '--amount', '1.500.000', '--reference', 'QĐ 1'],
      'digits only, without separators',
    ],
    [['fund', 'balance', 'F', '--at', 'yesterday'], '2026-11-23T17:00:00+07:00'],
    [['programme', 'set', 'P', '--name', 'P', '--band', '1000'], 'AMOUNT=CHECKERS'],
    [['batch', 'import', batchId, '/nowhere/list.csv'], 'The file "/nowhere/list.csv" cannot be read.'],
    [['batch', 'import', batchId, '-'], 'give --format csv, ndjson or xlsx'],
    [['batch', 'findings', batchId, '--format', 'csv', '--json'], 'give --output FILE'],
    [['fund', 'list', '--url', 'ftp://host'], '"ftp://host" is not an http or https address.'],
    [['list', 'generate', '--rows', '5', '--flawed', '2'], 'Write a number from 0 to 1.'],
  ])('%j', async (argv, said) => {
    const { code, err } = await ansinh(service.url, argv);
    expect(err).toContain(said);
    expect(code).toBe(2);
    expect(service.asked).toEqual([]);
  });
});

describe('3: something wrong was found', () => {
  test('verify, when one check fails', async () => {
    const checks = [{ name: 'ledger', ok: false, expected: '0', actual: '1' }];
    service.on('GET /v1/verification', () => ({ ok: false, checks }));
    const { code, out } = await ansinh(service.url, ['verify']);
    expect(code).toBe(3);
    expect(out).toContain('FAILS');
  });

  test('reconcile, when the service says so', async () => {
    service.on(`GET /v1/batches/${batchId}/reconciliation`, () => ({ ...reconciliation, balanced: false }));
    expect((await ansinh(service.url, ['reconcile', batchId])).code).toBe(3);
  });

  test('reconcile, when the service says the opposite but the figures are off by one đồng', async () => {
    service.on(`GET /v1/batches/${batchId}/reconciliation`, () => ({
      ...reconciliation,
      inFlight: money(1, '101'),
    }));
    const { code, out } = await ansinh(service.url, ['reconcile', batchId, '--json']);
    expect(code).toBe(3);
    expect(JSON.parse(out)).toMatchObject({ balanced: false });
  });

  const duplicate = { DUPLICATE_IN_LIST: { block: 2, warn: 0, waived: 0 } };
  const poor = { INSUFFICIENT_FUND: { block: 1, warn: 0, waived: 0 } };
  test.each([
    ['blocking lines', { findings: duplicate }, 3],
    ['blocking lines set aside', { findings: duplicate, onBlocking: 'setAside' as const, kept: 998 }, 0],
    ['blocking lines, waived', { findings: { NAME_MISMATCH: { block: 2, warn: 0, waived: 2 } } }, 0],
    ['too little in the fund', { findings: poor, onBlocking: 'setAside' as const }, 3],
    ['every line set aside', { onBlocking: 'setAside' as const, kept: 0, setAside: 1000 }, 3],
    ['nothing', {}, 0],
  ])('batch check that finds %s', async (_found, change, expected) => {
    service.on(`POST /v1/batches/${batchId}/check`, () => batch({ state: 'checking' }));
    service.on(`GET /v1/batches/${batchId}/events`, (_request, reply) =>
      events(reply, [batch({ state: 'checking' }), batch(change)], 'break'),
    );
    expect((await ansinh(service.url, ['batch', 'check', batchId])).code).toBe(expected);
  });
});

describe('4: refused by the service', () => {
  test('title, detail and each wrong field are shown', async () => {
    service.on('GET /v1/funds', () => ({ items: [], next: null }));
    service.on('POST /v1/batches', (_request, reply) =>
      refuse(reply, {
        status: 400,
        title: 'The request is not valid',
        code: 'INVALID_REQUEST',
        detail: 'Look at the fields.',
        instance: 'urn:ansinh:request:9',
        errors: [{ pointer: '/purpose', code: 'maxLength', detail: 'is \u001b[31mtoo long' }],
      }),
    );
    const { code, out, err } = await ansinh(service.url, [
      ...[
        'batch',
        'create',
        '--fund',
        batchId,
        '--programme',
        'QD-08',
        '--purpose',
        'x',
        '--period',
        '2022-03',
      ],
    ]);
    expect(code).toBe(4);
    expect(out).toBe('');
    expect(err).toBe(
      [
        'Error: The request is not valid',
        '  Look at the fields.',
        '  /purpose: is \uFFFD[31mtoo long',
        '  (INVALID_REQUEST, request urn:ansinh:request:9)',
        '',
      ].join('\n'),
    );
  });

  test('a batch or a fund that does not exist, by code as by id', async () => {
    service.on('GET /v1/batches', () => ({ items: [], next: null }));
    service.on('GET /v1/funds', () => ({ items: [], next: null }));
    for (const argv of [
      ['batch', 'status', 'LO-00000043'],
      ['batch', 'status', batchId],
      ['fund', 'balance', 'F'],
    ]) {
      expect((await ansinh(service.url, argv)).code).toBe(4);
    }
  });
});

describe('5: not signed in or not allowed', () => {
  test('nobody is signed in: the service is not asked', async () => {
    const { code, err } = await ansinh(service.url, ['fund', 'list'], { env: { ANSINH_TOKEN: '' } });
    expect(code).toBe(5);
    expect(err).toContain('ansinh login');
    expect(service.asked).toEqual([]);
  });

  test.each([401, 403])('the service answers %i', async (status) => {
    service.on('GET /v1/funds', (_request, reply) => refuse(reply, { status, title: 'No', code: 'NO' }));
    expect((await ansinh(service.url, ['fund', 'list'])).code).toBe(5);
  });
});

describe('6: the service cannot be reached', () => {
  test('nothing listens there', async () => {
    const { code, err } = await ansinh(await closedUrl(), ['fund', 'list']);
    expect(code).toBe(6);
    expect(err).toContain('Error: The service cannot be reached');
    expect(err).toContain('ECONNREFUSED');
  });

  test('a proxy answers 502 with HTML again and again', async () => {
    service.on('GET /v1/funds', (_request, reply) =>
      reply.status(502).type('text/html').send('<h1>Bad</h1>'),
    );
    expect((await ansinh(service.url, ['fund', 'list'])).code).toBe(6);
    expect(service.asked.length).toBe(5);
  });

  test('the connection drops in the middle of a list: it is not sent again', async () => {
    const file = join(temporaryDirectory(), 'list.csv');
    writeFileSync(file, 'payeeId\n1\n');
    service.on(`PUT /v1/batches/${batchId}/payments`, (_request, reply) => drop(reply));
    expect((await ansinh(service.url, ['batch', 'import', batchId, file])).code).toBe(6);
    expect(service.asked.length).toBe(1);
  });
});

async function closedUrl(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `http://127.0.0.1:${address.port}`;
}
