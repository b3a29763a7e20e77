const letters = [...'abcdefghijklmnopqrstuvwxyz'];
/** A longer word is none of a name; of each letter come fifty words that could be meant. */
const lengthMax = 12;

/** Every word that is typed so by one slip of the finger: a letter too few, too many, another one, or two exchanged. */
export function meantBy(word: string): string[] {
  if (word.length > lengthMax) return [];
  const meant = new Set<string>();
  for (let at = 0; at <= word.length; at += 1) {
    const [before, after] = [word.slice(0, at), word.slice(at)];
    for (const letter of letters) meant.add(before + letter + after);
    if (after === '') continue;
    meant.add(before + after.slice(1));
    for (const letter of letters) meant.add(before + letter + after.slice(1));
    if (after.length > 1) meant.add(before + after[1] + after[0] + after.slice(2));
  }
  meant.delete('');
  meant.delete(word);
  return [...meant];
}
