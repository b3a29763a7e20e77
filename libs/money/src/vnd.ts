import type { Language } from '@ansinh/language';

const POSITIVE_DONG = /^[1-9][0-9]{0,14}$/;

/**
 * Reads an amount of đồng above zero, as a bank file or a payment list writes it: ASCII digits only, at most 15.
 * Signs, decimals, separators, exponents, spaces, full-width digits and leading zeros are not read but refused:
 * an amount of money is never guessed. Returns null when refused, because lists ask this once a row.
 */
export function parseVnd(text: string): bigint | null {
  return POSITIVE_DONG.test(text) ? BigInt(text) : null;
}

const numberFormats: Record<Language, Intl.NumberFormat> = {
  vi: new Intl.NumberFormat('vi-VN'),
  en: new Intl.NumberFormat('en-GB'),
};

/** An amount of đồng for a reader: `1.500.000 đồng` in Vietnamese, `1,500,000 VND` in English. */
export function formatVnd(amount: bigint, language: Language): string {
  const digits = numberFormats[language].format(amount);
  return language === 'vi' ? `${digits} đồng` : `${digits} VND`;
}
