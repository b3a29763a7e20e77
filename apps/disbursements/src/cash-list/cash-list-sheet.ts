import { buffer } from 'node:stream/consumers';
import { PassThrough } from 'node:stream';
import type { Language, Text } from '@ansinh/language';
import { formatVnd, vndInWords } from '@ansinh/money';
import { receiptTitles, writeTable } from '@ansinh/payment-list';
import type { CashList } from './cash-list-file.js';

const columns: { title: Text; width: number }[] = [
  { title: { vi: 'STT', en: 'No.' }, width: 6 },
  { title: receiptTitles.payment, width: 22 },
  { title: { vi: 'Họ và tên', en: 'Full name' }, width: 28 },
  { title: { vi: 'Số định danh', en: 'Citizen number' }, width: 16 },
  { title: { vi: 'Địa chỉ', en: 'Address' }, width: 24 },
  { title: { vi: 'Nội dung', en: 'Remittance' }, width: 24 },
  { title: receiptTitles.amount, width: 14 },
  { title: { vi: 'Ký nhận', en: 'Signature' }, width: 20 },
  { title: receiptTitles.result, width: 14 },
  { title: receiptTitles.paidOn, width: 14 },
  { title: receiptTitles.reason, width: 30 },
];

/**
 * The list as a workbook that comes back with its last three columns filled in. The rows of the total name no payment, so
 * they are passed over then.
 */
export async function writeCashListSheet(
  { head, place, lines, total }: CashList,
  language: Language,
): Promise<Uint8Array> {
  const address = place.above === null ? place.name : `${place.name}, ${place.above}`;
  function* rows(): Generator<string[]> {
    for (const { ordinal, endToEndId, payeeName, payeeId, amount, remittance } of lines)
      yield [String(ordinal), endToEndId, payeeName, payeeId, address, remittance, amount.toString()];
    const people = lines.length;
    const sum = { vi: `Tổng cộng: ${people} người`, en: `Total: ${people} people` }[language];
    yield ['', '', sum, '', '', '', formatVnd(total, language)];
    yield ['', '', `Bằng chữ: ${vndInWords(total)}`];
  }
  const output = new PassThrough();
  const [workbook] = await Promise.all([
    buffer(output),
    writeTable(asAsync(rows()), output, {
      format: 'xlsx',
      sheetName: head.code,
      columns: columns.map(({ title, width }) => ({ title: title[language], width })),
    }),
  ]);
  return workbook;
}

async function* asAsync<T>(rows: Iterable<T>): AsyncGenerator<T> {
  yield* rows;
}
