const VISIBLE_CHARACTERS = 4;
const BULLET = '•';

/** A citizen number as people without the permission see it: `••••••••1234`, the last four characters only. */
export function maskCitizenNumber(text: string): string {
  return maskAllButLast(text);
}

/** A bank account as people without the permission see it: the last four characters only. */
export function maskAccount(text: string): string {
  return maskAllButLast(text);
}

/** A text in which a number of a person or an account may stand where it does not belong: nine digits or more are masked. */
export function maskNumbersIn(text: string): string {
  return text.replace(/[0-9]{9,}/g, maskAccount);
}

/**
 * Half of a short text stays hidden: a wrong cell of four characters must not be shown whole. By characters, not by halves
 * of them, which PostgreSQL does not take.
 */
function maskAllButLast(text: string): string {
  // A number of digits is cut as it is: characters cost ten times as much, and lists are full of numbers.
  const characters = /[\ud800-\udfff]/.test(text) ? Array.from(text) : text;
  const visible = Math.min(VISIBLE_CHARACTERS, Math.floor(characters.length / 2));
  const hidden = characters.length - visible;
  const last = characters.slice(hidden);
  return BULLET.repeat(hidden) + (typeof last === 'string' ? last : last.join(''));
}
