import { expect, test } from '@jest/globals';
import { textOfPdf } from '@ansinh/testing';
import { type DossierForm, writeDossierForm } from './dossier-form-pdf.js';

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
