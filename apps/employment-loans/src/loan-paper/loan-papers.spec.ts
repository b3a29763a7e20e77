import { describe, expect, test } from '@jest/globals';
import { textOfPdf } from '@ansinh/testing';
import { type Annex, writeAnnex } from './annex-pdf.js';
import { type Notice, writeNotice } from './notice-pdf.js';
import { type PrintedSchedule, writeSchedule } from './schedule-pdf.js';

const head = {
  code: 'VV-00000042',
  contractNumber: 'HĐ 17/2022',
  signedOn: '2022-03-31',
  borrowerName: 'Nguyễn Thị Hoa',
  place: 'Phường Vũ Ninh, Thành phố Bắc Ninh, Tỉnh Bắc Ninh',
  province: 'Tỉnh Bắc Ninh',
};
/** As one text: where lines break is the matter of the page. */
const said = (pdf: Uint8Array) => textOfPdf(pdf).replaceAll(/\s+/g, ' ');
const pagesOf = (pdf: Uint8Array) => Number(/\/Count (\d+)/.exec(Buffer.from(pdf).toString('latin1'))![1]);

describe('the annex', () => {
  const annex = (over: Partial<Annex> = {}): Annex => ({
    head,
    product: 'Cho vay giải quyết việc làm đối với người lao động',
    capital: { source: 'province', year: 2022 },
    amount: 80_000_000n,
    termMonths: 36,
    ratePpm: 83_820,
    overdueRatePercent: 130,
    project: { name: 'Chăn nuôi', purpose: 'Mua bò giống', otherSources: [], collateral: [] },
    payee: { holder: 'NGUYEN THI HOA', id: '••••••••0007', account: '•••••••••0001', bank: 'BIDV' },
    plan: [{ dueOn: '2022-04-30' }, { dueOn: '2025-03-31' }],
    decisions: [
      { kind: 'appraise', number: '7/BC', on: '2022-03-20' },
      { kind: 'approve', number: '125/QĐ-UBND', on: '2022-03-28' },
    ],
    ...over,
  });

  test('says who agreed to what, by which decisions', async () => {
    const text = said(await writeAnnex(annex()));
    for (const words of [
      'PHỤ LỤC HỢP ĐỒNG VAY VỐN',
      'Kèm theo hợp đồng số HĐ 17/2022 ngày 31/03/2022',
      'Bên vay: Nguyễn Thị Hoa; nơi thực hiện dự án: Phường Vũ Ninh',
      'số định danh cá nhân: ••••••••0007',
      'Quyết định phê duyệt số 125/QĐ-UBND ngày 28/03/2022',
      '80.000.000 đồng (Tám mươi triệu đồng)',
      'vốn ngân sách cấp tỉnh, kế hoạch năm 2022',
      'Thời hạn vay: 36 tháng',
      'Lãi suất: 8,382%/năm; lãi suất nợ quá hạn bằng 130%',
      '2 kỳ theo lịch trả nợ, kỳ đầu ngày 30/04/2022, kỳ cuối ngày 31/03/2025',
      'Mua bò giống',
      'Tài sản bảo đảm: không có',
      'ĐẠI DIỆN BÊN CHO VAY',
      'Trang 1/1',
    ])
      expect(text).toContain(words);
  });

  test('loses no word of a long project, and goes on on further pages', async () => {
    const purpose = Array.from({ length: 400 }, (_, index) => `chữ${index}`).join(' ');
    const collateral = Array.from({ length: 50 }, (_, index) => ({
      description: `Thửa đất ${index}.`,
      value: '300000000',
    }));
    const pdf = await writeAnnex(
      annex({
        project: {
          name: 'Xưởng may',
          purpose,
          otherSources: [{ name: 'Vốn tự có', amount: '50000000' }],
          collateral,
        },
      }),
    );
    const text = said(pdf);
    for (const word of purpose.split(' ')) expect(text).toContain(word);
    for (const { description } of collateral) expect(text).toContain(description);
    expect(text).toContain('Vốn tự có, 50.000.000 đồng');
    expect(text).toContain(`Trang ${pagesOf(pdf)}/${pagesOf(pdf)}`);
    // No more lines than a page has room for: what stands below its edge nobody reads.
    const pages = textOfPdf(pdf).split(/Trang \d+\/\d+/);
    expect(Math.max(...pages.map((page) => page.split('\n').length))).toBeLessThan(55);
  });
});

