import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { AccessView } from '@ansinh/access-log';
import type { PlayedClient } from '@ansinh/testing';
import { listTypes } from '@ansinh/uploads';
import { type Harness, startHarness } from './harness.js';
import { csv, newNumber, newTaxCode } from './support.js';

interface Refusal {
  code: string;
  detail: string;
  listId: string;
  errors: { pointer: string; code: string; detail: string }[];
}

let harness: Harness;
let insurance: PlayedClient;
let neighbour: PlayedClient;
let colleague: PlayedClient;
let refused: Refusal;
const number = newNumber();
const taxCode = newTaxCode();

const answer = (over: Record<string, string> = {}) => ({
  citizenNumber: newNumber(),
  taxCode,
  month: '2021-06',
  isInsured: 'có',
  ...over,
});
/** Rows 2 to 5 are flawed: the second by two cells, the fifth since it answers as the first does. */
const rows = [
  answer({ citizenNumber: number }),
  answer({ month: '2021-13', isInsured: 'có thể' }),
  answer({ taxCode: '' }),
  answer({ citizenNumber: '1' }),
  answer({ citizenNumber: number, month: '06/2021', isInsured: 'không' }),
];

beforeAll(async () => {
  harness = await startHarness();
  const permissions = ['support:insurance' as const, 'audit:read' as const];
  [insurance, neighbour, colleague] = await Promise.all([
    harness.as({ sub: 'insurance', office: '256', permissions }),
    harness.as({ sub: 'neighbour', office: '261', permissions }),
    harness.as({ sub: 'colleague', office: '256', permissions: ['support:insurance'] }),
  ]);
  refused = (await send(insurance, rows).expect(422)).body as Refusal;
});
afterAll(() => harness.stop());

const send = (client: PlayedClient, answers: Record<string, string>[], key?: string) =>
  client.upload('/v1/insurance-lists', csv(answers), 'text/csv', key);
const purpose = `listCorrection; ${encodeURIComponent('Trả lại cơ quan BHXH để sửa')}`;
const back = (client: PlayedClient, id = refused.listId, query = '') =>
  client.get(`/v1/insurance-lists/${id}/list${query}`);
const linesOf = (text: string) => text.replace('\ufeff', '').trim().split(/\r\n/);
const counted = async (table: string) => {
  const [row] = (await harness.dataSource.query(`SELECT count(*)::int AS count FROM ${table}`)) as [
    { count: number },
  ];
  return row.count;
};
const accesses = async (client: PlayedClient) =>
  ((await client.get('/v1/access-log').expect(200)).body as { items: AccessView[] }).items;

