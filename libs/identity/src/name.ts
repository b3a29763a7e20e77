/** Anything but the composed Latin letters and single inner spaces that nearly every name consists of. */
const MAY_NEED_CLEANING = /[^\u0020-\u007e\u00a1-\u00ac\u00ae-\u02ff\u1ea0-\u1ef9]| {2}|^ | $/;
const INVISIBLE = /[\u00ad\u200b-\u200d\u2060\ufeff]/g;
const SPACES = /\s+/g;
const COMBINING_MARKS = /\p{M}/gu;
const TONE_ON_SECOND_VOWEL = /O[ÀÁẢÃẠÈÉẺẼẸ]|U[ỲÝỶỸỴ]/g;
const NOT_BANK_CHARACTERS = /[^A-Z0-9/\-?:().,'+ ]/g;

/** `OÀ` and `ÒA` are two spellings of one sound, in open syllables (hoà, hòa) as in `OE` and `UY`. */
const toneOnFirstVowel = new Map(
  [
    ['OÀ OÁ OẢ OÃ OẠ', 'ÒA ÓA ỎA ÕA ỌA'],
    ['OÈ OÉ OẺ OẼ OẸ', 'ÒE ÓE ỎE ÕE ỌE'],
    ['UỲ UÝ UỶ UỸ UỴ', 'ÙY ÚY ỦY ŨY ỤY'],
  ].flatMap(([second, first]) => {
    const firsts = first!.split(' ');
    return second!.split(' ').map((spelling, index) => [spelling, firsts[index]!] as const);
  }),
);

/** A name as it is stored and shown: composed (NFC), without invisible characters, single spaces, no outer spaces. */
export function normaliseName(text: string): string {
  if (!MAY_NEED_CLEANING.test(text)) return text;
  return text.normalize('NFC').replace(INVISIBLE, '').replace(SPACES, ' ').trim();
}

/**
 * The key by which two spellings of one name are compared: `normaliseName`, upper case, tone marks of oa, oe and uy on
 * the first vowel. The letters i and y stay apart (Mỹ, Mĩ), and so do diacritics: those would be a weaker match.
 */
export function nameKey(text: string): string {
  return normaliseName(text)
    .toUpperCase()
    .replace(TONE_ON_SECOND_VOWEL, (spelling) => toneOnFirstVowel.get(spelling)!);
}

/** The form that names are searched by: `nameKey` without any marks, in lower case. `Đặng Thị Hoà` is `dang thi hoa`. */
export function searchForm(text: string): string {
  return stripDiacritics(nameKey(text)).toLowerCase();
}

/** First letters of the parts of a name, as it is searched by: `nth` of Nguyễn Thị Hoà. */
export function nameInitials(text: string): string {
  return searchForm(text)
    .split(' ')
    .map((part) => part[0])
    .join('');
}

/** Letters without marks, for searching: `Đặng Thị Hoà` is `Dang Thi Hoa`. The stroke of đ is no mark in Unicode. */
export function stripDiacritics(text: string): string {
  return text
    .normalize('NFD')
    .replace(COMBINING_MARKS, '')
    .replaceAll('đ', 'd')
    .replaceAll('Đ', 'D')
    .normalize('NFC');
}

/**
 * A name as banks print account holders: upper-case ASCII in the character set of payment messages; `&` becomes `+`, and
 * what else has no place in it a space. Compare `toBankAscii(name)` with the holder's name, never the reverse.
 */
export function toBankAscii(text: string): string {
  const letters = stripDiacritics(normaliseName(text)).toUpperCase().replaceAll('&', '+');
  return letters.replace(NOT_BANK_CHARACTERS, ' ').replace(SPACES, ' ').trim();
}
