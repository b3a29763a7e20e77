import type { Language } from '@ansinh/client';

/** The texts of one group in both languages: a text missing in one of them, or of another shape, does not compile. */
export function catalogue<T>(texts: { en: T; vi: NoInfer<T> }): Record<Language, T> {
  return texts;
}
