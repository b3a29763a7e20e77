import { copyValue } from '@ansinh/copy-text';
import type { Sealer } from '@ansinh/sealing';
import type { RawRow } from './raw-row.js';

/** Rows whose cells stand under one seal. */
export const rowsPerBlock = 500;

/** What the cells of a block are sealed for: its place in a table `(list, block_no, sealed)`. */
export const cellsPlace = (table: string, listId: string, block: number) => `${table}/${listId}/${block}`;

/** The cells of a list as they came, sealed block by block: a list is not kept open to whoever reads the database. */
export class CellSealer {
  private block: string[][] = [];
  private last = 0;

  constructor(
    private readonly table: string,
    private readonly listId: string,
    private readonly sealer: Sealer,
  ) {}

  /** Rows follow each other, and the first begins a block. @returns text in COPY's format; empty while a block is not full */
  add({ row, text, cells }: RawRow): string {
    this.block.push(text === null ? cells : [text]);
    this.last = row;
    return this.block.length === rowsPerBlock ? this.rest() : '';
  }

  /** The last block, which may be shorter; empty where none is begun. */
  rest(): string {
    if (this.block.length === 0) return '';
    const number = Math.ceil(this.last / rowsPerBlock) - 1;
    const sealed = this.sealer.seal(JSON.stringify(this.block), cellsPlace(this.table, this.listId, number));
    this.block = [];
    return `${this.listId}\t${number}\t${copyValue(sealed)}\n`;
  }
}
