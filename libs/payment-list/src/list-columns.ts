import { maskNumbersIn, normaliseName, stripDiacritics } from '@ansinh/identity';
import type { Text } from '@ansinh/language';
import { ListError } from './list-error.js';

/** The columns of a payment list, in the order of the cells of a `RawRow`. */
export const listColumns = [
  'payeeId',
  'payeeName',
  'bankBin',
  'account',
  'amount',
  'programmeCode',
  'policyCode',
  'period',
  'placeCode',
  'ordinal',
  'remittance',
] as const;

export type ListColumn = (typeof listColumns)[number];

/** Columns that a list may leave out, and cells that may be empty. */
export const optionalColumns: ReadonlySet<ListColumn> = new Set(['ordinal', 'remittance']);

/** What a column is called in sentences and in the header of the lists that we write. */
export const columnTitles: Record<ListColumn, Text> = {
  payeeId: { vi: 'Số định danh', en: 'Citizen number' },
  payeeName: { vi: 'Họ và tên', en: 'Full name' },
  bankBin: { vi: 'Mã ngân hàng', en: 'Bank code' },
  account: { vi: 'Số tài khoản', en: 'Account number' },
  amount: { vi: 'Số tiền', en: 'Amount' },
  programmeCode: { vi: 'Mã chương trình', en: 'Programme code' },
  policyCode: { vi: 'Mã chính sách', en: 'Policy code' },
  period: { vi: 'Kỳ', en: 'Period' },
  placeCode: { vi: 'Mã địa bàn', en: 'Place code' },
  ordinal: { vi: 'Lần', en: 'Ordinal' },
  remittance: { vi: 'Nội dung', en: 'Remittance' },
};

/**
 * Other headers that offices write. Left out on purpose: STT and Số thứ tự (number of the row, not of the payment),
 * Ngân hàng (the name of a bank, not its code), Chủ tài khoản (may differ from the payee), Ghi chú.
 */
const aliases: Record<ListColumn, string[]> = {
  payeeId: [
    ...['payee number', 'citizen id', 'national id', 'id number', 'personal identification number'],
    ...[
      'số định danh cá nhân',
      'mã định danh',
      'mã định danh cá nhân',
      'số ĐDCN',
      'ĐDCN',
      'CCCD',
      'số CCCD',
      'mã CCCD',
    ],
    ...['căn cước', 'số căn cước', 'căn cước công dân', 'số căn cước công dân', 'số thẻ căn cước', 'số CC'],
    ...['CCCD/CMND', 'CMND/CCCD', 'số CCCD/CMND', 'số CMND/CCCD', 'số CCCD/ĐDCN', 'số CCCD/định danh'],
  ],
  payeeName: [
    ...['name', 'beneficiary', 'beneficiary name', 'payee', 'họ tên', 'tên', 'tên người nhận', 'người nhận'],
    ...[
      'họ và tên người nhận',
      'họ tên người nhận',
      'người hưởng',
      'tên người hưởng',
      'họ và tên người hưởng',
    ],
    ...['người thụ hưởng', 'tên người thụ hưởng', 'họ và tên người thụ hưởng', 'họ và tên người lao động'],
  ],
  bankBin: ['bin', 'bank id', 'mã NH', 'mã BIN', 'BIN ngân hàng', 'mã BIN ngân hàng', 'mã ngân hàng nhận'],
  account: [
    ...[
      'bank account',
      'bank account number',
      'account no',
      'tài khoản',
      'số TK',
      'STK',
      'tài khoản ngân hàng',
    ],
    ...['số tài khoản ngân hàng', 'số tài khoản nhận', 'tài khoản nhận'],
  ],
  amount: [
    ...[
      'amount vnd',
      'số tiền đồng',
      'số tiền vnd',
      'số tiền vnđ',
      'số tiền đ',
      'số tiền chi trả',
      'số tiền hỗ trợ',
    ],
    ...['số tiền hưởng', 'số tiền được hưởng', 'số tiền nhận', 'thành tiền'],
  ],
  programmeCode: ['programme', 'program', 'program code', 'chương trình', 'mã CT'],
  policyCode: ['policy', 'chính sách', 'mã CS'],
  period: ['payment period', 'month', 'kỳ chi trả', 'kỳ chi', 'kỳ trả', 'kỳ hưởng', 'kỳ thanh toán', 'tháng'],
  placeCode: [
    ...[
      'place',
      'commune code',
      'mã xã',
      'mã phường',
      'mã xã/phường',
      'mã phường/xã',
      'mã xã/phường/thị trấn',
    ],
    ...['mã đơn vị hành chính', 'mã ĐVHC'],
  ],
  ordinal: ['sequence', 'lần chi', 'lần chi trả', 'lần hưởng', 'lần thứ', 'thứ tự'],
  remittance: [
    ...['remittance information', 'description', 'payment description', 'diễn giải', 'nội dung chi'],
    ...['nội dung chi trả', 'nội dung chuyển khoản', 'nội dung chuyển tiền', 'nội dung thanh toán'],
  ],
};

