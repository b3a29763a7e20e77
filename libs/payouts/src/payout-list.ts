import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { v7 as uuidv7 } from 'uuid';
import { asSystem, inTransaction, type Transaction } from '@ansinh/database';
import type { SealedTable } from '@ansinh/key-rotation';
import type { Sealer } from '@ansinh/sealing';
import type { DataSource } from 'typeorm';
import type { NewPayout, PayoutLine } from './payout.js';

const linesPerBlock = 500;
/** 10,000 lines in memory at a time. */
const blocksAtOnce = 20;
/** Lines that are sealed before PostgreSQL is listened to again, which sends the next page meanwhile. */
const sealedAtOnce = 50;

export interface FrozenPayout {
  id: string;
  rows: number;
  /** đồng */
  amount: bigint;
}

const placeOf = (payoutId: string, block: number) => `payout_block/${payoutId}/${block}`;

/** The lists that still wait, for the rotation of their key. */
export const sealedPayoutLists: SealedTable = {
  name: 'payout_block',
  column: 'sealed',
  key: { payout_id: 'uuid', block_no: 'int' },
  place: ({ payout_id, block_no }) => placeOf(payout_id!, Number(block_no)),
  // Each is of 500 lines, whole.
  rowsPerStep: 50,
};

/**
 * Fixes a payment list, in the transaction of the command that decided it. What is sent later is this, whatever becomes of the
 * facts that it was made from; memory holds two pages of it, and some blocks. While one page is made into lines and sealed PostgreSQL takes
 * in what was sealed before and reads the next, so what the lines are made of is best made as they are asked for, and asks it nothing.
 * @param pages lines in the order of their rows; `fetchPages` of `libs/database` gives them from a query of this transaction
 * @throws Error for a list without lines, or of more đồng than PostgreSQL counts
 */
export async function freezePayout(
  tx: Transaction,
  sealer: Sealer,
  payout: NewPayout,
  pages: AsyncIterable<Iterable<PayoutLine>>,
): Promise<FrozenPayout> {
  const id = uuidv7();
  const list = new SealedList(tx, sealer, id);
  const reader = pages[Symbol.asyncIterator]();
  let page = await reader.next();
  while (!page.done) {
    const sealing = list.add(page.value);
    const reading = list.write(blocksAtOnce).then(() => reader.next());
    // Where one fails the other ends first: nobody goes on with a connection that a page is still read from.
    await Promise.allSettled([sealing, reading]);
    await sealing;
    page = await reading;
  }
  list.seal();
  await list.write(1);
  if (list.rows === 0) throw new Error('a payout needs lines');
  await tx.query(
    `INSERT INTO payout (id, office_code, fund_id, programme_code, purpose, period, channel, decided_by, rows, amount, list_digest)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      id,
      payout.official.office,
      payout.fundId,
      payout.programmeCode,
      payout.purpose,
      payout.period,
      payout.channel,
      payout.official.id,
      list.rows,
      list.amount.toString(),
      list.digest(),
    ],
  );
  return { id, rows: list.rows, amount: list.amount };
}

/** Makes the blocks of a list and writes them, some at a time. Its lines come under the scope of the command; blocks are nobody's office's. */
class SealedList {
  rows = 0;
  amount = 0n;
  private readonly hash = createHash('sha256');
  private blocks = 0;
  private lines: string[] = [];
  /** Blocks that are not written yet, and the number of the first of them. */
  private sealed: Buffer[] = [];
  private firstSealed = 0;

  constructor(
    private readonly tx: Transaction,
    private readonly sealer: Sealer,
    private readonly payoutId: string,
  ) {}

  /** Asks nothing of the database. */
  async add(lines: Iterable<PayoutLine>): Promise<void> {
    await setImmediate();
    for (const line of lines) {
      this.rows += 1;
      this.amount += line.amount;
      this.lines.push(`${JSON.stringify({ ...line, amount: line.amount.toString() })}\n`);
      if (this.lines.length === linesPerBlock) this.seal();
      if (this.rows % sealedAtOnce === 0) await setImmediate();
    }
  }

  digest(): string {
    return this.hash.digest('hex');
  }

  /** Whatever waits to be a block. */
  seal(): void {
    if (this.lines.length === 0) return;
    const text = this.lines.splice(0).join('');
    this.hash.update(text);
    this.sealed.push(this.sealer.seal(text, placeOf(this.payoutId, this.blocks)));
    this.blocks += 1;
  }

  /**
   * As the system: an office has no way to whole numbers but by its lists, and the payout that would show them stands behind.
   * @param blocksMin fewer wait for more
   */
  async write(blocksMin: number): Promise<void> {
    if (this.sealed.length < blocksMin) return;
    const [first, sealed] = [this.firstSealed, this.sealed.splice(0)];
    this.firstSealed = this.blocks;
    await asSystem(this.tx, () =>
      this.tx.query(
        `INSERT INTO payout_block (payout_id, block_no, sealed)
         SELECT $1, $2 + place - 1, sealed FROM unnest($3::bytea[]) WITH ORDINALITY AS block (sealed, place)`,
        [this.payoutId, first, sealed],
      ),
    );
  }
}

/** The frozen list as NDJSON. @param onRead called with each piece, so that its reader can say that he lives */
export async function* listOf(
  dataSource: DataSource,
  sealer: Sealer,
  payoutId: string,
  onRead: (tx: Transaction) => Promise<void>,
): AsyncGenerator<Buffer> {
  for (let from = 0; ; from += blocksAtOnce) {
    const first = from;
    const blocks = await inTransaction(dataSource, 'system', async (tx) => {
      await onRead(tx);
      return (await tx.query(
        `SELECT block_no, sealed FROM payout_block WHERE payout_id = $1 AND block_no >= $2 AND block_no < $3 ORDER BY block_no`,
        [payoutId, first, first + blocksAtOnce],
      )) as { block_no: number; sealed: Buffer }[];
    });
    for (const { block_no, sealed } of blocks)
      yield Buffer.from(sealer.open(sealed, placeOf(payoutId, block_no)));
    if (blocks.length < blocksAtOnce) return;
  }
}

/** Nobody needs the numbers of people here any more. */
export async function dropList(tx: Transaction, payoutId: string): Promise<void> {
  await tx.query('DELETE FROM payout_block WHERE payout_id = $1', [payoutId]);
}
