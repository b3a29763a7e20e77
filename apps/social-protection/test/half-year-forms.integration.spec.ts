import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import exceljs from 'exceljs';
import type { PlayedClient } from '@ansinh/testing';
import { listTypes } from '@ansinh/uploads';
import type { HalfYearForm, HalfYearForms, HalfYearNumbers } from '../src/report/half-year-form.dto.js';
import type { HalfYearReport } from '../src/report/report.dto.js';
import type { RunView } from '../src/run/run.dto.js';
import { type Harness, startHarness } from './harness.js';
import { approvedMonth, decidedMonth, disabled, entered, registered, registerHead } from './month.js';
import { approved, brought, confirmLaw, decided, newNumber } from './support.js';

let harness: Harness;
/** The district of Bắc Ninh city, that of Từ Sơn, and the province. */
let city: PlayedClient;
let town: PlayedClient;
let maker: PlayedClient;
let checker: PlayedClient;
beforeAll(async () => {
  harness = await startHarness();
  [city, town, maker, checker] = await Promise.all([
    harness.as({ sub: 'city', office: '256', permissions: ['support:apply', 'support:read'] }),
    harness.as({ sub: 'town', office: '261', permissions: ['support:apply', 'support:read'] }),
    harness.as({ sub: 'maker' }),
    harness.as({ sub: 'checker' }),
  ]);
  await confirmLaw(maker, 'SP-STD-500');
});
afterAll(() => harness.stop());

const query = async <Row>(sql: string, ...values: unknown[]) =>
  (await harness.dataSource.query(sql, values)) as Row[];

const of = (year: number, half: number, placeCode?: string) =>
  `/v1/half-year-forms?year=${year}&half=${half}${placeCode === undefined ? '' : `&placeCode=${placeCode}`}`;

const formsOf = async (client: PlayedClient, ...[year, half, placeCode]: Parameters<typeof of>) =>
  (await client.get(of(year, half, placeCode)).expect(200)).body as HalfYearForms;

const formOf = ({ forms }: HalfYearForms, code: string) => forms.find((form) => form.code === code)!;

const line = (form: HalfYearForm, section: string, code: string) =>
  form.sections.find((one) => one.code === section)!.lines.find((one) => one.code === code)!.numbers;

/** Every number of all forms in one row. */
const cells = ({ forms }: HalfYearForms) =>
  forms.flatMap(({ sections, sum }) => [
    ...sections.flatMap((section) => [...section.lines.map(({ numbers }) => numbers), section.sum]),
    sum,
  ]);

const add = (one: HalfYearNumbers | null, other: HalfYearNumbers | null): HalfYearNumbers | null =>
  one &&
  other && {
    before: one.before + other.before,
    people: one.people + other.people,
    times: one.times + other.times,
    owed: String(BigInt(one.owed) + BigInt(other.owed)),
    deducted: String(BigInt(one.deducted) + BigInt(other.deducted)),
    paid: String(BigInt(one.paid) + BigInt(other.paid)),
  };

const sumOf = (reports: readonly HalfYearForms[]) =>
  reports.map(cells).reduce((sum, each) => sum.map((cell, index) => add(cell, each[index]!)));

/** The last lines come back: a list begins with what is unpaid of the months before. */
async function pay(run: RunView, fail = 0): Promise<void> {
  const order = { fundId: '0199b2c4-7c1a-7000-8000-000000000042', channel: 'iso20022-http', purpose: 'x' };
  const { body } = await maker.post(`/v1/support-runs/${run.id}/payouts`, order).expect(201);
  const { id, rows } = body as { id: string; rows: number };
  await query(
    `INSERT INTO payout_outcome (payout_id, row_no, status, findings)
     SELECT $1, row, CASE WHEN row > $2 - $3 THEN 'returned' ELSE 'paid' END, '{}' FROM generate_series(1, $2) AS row`,
    id,
    rows,
    fail,
  );
}

const old = { bornOn: '1938-02-01', monthlyPension: '0' };
const care = { programme: 'care-support' };
const account = { bankBin: '970405', account: '2612345678' };
const places = ['09163', '09169', '09253', '09367', '09370'];

