import { describe, expect, test } from '@jest/globals';
import { textOfPdf } from '@ansinh/testing';
import { type ControlSlip, type SlipStay, writeControlSlip } from './dossier-control-slip-pdf.js';
import { type DossierForm, writeDossierForm } from './dossier-form-pdf.js';
import { type RegisterLine, writeRegister } from './dossier-register-pdf.js';

const form = (over: Partial<DossierForm> = {}): DossierForm => ({
  kind: 'receipt',
  office: 'Phường Vũ Ninh',
  code: 'H05.09.169-261125-0001',
  procedure: 'Hỗ trợ chi phí mai táng',
  applicant: 'Nguyễn Thị Hiền',
  phone: null,
  address: 'Phường Vũ Ninh',
  papers: ['Tờ khai theo mẫu 04', 'Bản sao giấy chứng tử'],
  reason: null,
  at: new Date('2026-11-25T17:30:00Z'),
  dueOn: '2026-12-03',
  promisedOn: null,
  officer: 'Lê Thị Nhận',
  secret: 'ABCD-1234-EF00',
  ...over,
});

const said = async (over: Partial<DossierForm>) => textOfPdf(await writeDossierForm(form(over)));

test('the receipt says what was handed in, when, and when the answer is due; by the clocks of Viet Nam', async () => {
  const text = await said({});
  for (const words of [
    'Mẫu số 01',
    'GIẤY TIẾP NHẬN HỒ SƠ',
    'PHƯỜNG VŨ NINH',
    'Số: H05.09.169-261125-0001',
    'ngày 26 tháng 11 năm 2026',
    'Tiếp nhận hồ sơ của: Nguyễn Thị Hiền',
    '1. Tờ khai theo mẫu 04;',
    '2. Bản sao giấy chứng tử;',
    'Thời gian nhận hồ sơ: 00 giờ 30 phút, ngày 26/11/2026',
    'Thời gian trả kết quả giải quyết hồ sơ: ngày 03/12/2026',
    'ABCD-1234-EF00',
    'NGƯỜI NỘP HỒ SƠ',
  ])
    expect(text).toContain(words);
});

test('the request says what is missing, and promises no day', async () => {
  const text = await said({ kind: 'supplementRequest', reason: 'Bản sao chưa được chứng thực' });
  for (const words of [
    'Mẫu số 02',
    'PHIẾU YÊU CẦU',
    '2. Bản sao giấy chứng tử;',
    'Lý do: Bản sao chưa được chứng thực',
  ])
    expect(text).toContain(words);
  expect(text).not.toContain('03/12/2026');
});

test('the refusal says why, and gives nothing to track by', async () => {
  const text = await said({ kind: 'refusal', reason: 'Hồ sơ thuộc thẩm quyền của nơi cư trú' });
  for (const words of ['Mẫu số 03', 'PHIẾU TỪ CHỐI', 'Hồ sơ thuộc thẩm quyền của nơi cư trú'])
    expect(text).toContain(words);
  expect(text).not.toContain('ABCD-1234-EF00');
});

test('the apology says which day was not kept, why, and which one is promised instead', async () => {
  const reason = 'Chờ kết quả xác minh';
  const text = await said({ kind: 'apology', reason, promisedOn: '2026-12-08' });
  for (const words of [
    'Mẫu số 04',
    'PHIẾU XIN LỖI VÀ HẸN LẠI',
    'Thời gian hẹn trả kết quả giải quyết hồ sơ: ngày 03/12/2026',
    reason,
    'Chúng tôi sẽ trả kết quả vào ngày 08/12/2026',
    'THỦ TRƯỞNG ĐƠN VỊ',
  ])
    expect(text).toContain(words);
  expect(text).not.toContain('ABCD-1234-EF00');
});

