import { ListError } from './list-error.js';

const BYTES_MAX = 256 * 1024 * 1024;

/** A cell of its own text for every column of a full sheet. An empty string costs memory as well: its end. */
const STRINGS_MAX = 12_000_000;

/**
 * The table of strings that the cells of a workbook point into. Excel puts every text there, so it may be as large as
 * the list itself: kept as bytes outside the heap it takes a third of what an array of strings takes.
 * Throws ListError WORKBOOK_TOO_LARGE past 256 MiB of text, or past 12 million strings.
 */
export class WorkbookStrings {
  private bytes = Buffer.allocUnsafe(64 * 1024);
  private ends = new Uint32Array(4096);
  private count = 0;

  add(text: string): void {
    const start = this.end(this.count);
    const need = start + Buffer.byteLength(text);
    if (need > BYTES_MAX || this.count === STRINGS_MAX) throw new ListError('WORKBOOK_TOO_LARGE');
    if (need > this.bytes.length) {
      const larger = Buffer.allocUnsafe(Math.min(BYTES_MAX, Math.max(need, this.bytes.length * 2)));
      this.bytes.copy(larger, 0, 0, start);
      this.bytes = larger;
    }
    if (this.count === this.ends.length) {
      const larger = new Uint32Array(this.ends.length * 2);
      larger.set(this.ends);
      this.ends = larger;
    }
    this.bytes.write(text, start);
    this.ends[this.count] = need;
    this.count += 1;
  }

  /** Undefined when there is no string of that number. */
  get(index: number): string | undefined {
    if (!Number.isSafeInteger(index) || index < 0 || index >= this.count) return undefined;
    return this.bytes.toString('utf8', this.end(index), this.end(index + 1));
  }

  private end(index: number): number {
    return index === 0 ? 0 : this.ends[index - 1]!;
  }
}
