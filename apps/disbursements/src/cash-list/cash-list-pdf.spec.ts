import { expect, test } from '@jest/globals';
import { textOfPdf } from '@ansinh/testing';
import { writeCashListPdf } from './cash-list-pdf.js';
import type { CashLine, CashList } from './cash-list-file.js';

const letters = 'ĂÂĐÊÔƠƯăâđêôơư ằắẳẵặ ầấẩẫậ ềếểễệ ồốổỗộ ờớởỡợ ừứửữự ỳýỷỹỵ ìíỉĩị ÀẢÃÁẠ ÈẺẼÉẸ ÒỎÕÓỌ ÙỦŨÚỤ';

const line = (ordinal: number, over: Partial<CashLine> = {}): CashLine => ({
  ordinal,
  endToEndId: `LO-00000042-${String(ordinal).padStart(7, '0')}`,
  payeeName: 'Nguyễn Thị Hường',
  payeeId: '••••••••1234',
  amount: 360_000n,
  remittance: 'Trợ cấp',
  ...over,
});

function listOf(lines: CashLine[]): CashList {
  return {
    head: {
      code: 'LO-00000042-C00001',
      payer: 'Sở Lao động - Thương binh và Xã hội',
      fund: 'NS-2022',
      programme: 'BTXH',
      purpose: 'Trợ cấp hằng tháng',
      period: '2022-03',
      placeCode: '09163',
      issuedOn: '2022-02-25',
      resultsDueOn: '2022-03-21',
    },
    place: { name: 'Phường Vũ Ninh', above: 'Thành phố Bắc Ninh' },
    lines,
    total: lines.reduce((sum, { amount }) => sum + amount, 0n),
  };
}

const pagesIn = (pdf: Uint8Array) => Number(/\/Count (\d+)/.exec(Buffer.from(pdf).toString('latin1'))![1]);

test('every page says of how many it is one, wherever the list ends on it', async () => {
  for (let people = 1; people <= 60; people += 1) {
    const pdf = await writeCashListPdf(listOf(Array.from({ length: people }, (_, index) => line(index + 1))));
    const pages = pagesIn(pdf);
    expect({ people, says: textOfPdf(pdf).includes(`Trang ${pages}/${pages}`) }).toEqual({
      people,
      says: true,
    });
  }
});

test('holds the name of each person in its own letters, and the total in figures and words', async () => {
  const pdf = await writeCashListPdf(
    listOf([
      line(1),
      line(2, { payeeName: 'Đặng Thuỳ Trâm', amount: 1_005_000n }),
      line(3, { payeeName: letters }),
    ]),
  );
  const text = textOfPdf(pdf);
  for (const said of [
    'CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM',
    'Phường Vũ Ninh, Thành phố Bắc Ninh - Kỳ chi trả 03/2022',
    'Hạn gửi lại kết quả: 21/03/2022',
    'Đặng Thuỳ Trâm',
    '••••••••1234',
    '1.005.000',
    'Tổng cộng: 3 người',
    '1.725.000',
    'Bằng chữ: Một triệu bảy trăm hai mươi lăm nghìn đồng.',
  ])
    expect(text).toContain(said);
  for (const letter of new Set(letters)) expect(text).toContain(letter);
});

test('a name as long as a list may have one is written small, and whole', async () => {
  const payeeName = 'Nguyễn Phúc Hoàng Thiên Ân Bảo Châu '.repeat(4).slice(0, 140).trim();
  const text = textOfPdf(await writeCashListPdf(listOf([line(1, { payeeName })])));
  for (const word of new Set(payeeName.split(' '))) expect(text).toContain(word);
});
