import type { Language } from '@ansinh/client';

const locales: Record<Language, string> = { vi: 'vi-VN', en: 'en-GB' };

const formats: Record<Language, Intl.NumberFormat> = {
  vi: new Intl.NumberFormat(locales.vi),
  en: new Intl.NumberFormat(locales.en),
};

/** A count for a reader: 604.000 in Vietnamese, 604,000 in English. */
export function formatCount(count: number | bigint, language: Language): string {
  return formats[language].format(count);
}

/** An amount as the service writes it (a string of đồng) for a reader: 1.500.000 đ. */
export function formatAmount(amount: string | null | undefined, language: Language): string {
  return amount === null || amount === undefined ? '' : `${formatCount(BigInt(amount), language)} đ`;
}

/** A share of one as a percentage: 95 %, 0.5 %. */
export function formatShare(share: number, language: Language): string {
  return share.toLocaleString(locales[language], { style: 'percent', maximumFractionDigits: 2 });
}

/** An instant of the service (ISO 8601) in the time of Vietnam, where every office is. */
export function formatInstant(instant: string, language: Language): string {
  return new Date(instant).toLocaleString(locales[language], { timeZone: 'Asia/Ho_Chi_Minh' });
}

export function formatMegabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