describe('the first half of 2022', () => {
  let mover: string;
  beforeAll(async () => {
    const adult = disabled('severe', '1980-01-01');
    const elder = disabled('extremelySevere', '1950-01-01');
    for (const [index, placeCode] of places.entries()) {
      const client = index < 2 ? city : index === 2 ? maker : town;
      const rows = [adult, adult, elder, disabled('severe', '2012-01-01'), old].slice(0, 5 - (index % 3));
      await brought(
        client,
        registerHead('2021-12', { placeCode }),
        rows.map((row) => registered(row)),
      );
    }
    await entered(
      maker,
      { decidedOn: '2022-02-01', disabledMembers: 1 },
      { ...care, ...account, placeCode: '09367', appliesFrom: '2022-02' },
    );
    await entered(
      maker,
      { bornOn: '1955-05-05', isInFacility: true },
      { placeCode: '09370', appliesFrom: '2022-02' },
    );
    ({ id: mover } = await entered(city, adult, { placeCode: '09163', appliesFrom: '2021-12' }));
    await approvedMonth(maker, checker, '2021-12');
    const february = await approvedMonth(maker, checker, '2022-02');
    await pay(await approvedMonth(maker, checker, '2022-02', care));
    await city
      .post(`/v1/beneficiaries/${mover}/moves`, { placeCode: '09367', movedOn: '2022-03-10', basis: 'x' })
      .expect(201);
    await pay(february, 1);
    await approvedMonth(maker, checker, '2022-06');
    await approvedMonth(maker, checker, '2022-06', care);
    // Known later: of June somebody was dead, and of February another was worse.
    const [dead, worse] = await query<{ id: string }>(
      `SELECT id FROM beneficiary WHERE place_code = '09169' AND category = 'SP-5.6-S-ADULT' ORDER BY id`,
    );
    const state = (id: string, appliesFrom: string, facts: object) =>
      city.post(`/v1/beneficiaries/${id}/statements`, { appliesFrom, facts, basis: 'x' }).expect(201);
    await state(dead!.id, '2022-06', { diedOn: '2022-05-20' });
    await state(worse!.id, '2022-02', { disability: 'extremelySevere' });
    await approvedMonth(maker, checker, '2022-07', { backTo: '2022-02' });
    const head = (programme: string, choice: string, placeCode: string) => ({
      ...{ programme, choice, placeCode, employerName: 'UBND', employerType: 'other' },
      receivedOn: '2022-04-05',
    });
    const claimed = async (
      programme: string,
      choice: string,
      rows: (readonly [string, Record<string, string>[]])[],
    ) => {
      const lists: string[] = [];
      for (const [placeCode, people] of rows)
        lists.push((await brought(maker, head(programme, choice, placeCode), people)).id);
      // The last day of the half-year is in it.
      return approved(maker, checker, await decided(maker, programme, lists, '2022-06-30'));
    };
    const injured = () => registered({ happenedOn: '2022-04-01', treatmentDays: '4' });
    await pay(
      await claimed('emergency-support', 'injury', [
        ['09163', [injured(), injured()]],
        ['09367', [injured()]],
      ]),
    );
    const buried = () => {
      const payee = newNumber();
      const row = registered({ diedOn: '2022-04-01', payeeNumber: payee, payeeName: 'Lê Văn Con' }, payee);
      return { ...row, citizenNumber: newNumber() };
    };
    await claimed('funeral-support', 'beneficiary', [['09169', [buried(), buried()]]]);
  });

  test('is the same in every cell, whether it is asked of the district or added up from its communes', async () => {
    const codes = (report: HalfYearForms) => report.units.map(({ placeCode }) => placeCode);
    const province = await formsOf(maker, 2022, 1, '27');
    const districts = await Promise.all(codes(province).map((code) => formsOf(maker, 2022, 1, code)));
    expect(districts.map(({ placeCode, units }) => [placeCode, units.length])).toContainEqual(['256', 19]);
    expect(cells(province)).toEqual(sumOf(districts));
    for (const district of districts.filter(({ placeCode }) => ['256', '259', '261'].includes(placeCode))) {
      const communes = await Promise.all(codes(district).map((code) => formsOf(maker, 2022, 1, code)));
      expect(cells(district)).toEqual(sumOf(communes));
      expect(district.units.map(({ sums }) => sums)).toEqual(
        communes.map(({ forms }) => forms.map(({ code, sum }) => ({ form: code, ...sum }))),
      );
    }
  });

  test('is what the rows say, counted another way', async () => {
    const [said] = await query<Record<string, string>>(
      `SELECT
         (SELECT count(*) FROM beneficiary b WHERE (
            SELECT d.outcome FROM decision d JOIN support_run run ON run.id = d.run_id
            WHERE d.beneficiary_id = b.id AND d.month = '2022-06-01' AND run.state = 'approved' ORDER BY d.id DESC LIMIT 1) = 'granted') AS people,
         (SELECT count(*) FROM entitlement WHERE programme = 'funeral-support') AS times,
         (SELECT sum(amount) FROM entitlement WHERE NOT is_released
            AND (period BETWEEN '2022-01' AND '2022-06' OR programme = 'funeral-support')) AS owed,
         (SELECT sum(e.amount) FROM payout_outcome o JOIN run_payout way USING (payout_id)
            JOIN payout_line line ON line.run_payout_id = way.id AND line.row_no = o.row_no
            JOIN entitlement e ON e.id = line.entitlement_id
            WHERE o.status = 'paid' AND e.period BETWEEN '2022-01' AND '2022-06') AS paid`,
    );
    const regular = formOf(await formsOf(maker, 2022, 1, '27'), '10a').sum;
    expect(regular).toEqual({
      ...said,
      before: 22,
      people: Number(said!['people']),
      times: 2,
      deducted: '0',
    });
    // Two came in February, and one was dead in June.
    expect(regular.people).toBe(22 + 2 - 1);
    expect(said!['times']).toBe('2');
    // The report by category counts the same, of everybody in the area of today.
    const { body } = await maker.get('/v1/half-year-reports?year=2022&half=1').expect(200);
    const { items } = body as HalfYearReport;
    const sum = (programmes: string[]) =>
      items
        .filter(({ programme }) => programmes.includes(programme))
        .reduce((all, { owed }) => all + BigInt(owed), 0n);
    expect(String(sum(['monthly-allowance', 'care-support', 'funeral-support']))).toBe(regular.owed);
    const paid = items.reduce((all, line) => all + BigInt(line.paid), 0n);
    const emergencies = formOf(await formsOf(maker, 2022, 1, '27'), '10b').sum;
    expect(String(paid)).toBe(String(BigInt(regular.paid) + BigInt(emergencies.paid)));
    expect(BigInt(regular.paid) > 0n && BigInt(regular.paid) < BigInt(regular.owed)).toBe(true);
    expect(String(sum(['emergency-support']))).toBe(
      formOf(await formsOf(maker, 2022, 1, '27'), '10b').sum.owed,
    );
  });

  test('stands in the lines of the law', async () => {
    const commune = await formsOf(city, 2022, 1, '09169');
    // Two adults of whom one died and one was found to be worse, an elder and a child.
    const regular = formOf(commune, '10a');
    expect(line(regular, 'I', '6')).toMatchObject({ before: 4, people: 3 });
    expect(line(regular, 'I', '5')).toMatchObject({ people: 0 });
    const disability = formOf(commune, '10d');
    expect(line(disability, 'I', '2')).toMatchObject({ before: 0, people: 1 });
    expect(line(disability, 'I', '3')).toMatchObject({ before: 1, people: 1 });
    expect(line(disability, 'II', '1')).toMatchObject({ before: 1, people: 1 });
    expect(line(disability, 'II', '2')).toMatchObject({ before: 2, people: 0 });
    expect(line(formOf(commune, '10c'), 'II', '1')).toMatchObject({ people: 1 });
    const other = await formsOf(town, 2022, 1, '09370');
    expect(line(formOf(other, '10a'), 'III', '2')).toMatchObject({ before: 0, people: 1, owed: '7200000' });
    expect(line(formOf(other, '10c'), 'II', '3')).toMatchObject({ people: 1 });
    const emergencies = await Promise.all(
      ['09163', '09367', '09169'].map((code) => formsOf(maker, 2022, 1, code)),
    );
    expect(emergencies.map((report) => line(formOf(report, '10b'), 'II', '1'))).toMatchObject([
      { people: 0, times: 2, owed: '7200000', paid: '7200000' },
      { times: 1, owed: '3600000' },
      { times: 0, owed: '0' },
    ]);
    expect(line(formOf(commune, '10b'), 'I', '1')).toBeNull();
  });

  test('has who moved where he was decided on, before and after', async () => {
    const [from, to] = [await formsOf(city, 2022, 1, '09163'), await formsOf(town, 2022, 1, '09367')];
    expect(line(formOf(from, '10d'), 'II', '2')).toMatchObject({
      before: 3,
      people: 2,
      // Three in February, two in each month from March on.
      owed: String((3 + 4 * 2) * 540_000),
    });
    expect(line(formOf(to, '10d'), 'II', '2')).toMatchObject({ before: 2, people: 3 });
  });

  test('says nothing of a run that nobody has approved', async () => {
    const before = cells(await formsOf(maker, 2022, 1, '27'));
    const [one] = await query<{ id: string }>(
      `SELECT id FROM beneficiary WHERE place_code = '09253' LIMIT 1`,
    );
    await maker
      .post(`/v1/beneficiaries/${one!.id}/statements`, {
        appliesFrom: '2022-06',
        facts: { diedOn: '2022-05-20' },
        basis: 'x',
      })
      .expect(201);
    const run = await decidedMonth(maker, '2022-08', { backTo: '2022-01' });
    expect(cells(await formsOf(maker, 2022, 1, '27'))).toEqual(before);
    await checker.post(`/v1/support-runs/${run.id}/rejection`, { reason: 'x' }).expect(201);
    expect(cells(await formsOf(maker, 2022, 1, '27'))).toEqual(before);
  });

  test('is of the own unit without a place, and of those under it', async () => {
    expect(await formsOf(city, 2022, 1)).toMatchObject({
      placeCode: '256',
      level: 'district',
      through: '2022-06-30',
    });
    expect(await formsOf(city, 2022, 1)).toEqual(await formsOf(maker, 2022, 1, '256'));
    const commune = await harness.as({ sub: 'commune', office: '09169', permissions: ['support:read'] });
    expect(await formsOf(commune, 2022, 1)).toMatchObject({
      placeCode: '09169',
      placeName: 'Phường Thị Cầu',
    });
    // Its people of then are in the commune of today that asks.
    expect(await formsOf(commune, 2022, 1, '09163')).toEqual(await formsOf(maker, 2022, 1, '09163'));
    const secret = await harness.as({ sub: 'none', office: '256', permissions: ['support:apply'] });
    await secret.get(of(2022, 1)).expect(403);
  });

  test.each([
    ['256', '261'],
    ['256', '27'],
    ['256', '09367'],
    ['261', '256'],
    ['261', '09163'],
    ['09169', '256'],
    ['09169', '09367'],
    ['09163', '09163'],
    ['256', '09999'],
  ])('is refused to %s of %s', async (office, placeCode) => {
    const client = await harness.as({ sub: 'other', office, permissions: ['support:read'] });
    await client.get(of(2022, 1, placeCode)).expect(422, /HALF_YEAR_PLACE/);
  });

  test('says before which day which level reports it to whom', async () => {
    const reports = await Promise.all(['09169', '256', '27'].map((code) => formsOf(maker, 2022, 1, code)));
    expect(reports.map(({ dueBefore, isLate }) => [dueBefore, isLate])).toEqual([
      ['2022-06-15', true],
      ['2022-06-30', true],
      ['2022-07-15', true],
    ]);
    expect(reports[0]!.reportsTo.vi).toContain('cấp huyện');
    expect(await formsOf(maker, 2199, 2, '24')).toMatchObject({ dueBefore: '2200-01-15', isLate: false });
    await maker.get(of(2021, 1, '27')).expect(422, /HALF_YEAR_BEFORE_LAW/);
    expect(reports[0]!.confidence).toMatchObject({ obligation: 'verified', layout: 'derived' });
    expect(reports.map(({ notes }) => notes.length)).toEqual([2, 2, 2]);
    // Who receives it since the reorganisation, and that the decree was replaced.
    expect((await formsOf(maker, 2026, 1)).notes).toHaveLength(3);
    expect((await formsOf(maker, 2026, 2)).notes).toHaveLength(4);
  });

  test('is a workbook of a sheet a form, with its head, its sum and who signs', async () => {
    const { body, headers } = await city
      .get(of(2022, 1))
      .set({ accept: listTypes.xlsx, 'accept-language': 'vi' })
      .responseType('blob')
      .expect(200);
    expect(headers['content-disposition']).toContain('half-year-forms-256-2022-1.xlsx');
    const workbook = new exceljs.Workbook();
    await workbook.xlsx.load(body as exceljs.Buffer);
    expect(workbook.worksheets.map(({ name }) => name)).toEqual([
      'Mẫu 10a',
      'Mẫu 10b',
      'Mẫu 10c',
      'Mẫu 10d',
      'Theo địa bàn',
    ]);
    const report = await formsOf(city, 2022, 1);
    for (const form of report.forms) {
      const rows: string[][] = [];
      workbook.getWorksheet(`Mẫu ${form.code}`)!.eachRow((row) => {
        const texts: string[] = [];
        row.eachCell({ includeEmpty: true }, (cell) => texts.push(String(cell.value ?? '')));
        rows.push(texts);
      });
      const text = rows.map((row) => row.join(' ')).join('\n');
      expect(text).toContain(`Mẫu số ${form.code}`);
      expect(text).toContain(form.title.vi.toLocaleUpperCase('vi'));
      expect(text).toContain('chờ cán bộ có thẩm quyền xác nhận');
      expect(text).toContain('NGƯỜI LẬP BIỂU');
      const { before, people, times, owed, deducted, paid } = form.sum;
      expect(rows).toContainEqual([
        '',
        'Tổng cộng',
        '',
        String(before),
        String(people),
        String(times),
        owed,
        deducted,
        paid,
      ]);
      for (const { lines } of form.sections)
        for (const { code, name, legalBasis, numbers } of lines)
          expect(rows).toContainEqual([
            ...[code, name.vi, legalBasis],
            ...(numbers
              ? [
                  String(numbers.before),
                  String(numbers.people),
                  String(numbers.times),
                  numbers.owed,
                  numbers.deducted,
                  numbers.paid,
                ]
              : ['', '', '', '', '', '']),
          ]);
    }
    expect(workbook.getWorksheet('Theo địa bàn')!.rowCount).toBe(1 + report.units.length + 1);
  });
});