describe('a refused list of the insurance office', () => {
  test('is refused with the first cells that are wrong, and nothing of it counts', async () => {
    expect(refused).toMatchObject({
      code: 'INSURANCE_LIST_FLAWED',
      detail: expect.stringContaining(`/v1/insurance-lists/${refused.listId}/list`) as unknown,
      errors: [
        { pointer: '/rows/2/isInsured', code: 'WRONG_CHOICE' },
        { pointer: '/rows/2/month', code: 'WRONG_MONTH' },
        { pointer: '/rows/3/taxCode', code: 'MISSING_CELL' },
        { pointer: '/rows/4/citizenNumber', code: 'WRONG_CELL' },
        { pointer: '/rows/5/', code: 'REPEATED' },
      ],
    });
    expect(await counted('insurance_fact')).toBe(0);
    const [event] = (await harness.dataSource.query(
      `SELECT verb, office, facts FROM audit_event WHERE subject = $1`,
      [`insurance-list/${refused.listId}`],
    )) as object[];
    expect(event).toMatchObject({
      verb: 'support.insurance.confirm',
      office: '256',
      facts: { rows: 5, blocked: 4 },
    });
  });

  test('comes back as it came, each row with its remarks, numbers masked', async () => {
    const { text, headers } = await back(insurance).set('accept-language', 'vi').expect(200);
    expect(headers['content-disposition']).toContain('insurance-list.csv');
    const [titles, ...lines] = linesOf(text);
    expect(titles).toBe('Số định danh,Mã số thuế,Tháng,Tham gia BHXH bắt buộc,Ghi chú kiểm tra');
    expect(lines[0]).toMatch(/,2021-06,có,$/);
    expect(text).toContain('2021-13,có thể,');
    expect(text).toContain('“2021-13” không phải là tháng');
    expect(text).toContain('Ô “Mã số thuế” để trống.');
    expect(lines.at(-1)).toMatch(/Trùng với dòng 1\.$/);
    expect(text).not.toContain(number);
    const flawed = await back(insurance, refused.listId, '?rows=flawed').set('accept-language', 'en');
    expect(flawed.text).toContain('“2021-13” is no month');
    expect(flawed.text).not.toMatch(/,$/m);
    const workbook = await back(insurance).set('accept', listTypes.xlsx).expect(200);
    expect(workbook.headers['content-disposition']).toContain('insurance-list.xlsx');
    expect(await accesses(insurance)).toEqual([]);
  });

  test('has whole numbers for who brought it and says what for, and that is written down', async () => {
    await back(colleague)
      .set('access-purpose', purpose)
      .expect(403, /UNMASKING_REFUSED/);
    expect(await accesses(insurance)).toEqual([]);
    const { text } = await back(insurance).set('access-purpose', purpose).expect(200);
    expect(linesOf(text)[1]).toBe(`${number},${taxCode},2021-06,có,`);
    expect(await accesses(insurance)).toMatchObject([
      {
        actor: 'insurance',
        subject: `insurance-list/${refused.listId}/list`,
        firstRow: 1,
        lastRow: 5,
        numbers: 5,
        purpose: 'listCorrection',
      },
    ]);
    expect(await accesses(neighbour)).toEqual([]);
  });

  test('is there for its own office alone', async () => {
    await back(neighbour).expect(404, /INSURANCE_LIST_NOT_FOUND/);
    await back(neighbour).set('access-purpose', purpose).expect(404);
    await back(insurance, randomUUID()).expect(404);
    const reader = await harness.as({ sub: 'reader', office: '256', permissions: ['support:read'] });
    await back(reader).expect(403);
  });

  test('is taken once its file is corrected; the column of remarks is nobody’s', async () => {
    const { text } = await back(insurance).set('access-purpose', purpose).expect(200);
    const [titles, first] = linesOf(text);
    const taken = await insurance
      .upload('/v1/insurance-lists', `${titles}\n${first}\n`, 'text/csv')
      .expect(201);
    const { id, rows: count } = taken.body as { id: string; rows: number };
    expect(count).toBe(1);
    await back(insurance, id).expect(409, /INSURANCE_LIST_TAKEN/);
    expect(await counted('insurance_fact')).toBe(1);
  });

  test('gives the first refusal again to the same command, and is kept once', async () => {
    const before = await counted('insurance_list');
    const key = randomUUID();
    const first = (await send(insurance, rows, key).expect(422)).body as Refusal;
    const second = (await send(insurance, rows, key).expect(422)).body as Refusal;
    expect(second.listId).toBe(first.listId);
    expect(second.errors).toEqual(first.errors);
    expect(await counted('insurance_list')).toBe(before + 1);
  });

  test('that answers twice and is right else says so, at which row', async () => {
    const twice = answer();
    const { body } = await send(neighbour, [twice, answer(), { ...twice, isInsured: 'không' }]).expect(422);
    expect(body).toMatchObject({
      code: 'INSURANCE_LIST_REPEATED',
      errors: [{ pointer: '/rows/3/', code: 'REPEATED', detail: expect.stringContaining('1') as unknown }],
    });
    const { text } = await back(neighbour, (body as Refusal).listId, '?rows=flawed')
      .set('accept-language', 'en')
      .expect(200);
    expect(linesOf(text).slice(1)).toEqual([expect.stringContaining('The same as row 1.')]);
  });

  test('of more rows than stand under one seal comes back whole; of many flaws a refusal tells a hundred', async () => {
    const many = Array.from({ length: 1_001 }, (_, index) => answer(index < 880 ? {} : { month: 'x' }));
    const { errors, listId } = (await send(insurance, many).expect(422)).body as Refusal;
    expect(errors).toHaveLength(100);
    const { text } = await back(insurance, listId).set('access-purpose', purpose).expect(200);
    const lines = linesOf(text).slice(1);
    expect(lines.map((line) => line.slice(0, 12))).toEqual(many.map(({ citizenNumber }) => citizenNumber));
    expect(lines.filter((line) => !line.endsWith(','))).toHaveLength(121);
  });

  test('of more flawed rows than are remarked says at the first of the others how many there are', async () => {
    const cells = (number: string, month: string) => `${number},${taxCode},${month},có`;
    const header = 'citizenNumber,taxCode,month,isInsured';
    const text = (flawed: number) =>
      [header, cells(number, '2021-06'), ...Array.from({ length: flawed }, () => cells('x', 'y'))].join('\n');
    const kept = async (flawed: number) => {
      const { body } = await insurance
        .upload('/v1/insurance-lists', `${text(flawed)}\n${cells(number, '2021-06')}\n`, 'text/csv')
        .expect(422);
      const { listId } = body as Refusal;
      const lines = async (language: string) =>
        linesOf((await back(insurance, listId, '?rows=flawed').set('accept-language', language)).text).slice(
          1,
        );
      const [row] = (await harness.dataSource.query(
        'SELECT rows, blocked FROM insurance_list WHERE id = $1',
        [listId],
      )) as [object];
      return { row, vi: await lines('vi'), en: await lines('en') };
    };
    // With the one that answers as the first row does, as many as are remarked.
    const all = await kept(19_999);
    expect(all.row).toEqual({ rows: 20_001, blocked: 20_000 });
    expect(all.en.at(-1)).toMatch(/The same as row 1\.$/);
    const some = await kept(20_010);
    expect(some.row).toEqual({ rows: 20_012, blocked: 20_011 });
    expect(some.en.at(-1)).toContain('11 more rows have flaws, this one among them');
    expect(some.vi.at(-1)).toContain('còn 11 dòng sai, kể cả dòng này');
    expect(some.vi.join('\n').match(/không ghi chú nữa/g)).toHaveLength(1);
    expect(await counted(`insurance_finding WHERE code = 'MORE_FLAWED'`)).toBe(1);
    expect(await counted(`insurance_finding WHERE row_no > 20002`)).toBe(0);
  });

  test('that no sheet holds is given as CSV: the workbook is refused, and nothing is written down of it', async () => {
    const { listId } = (await send(insurance, [answer({ month: 'x' })]).expect(422)).body as Refusal;
    const before = await accesses(insurance);
    const workbookOf = () =>
      back(insurance, listId).set({ accept: listTypes.xlsx, 'access-purpose': purpose });
    const hold = (count: number) =>
      harness.dataSource.query('UPDATE insurance_list SET rows = $2 WHERE id = $1', [listId, count]);
    await hold(1_048_576);
    const refusal = (await workbookOf().set('accept-language', 'en').expect(406)).body as object;
    expect(refusal).toMatchObject({
      code: 'LIST_TOO_LONG_FOR_WORKBOOK',
      detail: expect.stringContaining('text/csv') as unknown,
    });
    expect((await workbookOf().set('accept-language', 'vi')).body).toMatchObject({
      detail: expect.stringContaining('1048576 dòng') as unknown,
    });
    expect(await accesses(insurance)).toEqual(before);
    await hold(1);
    await workbookOf().expect(200);
  });

  test('keeps nothing in the clear, of lists that are taken nothing at all, and nobody changes it', async () => {
    const before = await counted('insurance_cells');
    await send(insurance, [answer()]).expect(201);
    expect(await counted('insurance_cells')).toBe(before);
    const [kept] = (await harness.dataSource.query(
      `SELECT bool_or(position(convert_to($1, 'UTF8') IN sealed) > 0) AS "isClear" FROM insurance_cells`,
      [number],
    )) as object[];
    expect(kept).toEqual({ isClear: false });
    for (const sql of ['DELETE FROM insurance_cells', 'DELETE FROM insurance_finding'])
      await expect(harness.dataSource.query(sql)).rejects.toThrow('is append-only');
  });

  test('that is no list leaves nothing', async () => {
    const before = await counted('insurance_list');
    await insurance.upload('/v1/insurance-lists', 'name\nA\n', 'text/csv').expect(422, /LIST_REFUSED/);
    expect(await counted('insurance_list')).toBe(before);
  });
});

test('the key of a refused list stands for its file: the corrected one needs another', async () => {
  const key = randomUUID();
  const flawed = [answer({ month: 'x' })];
  const first = (await send(insurance, flawed, key).expect(422)).body as Refusal;
  expect((await send(insurance, flawed, key).expect(422)).body).toMatchObject({ listId: first.listId });
  const corrected = [answer({ month: '2021-07' })];
  await send(insurance, corrected, key).expect(422, /IDEMPOTENCY_KEY_REUSED/);
  await send(insurance, corrected).expect(201);
});
