const bytesAtFirst = 64 * 1024;
/** UTF-8 takes three bytes at most for each unit of a string. */
const bytesPerUnit = 3;

/**
 * Text that is put together piece by piece and wanted as bytes. Each piece is encoded at once: thousands of strings that
 * live until the last one comes are copied by the collector of garbage, which costs more than making them.
 */
export class ByteText {
  private bytes = Buffer.allocUnsafeSlow(bytesAtFirst);
  /** Bytes so far. */
  length = 0;

  add(text: string): void {
    const needed = this.length + text.length * bytesPerUnit;
    if (needed > this.bytes.length) this.grow(needed);
    this.length += this.bytes.write(text, this.length);
  }

  /** What was added since the last time, in memory of its own. */
  take(): Uint8Array<ArrayBuffer> {
    const taken = new Uint8Array(this.bytes.subarray(0, this.length));
    this.length = 0;
    return taken;
  }

  /** Forgets what was added: a text that is used again and again keeps its room. */
  clear(): void {
    this.length = 0;
  }

  private grow(needed: number): void {
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.bytes.length * 2));
    this.bytes.copy(larger, 0, 0, this.length);
    this.bytes = larger;
  }
}