describe('July 2025', () => {
  beforeAll(async () => {
    await approvedMonth(maker, checker, '2025-06');
    await entered(maker, disabled('severe', '1980-01-01'), {
      placeCode: '09169',
      appliesFrom: '2025-08',
    }).then(({ id }) =>
      maker
        .post(`/v1/beneficiaries/${id}/statements`, {
          appliesFrom: '2025-06',
          facts: disabled('severe', '1980-01-01'),
          basis: 'x',
        })
        .expect(201),
    );
    await approvedMonth(maker, checker, '2025-12', { backTo: '2025-06' });
  });

  test('the half-year before is reported by districts and communes of then', async () => {
    const district = await formsOf(city, 2025, 1);
    expect(district).toMatchObject({ placeCode: '256', dueBefore: '2025-06-30' });
    const shown = district.units.filter(({ sums }) => sums[0]!.people > 0);
    expect(shown.map(({ placeName, isOfThen, sums }) => [placeName, isOfThen, sums[0]!.people])).toEqual([
      ['Phường Vũ Ninh', true, 5],
      ['Phường Thị Cầu', true, 3],
      // Entered by the code of the commune that was made of both in July: of which of them he was, nobody said.
      ['Phường Vũ Ninh', false, 1],
    ]);
    const communes = await Promise.all(
      district.units
        .filter(({ isOfThen }) => isOfThen)
        .map(({ placeCode }) => formsOf(city, 2025, 1, placeCode)),
    );
    const sum = sumOf(communes).at(-1);
    expect(formOf(district, '10d').sum.people).toBe(sum!.people + 1);
  });

  test('the half-year after is reported by communes to the province, under both of its codes', async () => {
    const province = await formsOf(maker, 2025, 2);
    expect(province).toMatchObject({
      placeCode: '24',
      level: 'province',
      placeName: 'Tỉnh Bắc Ninh',
      dueBefore: '2026-01-15',
    });
    expect(province.units).toHaveLength(99);
    const communes = await Promise.all(
      province.units.map(({ placeCode }) => formsOf(maker, 2025, 2, placeCode)),
    );
    expect(cells(province)).toEqual(sumOf(communes));
    const office = await harness.as({ sub: 'commune', office: '09169', permissions: ['support:read'] });
    const commune = await formsOf(office, 2025, 2);
    expect(commune).toMatchObject({ placeName: 'Phường Vũ Ninh', level: 'commune', dueBefore: '2025-12-15' });
    expect(commune.reportsTo.vi).toContain('cấp tỉnh');
    expect(formOf(commune, '10a').sum.people).toBe(4 + 3 + 1);
    // The district is no unit any more; it sees the communes that succeeded its own.
    await city.get(of(2025, 2)).expect(422, /HALF_YEAR_PLACE/);
    expect(await formsOf(city, 2025, 2, '09169')).toEqual(commune);
    await town.get(of(2025, 2, '09169')).expect(422, /HALF_YEAR_PLACE/);
  });

  test('a place that is not of the office that decided takes nobody out of a report', async () => {
    const reports = () =>
      Promise.all([formsOf(city, 2022, 1), formsOf(maker, 2025, 2), formsOf(town, 2022, 1)]);
    const before = await reports();
    // A move that was made while a run decided: its id is the earlier one, and the run did not see it.
    await query(
      `INSERT INTO beneficiary_move (id, beneficiary_id, from_place_code, to_place_code, moved_on, basis, recorded_by, recorded_by_name)
       SELECT '00000000-0000-7000-8000-000000000001', min(id::text)::uuid, '09163', '09367', '2022-01-02', 'x', 'x', 'x'
       FROM beneficiary WHERE place_code = '09163'`,
    );
    expect((await reports()).map(cells)).toEqual(before.map(cells));
    const [found] = (await formsOf(city, 2022, 1)).units.filter(({ isOfThen }) => !isOfThen);
    expect(found).toMatchObject({ placeName: 'Phường Vũ Ninh', sums: [{ people: 1 }, {}, {}, {}] });
  });
});

