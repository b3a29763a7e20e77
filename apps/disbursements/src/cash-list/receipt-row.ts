import { stripDiacritics } from '@ansinh/identity';
import { parseVnd } from '@ansinh/money';
import { type RawRow, receiptNames, type ReceiptColumn } from '@ansinh/payment-list';
import { readEndToEndId } from '../batch/batch-code.js';
import type { RowErrors } from '../row-errors.js';
import { isDay } from '../schedule/cycle.js';
import { readUnpaidReason, unpaidReasons } from './unpaid-reasons.js';

/** What a row says of one line of the batch. */
export interface Receipt {
  row: number;
  line: number;
  result: 'paid' | 'unpaid';
  /** Of what was paid. */
  paidOn: string | null;
  /** Of what was not. */
  reason: string | null;
  /** As far as the row repeats it. */
  amount: bigint | null;
}

const results: Record<string, Receipt['result']> = {
  ...{ paid: 'paid', danhan: 'paid', dachi: 'paid', dachitra: 'paid', roi: 'paid' },
  ...{ unpaid: 'unpaid', chuanhan: 'unpaid', chuachi: 'unpaid', chuachitra: 'unpaid', khongnhan: 'unpaid' },
};

/**
 * Reads a row. Without a result it says nothing yet: null, as for one that is wrong, which goes to `errors`.
 */
export function readReceipt(raw: RawRow, batchNumber: string, errors: RowErrors): Receipt | null {
  const { line, problem } = raw;
  const refuse = (column: ReceiptColumn | '', code: string, vi: string, en: string) => {
    errors.add(line, column, code, { vi, en });
    return null;
  };
  if (problem) {
    const column = problem.columnIndex === undefined ? '' : receiptNames[problem.columnIndex]!;
    return refuse(column, problem.reason, 'Dòng không đọc được.', 'The row cannot be read.');
  }
  const [payment, word, paidOn, reason, amount] = raw.cells.map((cell) => cell.trim()) as Cells;
  if (word === '') {
    if (paidOn === '' && reason === '') return null;
    return refuse('result', 'missing', 'Thiếu kết quả.', 'The result is missing.');
  }
  const result =
    results[
      stripDiacritics(word)
        .toLowerCase()
        .replace(/[^a-z]/g, '')
    ];
  if (!result)
    return refuse('result', 'unknown', '«Đã nhận» hoặc «Chưa nhận».', 'It must be "paid" or "unpaid".');
  const row = rowOf(payment, batchNumber);
  if (row === null)
    return refuse(
      'payment',
      'unknown',
      'Không phải mã khoản chi của lô này.',
      'Not a payment of this batch.',
    );
  const told = result === 'paid' ? readPaid(paidOn, reason) : readUnpaid(paidOn, reason);
  if ('column' in told) return refuse(told.column, told.code, told.vi, told.en);
  const repeated = readAmount(amount);
  if (repeated === undefined)
    return refuse('amount', 'unreadable', 'Số tiền không đọc được.', 'The amount cannot be read.');
  return { row, line, result, ...told, amount: repeated };
}

type Cells = [payment: string, word: string, paidOn: string, reason: string, amount: string];

interface Refusal {
  column: ReceiptColumn;
  code: string;
  vi: string;
  en: string;
}

type Told = Pick<Receipt, 'paidOn' | 'reason'> | Refusal;

function readPaid(paidOn: string, reason: string): Told {
  if (reason !== '') {
    const [vi, en] = [
      'Đã nhận thì không có lý do chưa nhận.',
      'What was paid has no reason for not being paid.',
    ];
    return { column: 'reason', code: 'contradiction', vi, en };
  }
  const day = readDay(paidOn);
  const [vi, en] = ['Ngày nhận phải là ngày, ví dụ 05/03/2022.', 'It must be a day, e.g. 05/03/2022.'];
  return day === null ? { column: 'paidOn', code: 'day', vi, en } : { paidOn: day, reason: null };
}

function readUnpaid(paidOn: string, reason: string): Told {
  if (paidOn !== '') {
    const [vi, en] = ['Chưa nhận thì không có ngày nhận.', 'What was not paid has no day of payment.'];
    return { column: 'paidOn', code: 'contradiction', vi, en };
  }
  const code = readUnpaidReason(reason);
  if (code !== null) return { paidOn: null, reason: code };
  const names = Object.values(unpaidReasons).map(({ name }) => name);
  return {
    ...{ column: 'reason', code: 'unknown' },
    vi: `Một trong: ${names.map((name) => name.vi).join('; ')}.`,
    en: `One of: ${names.map((name) => name.en).join('; ')}.`,
  };
}

/** As people write it (5/3/2022), or as Excel and programs do (2022-03-05). */
function readDay(text: string): string | null {
  const [, date, month, year] = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/.exec(text) ?? [];
  const day = year ? `${year}-${month!.padStart(2, '0')}-${date!.padStart(2, '0')}` : text;
  return /^\d{4}-\d{2}-\d{2}$/.test(day) && isDay(day) ? day : null;
}

/** Null where the row does not repeat it, undefined where it cannot be read. */
function readAmount(text: string): bigint | null | undefined {
  return text === '' ? null : (parseVnd(text.replace(/[\s.,]/g, '')) ?? undefined);
}

function rowOf(cell: string, batchNumber: string): number | null {
  const id = readEndToEndId(cell);
  if (id) return id.batchNumber === batchNumber ? id.row : null;
  return /^[1-9]\d{0,8}$/.test(cell) ? Number(cell) : null;
}
