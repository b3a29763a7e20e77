import { get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { AccessView } from '@ansinh/access-log';
import type { Permission } from '@ansinh/auth';
import type { BatchView } from '../src/batch/batch.dto.js';
import {
  approvedBatch,
  checkedBatch,
  type Harness,
  maker,
  newLines,
  openFund,
  operator,
  type PlayedClient,
  startHarness,
  statedPurpose,
} from './harness.js';

const reading: Permission[] = ['batch:read', 'payment:read'];
const unmasking: Permission[] = [...reading, 'payee:unmask'];

let harness: Harness;
let batch: BatchView;
let lines: string[];
let payeeId: string;
let account: string;
let auditor: PlayedClient;
beforeAll(async () => {
  harness = await startHarness();
  lines = newLines(3);
  [payeeId = '', , , account = ''] = lines[1]!.split(',');
  batch = await approvedBatch(harness, lines);
  auditor = await harness.as({ sub: 'auditor', permissions: ['audit:read'] });
});
afterAll(() => harness.stop());

const as = (permissions: Permission[], over: { sub?: string; office?: string } = {}) =>
  harness.as({ sub: 'reader', permissions, ...over });

async function accesses(query = ''): Promise<AccessView[]> {
  const { body } = await auditor.get(`/v1/access-log?limit=500${query}`).expect(200);
  return (body as { items: AccessView[] }).items;
}

/** Runs something, and tells what it left in the log. */
async function logged(work: () => Promise<unknown>): Promise<AccessView[]> {
  const before = await accesses();
  await work();
  const after = await accesses();
  return after.slice(0, after.length - before.length);
}

const payeePath = () => `/v1/batches/${batch.id}/payments/2/payee`;
const listPath = () => `/v1/batches/${batch.id}/findings`;
const messagePath = () => `/v1/batches/${batch.id}/messages/1`;

describe('who is behind a payment', () => {
  test('is masked without a purpose, whoever asks', async () => {
    for (const permissions of [reading, unmasking]) {
      const client = await as(permissions);
      const rows = await logged(async () => {
        const { body, text } = await client.get(payeePath()).expect(200);
        expect(body).toMatchObject({ isMasked: true, payeeId: expect.stringMatching(/^•{8}\d{4}$/) });
        expect(text).not.toContain(payeeId);
        expect(text).not.toContain(account);
      });
      expect(rows).toEqual([]);
    }
  });

  test('is refused with a purpose and without the permission', async () => {
    const client = await as(reading);
    const rows = await logged(async () => {
      const { body, text } = await client.get(payeePath()).set(statedPurpose).expect(403);
      expect(body).toMatchObject({ code: 'UNMASKING_REFUSED' });
      expect(text).not.toContain(payeeId);
    });
    expect(rows).toEqual([]);
  });

  test('is whole with both, and each reading is one row', async () => {
    const client = await as(unmasking);
    const rows = await logged(async () => {
      for (const requestId of ['first-reading', 'second-reading']) {
        const { body } = await client
          .get(payeePath())
          .set({ ...statedPurpose, 'x-request-id': requestId })
          .expect(200);
        expect(body).toMatchObject({ isMasked: false, payeeId, account, bankBin: '970405' });
      }
    });
    expect(rows).toMatchObject([
      { requestId: 'second-reading' },
      {
        actor: 'reader',
        actorOffice: '27',
        office: '27',
        subject: `batch/${batch.code}/payments/2`,
        firstRow: 2,
        lastRow: 2,
        numbers: 2,
        purpose: 'inspection',
        note: 'Kế hoạch kiểm tra 12/KH-TTr',
        requestId: 'first-reading',
      },
    ]);
  });

  test.each(['3000000', '0', '-1'])('has no row %s', async (row) => {
    const client = await as(unmasking);
    const { body } = await client
      .get(`/v1/batches/${batch.id}/payments/${row}/payee`)
      .set(statedPurpose)
      .expect(404);
    expect(body).toMatchObject({ code: 'LINE_NOT_FOUND' });
  });

  test('over GraphQL by the same header', async () => {
    const query = 'query ($id: String!) { payee(endToEndId: $id) { isMasked payeeId account } }';
    const id = `${batch.code}-0000002`;
    const ask = async (permissions: Permission[], headers: Record<string, string> = {}) => {
      const client = await as(permissions);
      return (await client.post('/graphql', { query, variables: { id } }).set(headers)).body as object;
    };
    const masked = await ask(unmasking);
    expect(masked).toMatchObject({ data: { payee: { isMasked: true } } });
    expect(JSON.stringify(masked)).not.toContain(payeeId);
    const refused = await ask(reading, statedPurpose);
    expect(refused).toMatchObject({ errors: [{ extensions: { code: 'UNMASKING_REFUSED' } }] });
    const rows = await logged(async () =>
      expect(await ask(unmasking, statedPurpose)).toEqual({
        data: { payee: { isMasked: false, payeeId, account } },
      }),
    );
    expect(rows).toMatchObject([{ subject: `batch/${batch.code}/payments/2`, numbers: 2 }]);
  });
});

describe('a purpose', () => {
  const long = (length: number) => 'Số '.padEnd(length, 'ă');
  test.each([
    ['inspection'],
    ['inspection;'],
    ['curiosity; Xem cho biết thôi mà'],
    ['inspection; ngắn quá'],
    ['inspection; ............'],
    ['inspection; 123456789012'],
    ['inspection; %E1%BB'],
    [`inspection; ${long(301)}`],
    ['inspection; Kế hoạch%0Akiểm tra'],
    [''],
  ])('is not «%s»', async (value) => {
    const client = await as(unmasking);
    const header = encodeURI(value).replaceAll('%25', '%');
    const { body } = await client.get(payeePath()).set('access-purpose', header).expect(400);
    expect(body).toMatchObject({ code: 'ACCESS_PURPOSE_MALFORMED' });
  });

  test.each([10, 300])('has a note of %d characters', async (length) => {
    const client = await as(unmasking);
    const note = encodeURIComponent(long(length));
    await client.get(payeePath()).set('access-purpose', `grievance; ${note}`).expect(200);
    expect((await accesses())[0]).toMatchObject({ purpose: 'grievance', note: long(length) });
  });
});

describe('the list with remarks', () => {
  const download = async (client: PlayedClient, headers: Record<string, string> = {}) =>
    client.get(listPath()).set({ accept: 'text/csv', ...headers });

  test('is masked without a purpose, for its maker as well', async () => {
    const rows = await logged(async () => {
      const { status, text } = await download(await harness.as(maker));
      expect(status).toBe(200);
      expect(text).not.toContain(payeeId);
      expect(text).not.toContain(account);
    });
    expect(rows).toEqual([]);
  });

  test('is whole for its maker who states a purpose', async () => {
    const rows = await logged(async () => {
      const { text } = await download(
        await as(['batch:read', 'batch:write'], { sub: 'maker' }),
        statedPurpose,
      );
      for (const line of lines) expect(text).toContain(line.split(',')[0]);
    });
    expect(rows).toMatchObject([
      { actor: 'maker', subject: `batch/${batch.code}/list`, firstRow: 1, lastRow: 3, numbers: 6 },
    ]);
  });

  test('counts the flawed lines where only those are asked for', async () => {
    const flawed = await checkedBatch(harness, [...newLines(1, { bankBin: '970999' }), ...newLines(2)]);
    const client = await harness.as(maker);
    const rows = await logged(() =>
      client
        .get(`/v1/batches/${flawed.id}/findings?rows=flawed`)
        .set({ accept: 'text/csv', ...statedPurpose })
        .expect(200),
    );
    expect(rows).toMatchObject([{ numbers: 2 }]);
  });

  test('is refused to another maker, and to a maker who lost the right', async () => {
    const others = [
      await as(['batch:read', 'batch:write'], { sub: 'other-maker' }),
      await as(['batch:read'], { sub: 'maker' }),
    ];
    const rows = await logged(async () => {
      for (const client of others) {
        const { status, body, text } = await download(client, statedPurpose);
        expect({ status, ...(body as object) }).toMatchObject({ status: 403, code: 'UNMASKING_REFUSED' });
        expect(text).not.toContain(payeeId);
      }
    });
    expect(rows).toEqual([]);
  });

  test('that its reader hangs up on in the middle has its one row', async () => {
    const long = await checkedBatch(harness, newLines(3_000));
    const client = await as(unmasking);
    const rows = await logged(() => hangUp(harness, client, `/v1/batches/${long.id}/findings`));
    expect(rows).toMatchObject([{ subject: `batch/${long.code}/list`, numbers: 6_000 }]);
  });
});

/** Asks for a list, and drops the connection at the first byte. */
function hangUp({ app }: Harness, { token }: PlayedClient, path: string): Promise<void> {
  const { port } = app.getHttpServer().address() as AddressInfo;
  const headers = { authorization: `Bearer ${token}`, accept: 'text/csv', ...statedPurpose };
  return new Promise((resolve, reject) => {
    const request = get({ host: '127.0.0.1', port, path, headers }, (response) => {
      response.once('data', () => {
        request.destroy();
        resolve();
      });
    });
    request.once('error', reject);
  });
}

describe('the bank file', () => {
  test('is not given without a purpose', async () => {
    const client = await harness.as(operator);
    const rows = await logged(async () => {
      const { body } = await client.get(messagePath()).expect(400);
      expect(body).toMatchObject({ code: 'ACCESS_PURPOSE_MISSING' });
    });
    expect(rows).toEqual([]);
  });

  test('is given to who carries it, and logged', async () => {
    const client = await as(['batch:transmit'], { sub: 'operator' });
    const rows = await logged(async () => {
      const { text } = await client.get(messagePath()).set(statedPurpose).buffer(true).expect(200);
      expect(text).toContain(account);
    });
    expect(rows).toMatchObject([{ subject: `batch/${batch.code}/messages/1`, firstRow: 1, numbers: 3 }]);
  });

  test('is not given to who may unmask but not send', async () => {
    const client = await as(unmasking);
    const rows = await logged(() => client.get(messagePath()).set(statedPurpose).expect(403));
    expect(rows).toEqual([]);
  });
});

describe('the access log', () => {
  test('is read with audit:read alone, by page, reader, record, purpose and day', async () => {
    await (await as(unmasking)).get('/v1/access-log').expect(403);
    const all = await accesses();
    const pages: string[] = [];
    for (let after = ''; ;) {
      const { body } = await auditor.get(`/v1/access-log?limit=2${after}`).expect(200);
      const page = body as { items: AccessView[]; next: string | null };
      pages.push(...page.items.map(({ id }) => id));
      if (page.next === null) break;
      after = `&after=${page.next}`;
    }
    expect(pages).toEqual(all.map(({ id }) => id));
    expect(all.length).toBeGreaterThan(5);
    const filtered = async (query: string) => (await accesses(query)).map(({ id }) => id);
    const expected = (keep: (access: AccessView) => boolean) => all.filter(keep).map(({ id }) => id);
    expect(await filtered('&actor=maker')).toEqual(expected(({ actor }) => actor === 'maker'));
    const subject = `batch/${batch.code}`;
    expect(await filtered(`&subject=${subject}`)).toEqual(
      expected((access) => access.subject.startsWith(subject)),
    );
    expect(await filtered(`&subject=${subject.slice(0, -1)}`)).toEqual([]);
    expect(await filtered('&purpose=grievance')).toEqual(expected(({ purpose }) => purpose === 'grievance'));
    const day = new Date(Date.parse(all[0]!.at) + 7 * 3_600_000).toISOString().slice(0, 10);
    expect(await filtered(`&day=${day}`)).not.toEqual([]);
    expect(await filtered('&day=2022-03-01')).toEqual([]);
    await auditor.get('/v1/access-log?day=2022-02-30').expect(400);
  });

  test('shows an office what was read of its own records, by whomever', async () => {
    const [own, foreign] = ['256', '261'] as const;
    const line = newLines(1, { placeCode: own });
    const fundId = await openFund(harness, { office: own });
    const theirs = await checkedBatch(harness, line, { fundId, by: { sub: 'officer', office: own } });
    const path = `/v1/batches/${theirs.id}/payments/1/payee`;
    const neighbour = await as(unmasking, { office: foreign });
    await neighbour.get(path).set(statedPurpose).expect(404);
    await (await as(unmasking, { office: '27' })).get(path).set(statedPurpose).expect(200);
    const seenBy = async (office: string) => {
      const client = await as(['audit:read'], { office });
      const { body } = await client.get(`/v1/access-log?subject=batch/${theirs.code}`).expect(200);
      return (body as { items: AccessView[] }).items;
    };
    expect(await seenBy(own)).toMatchObject([{ actorOffice: '27', office: own }]);
    expect(await seenBy(foreign)).toEqual([]);
    expect(await seenBy('27')).toHaveLength(1);
  });

  test.each([
    ['UPDATE access_log SET note = repeat(note, 2)'],
    ['DELETE FROM access_log'],
    ['TRUNCATE access_log'],
  ])('refuses %s', async (sql) => {
    await expect(harness.dataSource.query(sql)).rejects.toThrow(/append-only/);
  });
});
