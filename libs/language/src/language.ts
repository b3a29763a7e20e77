/** The languages of the product. Whoever asks for none gets Vietnamese. */
export type Language = 'vi' | 'en';

/** A sentence in both. */
export type Text = Record<Language, string>;

/** The first of the two that an Accept-Language header names; Vietnamese where it names neither. */
export function languageOf(acceptLanguage: string | undefined): Language {
  const match = /(?:^|[,\s])(vi|en)\b/i.exec(acceptLanguage ?? '');
  return match?.[1]?.toLowerCase() === 'en' ? 'en' : 'vi';
}
