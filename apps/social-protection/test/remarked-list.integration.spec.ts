import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { AccessView } from '@ansinh/access-log';
import type { PlayedClient } from '@ansinh/testing';
import { listTypes } from '@ansinh/uploads';
import type { SupportListView } from '../src/list/list.dto.js';
import { type Harness, startHarness } from './harness.js';
import { bring, brought, covidHead, newNumber, newTaxCode, stopped } from './support.js';

let harness: Harness;
let commune: PlayedClient;
let neighbour: PlayedClient;
let colleague: PlayedClient;
let list: SupportListView;
const number = newNumber();
const head = covidHead(newTaxCode());
const rows = [stopped(number), stopped(newNumber(), { stoppedFrom: '31/31/2021' }), stopped(number)];

beforeAll(async () => {
  harness = await startHarness();
  [commune, neighbour, colleague] = await Promise.all([
    harness.as({
      sub: 'commune',
      office: '256',
      permissions: ['support:apply', 'support:read', 'audit:read'],
    }),
    harness.as({
      sub: 'neighbour',
      office: '261',
      permissions: ['support:apply', 'support:read', 'audit:read'],
    }),
    harness.as({ sub: 'colleague', office: '256', permissions: ['support:apply', 'support:read'] }),
  ]);
  list = await brought(commune, head, rows);
});
afterAll(() => harness.stop());

const purpose = `listCorrection; ${encodeURIComponent('Trả lại doanh nghiệp để sửa')}`;
const back = (client: PlayedClient, of: SupportListView, query = '') =>
  client.get(`/v1/support-lists/${of.id}/list${query}`);
const linesOf = (text: string) => text.replace('\ufeff', '').trim().split(/\r?\n/);

const accesses = async (client: PlayedClient) =>
  ((await client.get('/v1/access-log').expect(200)).body as { items: AccessView[] }).items;

describe('a list with flawed rows', () => {
  test('comes back as it came, each row with its remarks, numbers masked', async () => {
    expect(list).toMatchObject({ rows: 3, blocked: 2, isRefused: true });
    const { text, headers } = await back(commune, list).set('accept-language', 'vi').expect(200);
    expect(headers['content-disposition']).toContain('support-list.csv');
    const [titles, ...lines] = linesOf(text);
    expect(titles).toMatch(/^Số định danh,Họ và tên,Mã ngân hàng,Số tài khoản,.*,Ghi chú kiểm tra$/);
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatch(/,$/);
    expect(lines[1]).toContain('31/31/2021');
    expect(lines[1]).not.toMatch(/,$/);
    expect(lines[2]).toContain('1');
    expect(text).not.toContain(number);
    expect(text).not.toContain(rows[0]!['account']);
    expect(await accesses(commune)).toEqual([]);
    const flawed = await back(commune, list, '?rows=flawed').set('accept-language', 'en').expect(200);
    expect(linesOf(flawed.text)).toHaveLength(3);
    expect(linesOf(flawed.text)[0]).toContain('Citizen number');
    const workbook = await back(commune, list).set('accept', listTypes.xlsx).expect(200);
    expect(workbook.headers['content-disposition']).toContain('support-list.xlsx');
  });

  test('has whole numbers for who brought it and says what for, and that is written down', async () => {
    await back(colleague, list)
      .set('access-purpose', purpose)
      .expect(403, /UNMASKING_REFUSED/);
    await back(neighbour, list).set('access-purpose', purpose).expect(404);
    await back(neighbour, list).expect(404);
    expect(await accesses(commune)).toEqual([]);
    const { text } = await back(commune, list).set('access-purpose', purpose).expect(200);
    expect(linesOf(text)[1]).toMatch(new RegExp(`^${number},Nguyễn Thị Hoà,970405,${rows[0]!['account']},`));
    expect(await accesses(commune)).toMatchObject([
      {
        actor: 'commune',
        subject: `support-list/${list.id}/list`,
        firstRow: 1,
        lastRow: 3,
        numbers: 3,
        purpose: 'listCorrection',
        note: 'Trả lại doanh nghiệp để sửa',
      },
    ]);
    expect(await accesses(neighbour)).toEqual([]);
    const inspector = await harness.as({
      sub: 'inspector',
      office: '256',
      permissions: ['support:read', 'payee:unmask'],
    });
    expect((await back(inspector, list).set('access-purpose', purpose).expect(200)).text).toContain(number);
    // Corrected in the file that came back, it is taken: the column of remarks is nobody's.
    const [titles, first, second] = linesOf(text);
    const corrected = [titles, first, second!.replace('31/31/2021', '01/06/2021')].join('\n');
    const again = await commune
      .upload(`/v1/support-lists?${new URLSearchParams(head).toString()}`, `${corrected}\n`, 'text/csv')
      .expect(201);
    expect(again.body).toMatchObject({ rows: 2, blocked: 0, isRefused: false });
  });

  test('of more rows than stand under one seal comes back whole, in its order', async () => {
    const many = Array.from({ length: 501 }, () => stopped());
    many[500] = stopped(newNumber(), { stoppedUntil: '' });
    const long = await brought(commune, covidHead(newTaxCode()), many);
    const { text } = await back(commune, long).set('access-purpose', purpose).expect(200);
    const lines = linesOf(text).slice(1);
    expect(lines.map((line) => line.slice(0, 12))).toEqual(many.map((row) => row['citizenNumber']));
    expect(lines.findIndex((line) => !line.endsWith(','))).toBe(500);
  });

  test('that was brought before its cells were kept is refused in words', async () => {
    const flawed = [stopped(newNumber(), { stoppedFrom: '31/31/2021' })];
    const old = await brought(commune, covidHead(newTaxCode()), flawed);
    await harness.dataSource.transaction(async (tx) => {
      await tx.query(`SET LOCAL session_replication_role = 'replica'`);
      await tx.query('DELETE FROM list_cells WHERE list_id = $1', [old.id]);
    });
    await back(commune, old).expect(409, /SUPPORT_LIST_NOT_KEPT/);
  });

  test('is kept for that alone: nothing is kept of a list without flaws, and nobody changes or removes it', async () => {
    const clean = await brought(commune, covidHead(newTaxCode()), [stopped()]);
    await back(commune, clean).expect(409, /SUPPORT_LIST_CLEAN/);
    const kept = (await harness.dataSource.query('SELECT list_id AS id FROM list_cells WHERE list_id = $1', [
      clean.id,
    ])) as object[];
    expect(kept).toEqual([]);
    for (const sql of ['DELETE FROM list_cells', 'DELETE FROM access_log'])
      await expect(harness.dataSource.query(sql)).rejects.toThrow('is append-only');
    await expect(harness.dataSource.query(`UPDATE list_cells SET sealed = '\\x00'`)).rejects.toThrow();
    await bring(commune, head, [stopped()]).expect(201);
  });
});
