const digitWords = ['không', 'một', 'hai', 'ba', 'bốn', 'năm', 'sáu', 'bảy', 'tám', 'chín'];
const groupWords = ['', ' nghìn', ' triệu'];
const billion = 1_000_000_000n;

/**
 * An amount as Vietnamese papers write it beside the figures: `Một triệu năm trăm nghìn đồng`. Numbers are read the
 * northern way (linh, nghìn). @throws RangeError below zero
 */
export function vndInWords(amount: bigint): string {
  if (amount < 0n) throw new RangeError(`Not an amount to be written in words: ${amount}`);
  const words = amount === 0n ? 'không' : readNumber(amount);
  return `${words[0]!.toUpperCase()}${words.slice(1)} đồng`;
}

/** What stands before «tỷ» is a number of its own: `một nghìn tỷ`. */
function readNumber(number: bigint): string {
  const [high, low] = [number / billion, Number(number % billion)];
  if (high === 0n) return readBelowBillion(low, false);
  const rest = low === 0 ? '' : ` ${readBelowBillion(low, true)}`;
  return `${readNumber(high)} tỷ${rest}`;
}

/** @param isContinued something was read before it, so that its first group needs its hundreds: `không trăm linh năm` */
function readBelowBillion(number: number, isContinued: boolean): string {
  const groups = [Math.floor(number / 1_000_000), Math.floor(number / 1_000) % 1_000, number % 1_000];
  const words: string[] = [];
  groups.forEach((group, index) => {
    if (group === 0) return;
    const isFirst = words.length === 0 && !isContinued;
    words.push(`${readGroup(group, isFirst)}${groupWords[2 - index]}`);
  });
  return words.join(' ');
}

function readGroup(group: number, isFirst: boolean): string {
  const [hundreds, tens, ones] = [Math.floor(group / 100), Math.floor(group / 10) % 10, group % 10];
  const words: string[] = [];
  if (hundreds > 0 || !isFirst) words.push(`${digitWords[hundreds]} trăm`);
  if (tens === 0 && ones > 0 && words.length > 0) words.push('linh');
  if (tens === 1) words.push('mười');
  if (tens > 1) words.push(`${digitWords[tens]} mươi`);
  if (ones > 0) words.push(readOnes(tens, ones));
  return words.join(' ');
}

function readOnes(tens: number, ones: number): string {
  if (ones === 1 && tens > 1) return 'mốt';
  if (ones === 5 && tens > 0) return 'lăm';
  return digitWords[ones]!;
}
