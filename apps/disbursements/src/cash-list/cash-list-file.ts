import { maskCitizenNumber } from '@ansinh/identity';
import type { Language } from '@ansinh/language';
import { findPlace } from '@ansinh/places';
import type { Sealer } from '@ansinh/sealing';
import { endToEndId } from '../batch/batch-code.js';
import { lineReader, type SealedBlock } from '../list-import/sealed-lines.js';
import { writeCashListPdf } from './cash-list-pdf.js';
import { writeCashListSheet } from './cash-list-sheet.js';

export const cashListFormats = ['xlsx', 'pdf'] as const;
export type CashListFormat = (typeof cashListFormats)[number];

/** What stands on a list besides its people. */
export interface CashListHead {
  /** `LO-00000042-C00001`: names the list on paper and in the database. */
  code: string;
  /** Who pays: the holder of the fund's account. */
  payer: string;
  fund: string;
  programme: string;
  purpose: string;
  period: string;
  placeCode: string;
  /** The day in Viet Nam on which it was issued. */
  issuedOn: string;
  /** When the results are due; null where no law says so. */
  resultsDueOn: string | null;
}

/** What a list is made of, in a form that can be handed to another thread. */
export interface CashListParts {
  head: CashListHead;
  batchNumber: string;
  format: CashListFormat;
  /** Of the workbook; the paper is Vietnamese, as the law is. */
  language: Language;
  isMasked: boolean;
  /** Row, amount, signed hash of the citizen number, name and remittance, if any: between U+001F; payments between U+001E. */
  payments: string;
  blocks: SealedBlock[];
}

export interface CashLine {
  /** Its number on the list, from 1: what stands on the paper. */
  ordinal: number;
  endToEndId: string;
  payeeName: string;
  /** Masked unless whole numbers were asked for. */
  payeeId: string;
  amount: bigint;
  remittance: string;
}

/** A list as it is written, whatever the format. */
export interface CashList {
  head: CashListHead;
  place: { name: string; above: string | null };
  lines: CashLine[];
  total: bigint;
}

/** @throws Error when a line has no citizen number or not the one that was signed */
export async function writeCashList(parts: CashListParts, sealer: Sealer): Promise<Uint8Array> {
  const lines = linesOf(parts, sealer);
  const total = lines.reduce((sum, { amount }) => sum + amount, 0n);
  const list = { head: parts.head, place: placeOf(parts.head), lines, total };
  return parts.format === 'pdf' ? writeCashListPdf(list) : writeCashListSheet(list, parts.language);
}

function linesOf(parts: CashListParts, sealer: Sealer): CashLine[] {
  const { batchNumber, isMasked } = parts;
  const lineOf = lineReader(sealer, batchNumber, parts.blocks);
  return parts.payments.split('\u001e').map((text, index) => {
    const [rowNo, amount, payeeKey, payeeName, remittance = ''] = text.split('\u001f');
    const row = Number(rowNo);
    const payeeId = lineOf(row)?.payeeId;
    if (!payeeId) throw new Error(`row ${row} of batch ${batchNumber} has no citizen number`);
    // Checkers signed the keyed hash. An older block of this place opens as well: its people must not be paid.
    if (sealer.lookupKey('payee', payeeId) !== payeeKey)
      throw new Error(`row ${row} of batch ${batchNumber} has not the citizen number that was signed`);
    return {
      ordinal: index + 1,
      endToEndId: endToEndId(batchNumber, row),
      payeeName: payeeName!,
      payeeId: isMasked ? maskCitizenNumber(payeeId) : payeeId,
      amount: BigInt(amount!),
      remittance,
    };
  });
}

/** What the place was called on the day of the list: a code may be another place's later, the paper stays as it was. */
export function placeOf({
  placeCode,
  issuedOn,
}: Pick<CashListHead, 'placeCode' | 'issuedOn'>): CashList['place'] {
  const place = findPlace(placeCode, issuedOn) ?? findPlace(placeCode);
  const above = place?.parentCode
    ? findPlace(place.parentCode, place.validUntil ? place.validFrom : issuedOn)
    : null;
  return { name: place?.name ?? placeCode, above: above?.name ?? null };
}
