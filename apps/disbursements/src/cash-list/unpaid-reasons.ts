import { stripDiacritics } from '@ansinh/identity';
import type { Text } from '@ansinh/language';

interface UnpaidReason {
  name: Text;
  /** The next month pays it again without anybody asking: nothing has changed for the person. */
  isCarriedOver: boolean;
}

/** Why somebody on a cash list did not have the money. The codes stand where banks give reasons for a return. */
export const unpaidReasons = {
  ABSENT: { name: { vi: 'Không đến nhận', en: 'Did not come' }, isCarriedOver: true },
  DECEASED: { name: { vi: 'Đã chết', en: 'Deceased' }, isCarriedOver: false },
  MOVED: { name: { vi: 'Đã chuyển đi', en: 'Moved away' }, isCarriedOver: false },
  DECLINED: { name: { vi: 'Từ chối nhận', en: 'Declined' }, isCarriedOver: false },
  WRONG_DETAILS: { name: { vi: 'Sai thông tin', en: 'Wrong details' }, isCarriedOver: false },
  OTHER: { name: { vi: 'Lý do khác', en: 'Other' }, isCarriedOver: false },
} as const satisfies Record<string, UnpaidReason>;

export type UnpaidReasonCode = keyof typeof unpaidReasons;

const keyOf = (text: string) =>
  stripDiacritics(text)
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '');

const codes = new Map<string, UnpaidReasonCode>();
for (const code of Object.keys(unpaidReasons) as UnpaidReasonCode[]) {
  const { vi, en } = unpaidReasons[code].name;
  for (const text of [code, vi, en]) codes.set(keyOf(text), code);
}

/** The reason that a clerk wrote, as code or in words, marks or not; null for one that is not on the list. */
export function readUnpaidReason(text: string): UnpaidReasonCode | null {
  return codes.get(keyOf(text)) ?? null;
}

export function isCarriedOver(reason: string | null): boolean {
  return (
    reason !== null && reason in unpaidReasons && unpaidReasons[reason as UnpaidReasonCode].isCarriedOver
  );
}
