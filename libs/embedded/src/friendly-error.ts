/** One sentence for people, in both languages of the project. */
export interface Bilingual {
  vi: string;
  en: string;
}

/**
 * The language of whoever sits at this terminal, by the POSIX order of locale variables.
 * Anything that is not Vietnamese gets English.
 */
function terminalLanguage(environment: NodeJS.ProcessEnv = process.env): 'vi' | 'en' {
  const locale = environment['LC_ALL'] || environment['LC_MESSAGES'] || environment['LANG'] || '';
  return locale.toLowerCase().startsWith('vi') ? 'vi' : 'en';
}

/** Picks the sentence in the terminal's language. */
export function say(text: Bilingual): string {
  return text[terminalLanguage()];
}

/** A refusal that its reader can act on. It is printed as its message alone, never with a stack trace. */
export class FriendlyError extends Error {
  readonly text: Bilingual;

  constructor(text: Bilingual, options?: ErrorOptions) {
    super(say(text), options);
    this.name = 'FriendlyError';
    this.text = text;
  }
}

/** A FriendlyError as its message, anything else with its stack: that one is a fault of ours. */
export function describeError(error: unknown): string {
  if (error instanceof FriendlyError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