describe('the control slip', () => {
  const stay = (over: Partial<SlipStay> = {}): SlipStay => ({
    step: 'Xét duyệt',
    from: 'Lê Thị Nhận',
    to: 'Phòng LĐTBXH',
    cameAt: new Date('2026-11-25T17:30:00Z'),
    wentAt: new Date('2026-11-30T02:05:00Z'),
    dueOn: '2026-12-01',
    standing: 'early',
    note: '',
    ...over,
  });
  const slip = (over: Partial<ControlSlip> = {}): ControlSlip => ({
    office: 'Phường Vũ Ninh',
    code: 'H05.09.169-261125-0001',
    procedure: 'Hỗ trợ chi phí mai táng',
    applicant: 'Nguyễn Thị Hiền',
    papers: 2,
    receivedAt: new Date('2026-11-25T17:30:00Z'),
    dueOn: '2026-12-03',
    promisedOn: '2026-12-08',
    stays: [stay(), stay({ step: 'Quyết định', wentAt: null, standing: null })],
    ...over,
  });

  test('says who had it from when until when, and how that is against the day of the step', async () => {
    const text = textOfPdf(await writeControlSlip(slip())).replaceAll(/\s+/g, ' ');
    for (const words of [
      'Mẫu số 05',
      'PHIẾU KIỂM SOÁT QUÁ TRÌNH',
      'hẹn trả kết quả: ngày 03/12/2026; hẹn lại: ngày 08/12/2026',
      'Giao: Lê Thị Nhận - Nhận: Phòng LĐTBXH',
      'Nhận: 00 giờ 30 phút, ngày 26/11/2026',
      'Chuyển: 09 giờ 05 phút, ngày 30/11/2026',
      'Trước hạn',
      'Chưa chuyển tiếp',
    ])
      expect(text).toContain(words);
  });

  test('of many stays goes on on further pages, with the head of the table on each', async () => {
    const stays = Array.from({ length: 30 }, (_, index) => stay({ step: `Bước ${index + 1}.` }));
    const text = textOfPdf(await writeControlSlip(slip({ stays })));
    for (const { step } of stays) expect(text).toContain(step);
    expect(text.match(/Giao, nhận/g)).toHaveLength(4);
  });
});

describe('the register', () => {
  const line = (over: Partial<RegisterLine> = {}): RegisterLine => ({
    code: 'H05.09.169-261125-0001',
    procedure: 'Hỗ trợ chi phí mai táng',
    papers: 2,
    applicant: 'Nguyễn Thị Hiền',
    place: 'Phường Vũ Ninh',
    phone: '0912000000',
    holder: 'Phường Vũ Ninh',
    presentedAt: new Date('2026-11-25T17:30:00Z'),
    dueOn: '2026-12-03',
    promisedOn: '2026-12-08',
    returnedAt: new Date('2026-12-07T03:00:00Z'),
    ...over,
  });
  const register = { office: 'Phường Vũ Ninh', from: '2026-11-01', until: '2026-11-30' };

  test('has a line for each dossier: what, whose, when it came, when it was due and when it was fetched', async () => {
    const lines = [line(), line({ applicant: 'Trần Văn Đức', returnedAt: null, phone: null })];
    const text = textOfPdf(await writeRegister({ ...register, lines })).replaceAll(/\s+/g, ' ');
    for (const words of [
      'Mẫu số 06',
      'SỔ THEO DÕI HỒ SƠ',
      'Từ ngày 01/11/2026 đến ngày 30/11/2026',
      'Nguyễn Thị Hiền',
      'Phường Vũ Ninh, 0912000000',
      '03/12/2026, hẹn lại 08/12/2026',
      '07/12/2026',
      'Trần Văn Đức',
    ])
      expect(text).toContain(words);
  });

  test('of many lines goes on on further pages, and of none is empty', async () => {
    const lines = Array.from({ length: 40 }, (_, index) => line({ applicant: `Người số ${index + 1}.` }));
    const text = textOfPdf(await writeRegister({ ...register, lines }));
    for (const { applicant } of lines) expect(text).toContain(applicant);
    expect(textOfPdf(await writeRegister({ ...register, lines: [] }))).toContain('0 hồ sơ');
  });
});

test('a long list goes on on further pages, whole, and no word of a long reason is lost', async () => {
  const papers = Array.from({ length: 60 }, (_, index) => `Giấy tờ thứ ${index + 1}`);
  const bytes = await writeDossierForm(form({ papers }));
  expect(Buffer.from(bytes).toString('latin1')).toContain('/Count 3');
  const text = textOfPdf(bytes);
  for (const paper of papers) expect(text).toContain(`${paper};`);
  const reason = Array.from({ length: 200 }, (_, index) => `chữ${index}`).join(' ');
  const words = (await said({ kind: 'refusal', reason })).split(/\s+/);
  for (const word of reason.split(' ')) expect(words).toContain(word);
});