const HEADER_SHOWN_MAX = 100;

/** What the header of a file may name: columns by number, and which of them may be missing. */
export interface ColumnSet {
  readonly names: readonly string[];
  readonly optional: ReadonlySet<string>;
  /** The index in `names` that a header names in either language, or -1. Case, marks and spaces do not matter. */
  indexOf(header: string): number;
}

/** @param headers of each column, besides its name */
export function columnSet<Name extends string>(
  names: readonly Name[],
  optional: ReadonlySet<Name>,
  headers: Record<Name, readonly string[]>,
): ColumnSet {
  const indexByKey = new Map(
    names.flatMap((name, index) => [name, ...headers[name]].map((text) => [headerKey(text), index] as const)),
  );
  return { names, optional, indexOf: (header) => indexByKey.get(headerKey(header)) ?? -1 };
}

const headers = Object.fromEntries(
  listColumns.map((column) => [
    column,
    [columnTitles[column].vi, columnTitles[column].en, ...aliases[column]],
  ]),
) as Record<ListColumn, string[]>;

/** The columns of a payment list. */
export const paymentColumns = columnSet(listColumns, optionalColumns, headers);

/** The columns of a list that is paid in cash: the same, but nobody needs an account. */
export const cashColumns = columnSet(
  listColumns,
  new Set<ListColumn>([...optionalColumns, 'bankBin', 'account']),
  headers,
);

export interface HeaderMatch {
  /** For each column of the set, which cell of a row holds it; -1 when the list has no such column. */
  positions: number[];
  /** Headers that name no column, in their order. What stands under them is not imported. */
  ignored: string[];
}

/**
 * Finds the columns in the header of a list.
 * Throws ListError DUPLICATE_COLUMN or MISSING_COLUMN: then it cannot be known which cell is the money.
 */
export function matchHeader(headers: readonly string[], columns: ColumnSet = paymentColumns): HeaderMatch {
  const { names, optional } = columns;
  const positions = Array<number>(names.length).fill(-1);
  const ignored: string[] = [];
  headers.forEach((header, cell) => {
    const index = columns.indexOf(header);
    if (index === -1) {
      const text = shownHeader(header);
      if (text !== '') ignored.push(text);
    } else if (positions[index] === -1) {
      positions[index] = cell;
    } else {
      const given = [headers[positions[index]!]!, header].map(shownHeader).join(', ');
      throw new ListError('DUPLICATE_COLUMN', { column: names[index]!, given });
    }
  });
  const missing = names.filter((name, index) => positions[index] === -1 && !optional.has(name));
  if (missing.length > 0) throw new ListError('MISSING_COLUMN', { columns: missing });
  return { positions, ignored };
}

/**
 * A header as it may be shown and stored: without control characters, not longer than a header is, and without the number
 * of a person that stands there where the header row is missing or shifted.
 */
export function shownHeader(header: string): string {
  const text = normaliseName(header).replace(/[\p{Cc}\p{Cs}]/gu, '\ufffd');
  return maskNumbersIn(text).slice(0, HEADER_SHOWN_MAX);
}

/** Letters and digits of any script stay: `非amount` is not the amount. Marks, spaces and invisible signs do not matter. */
function headerKey(header: string): string {
  return stripDiacritics(normaliseName(header))
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}
