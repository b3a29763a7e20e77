import { normaliseName, stripDiacritics } from '@ansinh/identity';

/** How a bank wants names and remittance to be written. */
export interface TextRule {
  /** `ascii`: Vietnamese letters without their marks, đ as d; `none`: as they are. */
  fold: 'none' | 'ascii';
  letters: 'asIs' | 'upper';
  /** What may stand between the brackets of a regular expression; null where everything may. */
  allowed: string | null;
}

const refusedByRule = new Map<string, RegExp>();
const graphemes = new Intl.Segmenter('vi', { granularity: 'grapheme' });

/**
 * A text as a bank takes it. What it does not allow becomes a space, `&` a plus sign where that is allowed; a text that is
 * still too long ends after the last whole word that fits, and within a word only when not even the first one does.
 * Empty when nothing of it can be written.
 * @param lengthMax in UTF-16 units, as the schemas count
 */
export function writeBankText(text: string, rule: TextRule, lengthMax: number): string {
  const isPlain = rule.fold === 'none' && rule.letters === 'asIs' && rule.allowed === null;
  let written = isPlain ? text : normaliseName(text);
  if (rule.fold === 'ascii') written = stripDiacritics(written);
  if (rule.letters === 'upper') written = written.toUpperCase();
  if (rule.allowed !== null) written = onlyAllowed(written, rule.allowed);
  return written.length <= lengthMax ? written : cut(written, lengthMax);
}

function onlyAllowed(text: string, allowed: string): string {
  let refused = refusedByRule.get(allowed);
  if (!refused) refusedByRule.set(allowed, (refused = new RegExp(`[^${allowed}]+`, 'gu')));
  const joined = refused.test('+') ? text : text.replaceAll('&', '+');
  refused.lastIndex = 0;
  return joined.replace(refused, ' ').replace(/ {2,}/g, ' ').trim();
}

function cut(text: string, lengthMax: number): string {
  const end = text.lastIndexOf(' ', lengthMax);
  if (end > 0) return text.slice(0, end).trimEnd();
  let kept = '';
  for (const { segment } of graphemes.segment(text)) {
    if (kept.length + segment.length > lengthMax) break;
    kept += segment;
  }
  return kept;
}