describe('a half-year of which the last month is not approved yet', () => {
  test('says so, and who has two rules stands once, by what he is', async () => {
    const before = await formsOf(maker, 2026, 2);
    const { id } = await entered(
      maker,
      { ...disabled('severe', '1990-01-01'), isPregnant: true, decidedOn: '2021-08-20' },
      { placeCode: '09169', appliesFrom: '2026-09' },
    );
    await approvedMonth(maker, checker, '2026-09');
    const [decision] = await query<{ rules: string[]; amount: string }>(
      `SELECT rules, amount::text AS amount FROM decision WHERE beneficiary_id = $1 AND month = '2026-09-01'`,
      id,
    );
    expect(decision!.rules).toEqual(['SP-5.6-S-ADULT', 'SP-20.2a-1']);
    const report = await formsOf(maker, 2026, 2);
    const waiting = ({ notes }: HalfYearForms) => notes.filter(({ en }) => en.includes('2026-12'));
    expect(waiting(before)).toEqual([]);
    expect(waiting(report).map(({ en }) => en.split(': ')[1])).toEqual([
      '2026-12 is not approved yet; people at the end of the half-year are those of 2026-09.',
    ]);
    expect(formOf(report, '10a').sum.people).toBeGreaterThan(0);
    for (const [code, own, onTop] of [
      ['10a', ['I', '6'], ['I', '10']],
      ['10d', ['II', '2'], ['III', '1']],
    ] as const) {
      const form = formOf(report, code);
      expect(BigInt(line(form, own[0], own[1])!.owed)).toBeGreaterThanOrEqual(BigInt(decision!.amount));
      // What comes on top is not kept apart: the cells are empty. Where nobody has it there is nothing.
      expect(line(form, onTop[0], onTop[1])).toBeNull();
      const elsewhere = formOf(await formsOf(maker, 2026, 2, '09367'), code);
      expect(line(elsewhere, onTop[0], onTop[1])).toMatchObject({ people: 0, owed: '0' });
      expect(report.notes.map(({ en }) => en)).toContainEqual(
        expect.stringContaining(
          `Line ${code}.${onTop.join('.')}: 1 people at the end (0 before) have it on top`,
        ),
      );
    }
    const { body } = await maker.get('/v1/half-year-reports?year=2026&half=2').expect(200);
    const ofBoth = (body as HalfYearReport).items.filter(({ categories }) =>
      categories.includes('SP-20.2a-1'),
    );
    expect(ofBoth).toMatchObject([
      { categories: decision!.rules, people: 1, owed: decision!.amount, paid: '0' },
    ]);
  });
});