describe('the schedule', () => {
  const dues = (count: number) =>
    Array.from({ length: count }, (_, index) => ({
      dueOn: `${2022 + Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, '0')}-28`,
      principal: 1_000_000n,
      interest: 5_000n + BigInt(index),
      balance: 1_000_000n * BigInt(count - index - 1),
    }));
  const schedule = (over: Partial<PrintedSchedule> = {}): PrintedSchedule => ({
    ...{ head, ratePpm: 79_200, isPlanned: false, changedOn: null, dues: dues(3) },
    tranches: [{ on: '2022-04-01', amount: 3_000_000n }],
    ...over,
  });

  test('has each instalment, what is left after it, and the sums', async () => {
    const text = said(await writeSchedule(schedule()));
    for (const words of [
      'Đã giải ngân ngày 01/04/2022: 3.000.000 đồng',
      'ngày 01 tháng 04 năm 2022',
      '1 28/01/2022 1.000.000 5.000 1.005.000 2.000.000',
      '3 28/03/2022 1.000.000 5.002 1.005.002 0',
      'Tổng cộng 3.000.000 15.003 3.015.003',
      'Lãi suất theo hợp đồng: 7,92%/năm',
    ])
      expect(text).toContain(words);
    expect(text).not.toContain('thay lịch trước');
  });

  test('says that it is planned, or by what it was changed', async () => {
    const planned = said(await writeSchedule(schedule({ isPlanned: true, changedOn: '2022-09-01' })));
    expect(planned).toContain('Dự kiến giải ngân ngày 01/04/2022');
    expect(planned).toContain('Lịch này thay lịch trước, theo quyết định có hiệu lực từ ngày 01/09/2022');
  });

  test('of many instalments has the head of its table and its number on each page, and no line is lost', async () => {
    const pdf = await writeSchedule(schedule({ dues: dues(240) }));
    const [text, pages] = [said(pdf), pagesOf(pdf)];
    expect(pages).toBeGreaterThan(5);
    for (let page = 1; page <= pages; page += 1) expect(text).toContain(`Trang ${page}/${pages}`);
    for (const [index, { interest }] of dues(240).entries())
      expect(text).toContain(
        `${index + 1} 28/${String((index % 12) + 1).padStart(2, '0')}/${2022 + Math.floor(index / 12)} 1.000.000 5.${String(interest - 5_000n).padStart(3, '0')}`,
      );
    expect(text.match(/Ngày đến hạn/g)!.length).toBeGreaterThanOrEqual(pages - 1);
  });

  test('of the same loan is the same file', async () => {
    expect(await writeSchedule(schedule())).toEqual(await writeSchedule(schedule()));
  });
});

describe('the notice', () => {
  const next = { dueOn: '2022-06-30', principal: 2_000_000n, interest: 300_000n };
  const notice = (over: Partial<Notice> = {}): Notice => ({
    ...{ head, on: '2022-06-01', open: [], overdueInterest: 0n, daysPastDue: 0, next, credit: 0n },
    ...over,
  });

  test('says what falls due next, by when and where it is paid', async () => {
    const text = said(await writeNotice(notice()));
    for (const words of [
      'GIẤY BÁO NỢ ĐẾN HẠN',
      'Kính gửi: Nguyễn Thị Hoa',
      'ngày 30/06/2022, số tiền 2.300.000 đồng (gốc 2.000.000 đồng, lãi 300.000 đồng)',
      'Bằng chữ: Hai triệu ba trăm nghìn đồng.',
      'Hạn nộp: ngày 30/06/2022.',
      'Nơi nộp: Ngân hàng Chính sách xã hội, điểm giao dịch tại Phường Vũ Ninh',
    ])
      expect(text).toContain(words);
  });

  test('of what is past due names each due day, the interest of paying late, and what it comes to', async () => {
    const open = [
      { dueOn: '2022-04-30', principal: 1_000_000n, interest: 40_000n },
      { dueOn: '2022-05-31', principal: 1_000_000n, interest: 30_000n },
    ];
    const text = said(
      await writeNotice(notice({ open, overdueInterest: 2_500n, daysPastDue: 32, credit: 7n })),
    );
    for (const words of [
      'GIẤY BÁO NỢ QUÁ HẠN',
      'đã quá hạn 32 ngày',
      '30/04/2022 1.000.000 40.000 1.040.000',
      'Lãi nợ quá hạn 0 2.500 2.500',
      'Tổng cộng 2.000.000 72.500 2.072.500',
      'Bằng chữ: Hai triệu không trăm bảy mươi hai nghìn năm trăm đồng.',
      'ngay khi nhận được giấy báo này',
      'Kỳ trả nợ tiếp theo: ngày 30/06/2022',
      'Số tiền nộp thừa đang giữ: 7 đồng',
    ])
      expect(text).toContain(words);
  });

  test('of what falls due on that very day is not of a debt past due', async () => {
    const open = [{ dueOn: '2022-06-01', principal: 1_000_000n, interest: 0n }];
    const text = said(await writeNotice(notice({ open })));
    expect(text).toContain('GIẤY BÁO NỢ ĐẾN HẠN');
    expect(text).toContain('Hạn nộp: ngày 01/06/2022.');
  });
});
