import type { Transaction } from '@ansinh/database';
import type { Sealer } from '@ansinh/sealing';
import type { OriginalRow } from '@ansinh/payment-list';

/** Lines under one seal. A page of 50 opens one or two blocks, a chunk of 5,000 opens ten or eleven. */
export const linesPerBlock = 500;

/** What is kept sealed of a line: its numbers, and the cells as they came where the fields do not hold all of them. */
export interface SealedLine {
  payeeId: string | null;
  account: string | null;
  original: OriginalRow | null;
}

function blockOf(row: number): number {
  return Math.floor((row - 1) / linesPerBlock);
}

/** What the seal of a block is bound to. */
export const placeOf = (batchNumber: string, block: number) => `sealed_block/${batchNumber}/${block}`;

/** Good lines as two fields with a tab, others as JSON, which never begins with a digit. Neither holds a line break. */
export function sealLines(sealer: Sealer, batchNumber: string, block: number, lines: SealedLine[]): Buffer {
  const text = lines.map((line) =>
    line.original === null && line.payeeId !== null && line.account !== null
      ? `${line.payeeId}\t${line.account}`
      : JSON.stringify(line),
  );
  return sealer.seal(text.join('\n'), placeOf(batchNumber, block));
}

function openBlock(sealer: Sealer, batchNumber: string, block: number, sealed: Uint8Array): string[] {
  return sealer
    .open(Buffer.from(sealed.buffer, sealed.byteOffset, sealed.length), placeOf(batchNumber, block))
    .split('\n');
}

function lineOf(text: string): SealedLine {
  if (text.startsWith('{')) return JSON.parse(text) as SealedLine;
  const [payeeId, account] = text.split('\t') as [string, string];
  return { payeeId, account, original: null };
}

export interface SealedBlock {
  block_no: number;
  sealed: Uint8Array;
}

/** The blocks that hold a range of rows. */
export async function readBlocks(
  tx: Transaction,
  batchNumber: string,
  firstRow: number,
  lastRow: number,
): Promise<SealedBlock[]> {
  return (await tx.query(
    'SELECT block_no, sealed FROM sealed_block WHERE batch_number = $1 AND block_no BETWEEN $2 AND $3',
    [batchNumber, blockOf(firstRow), blockOf(lastRow)],
  )) as SealedBlock[];
}

/** Gives the lines of the blocks one by one; one block is open at a time, so they are best asked for in their order. */
export function lineReader(
  sealer: Sealer,
  batchNumber: string,
  blocks: readonly SealedBlock[],
): (row: number) => SealedLine | undefined {
  let open = -1;
  let texts: string[] = [];
  return (row) => {
    const block = blockOf(row);
    if (block !== open) {
      const found = blocks.find(({ block_no }) => block_no === block);
      open = block;
      texts = found ? openBlock(sealer, batchNumber, block, found.sealed) : [];
    }
    const text = texts[row - 1 - block * linesPerBlock];
    return text === undefined ? undefined : lineOf(text);
  };
}

/** Reads and opens the lines of a range of rows; the result is keyed by row. */
export async function openLines(
  tx: Transaction,
  sealer: Sealer,
  batchNumber: string,
  firstRow: number,
  lastRow: number,
): Promise<Map<number, SealedLine>> {
  const lineAt = lineReader(sealer, batchNumber, await readBlocks(tx, batchNumber, firstRow, lastRow));
  const lines = new Map<number, SealedLine>();
  for (let row = firstRow; row <= lastRow; row += 1) {
    const line = lineAt(row);
    if (line) lines.set(row, line);
  }
  return lines;
}
