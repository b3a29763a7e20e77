import bankList from './data/banks.json' with { type: 'json' };

export interface Bank {
  /** Six digits by which the bank is addressed in a transfer (NAPAS). */
  bin: string;
  name: string;
  isTransferEnabled: boolean;
}

/** The Policy Bank has a number in the list, but the list itself notes that it takes no transfers by it. */
const WITHOUT_TRANSFERS = new Set(['999888']);
const ACCOUNT = /^[0-9A-Za-z]{6,19}$/;

const banks = new Map<string, Bank>(
  bankList.banks.map(({ bin, name }) => [bin, { bin, name, isTransferEnabled: !WITHOUT_TRANSFERS.has(bin) }]),
);

/** Every bank that is known, in the order of the list. The list is `secondary`: an official confirms it. */
export function listBanks(): Bank[] {
  return [...banks.values()];
}

export function findBank(bin: string): Bank | undefined {
  return banks.get(bin);
}

/** Whether a transfer can be addressed to this bank: it is in the list and takes transfers. */
export function isTransferEnabled(bin: string): boolean {
  return banks.get(bin)?.isTransferEnabled ?? false;
}

/**
 * An account number in the form in which it is stored and sent: 6 to 19 ASCII letters and digits, in upper case. Viet Nam
 * has no IBAN and no national format, so nothing more can be known without asking the bank. Null when refused.
 */
export function normaliseAccount(text: string): string | null {
  return ACCOUNT.test(text) ? text.toUpperCase() : null;
}
