import { randomFillSync } from 'node:crypto';

const poolBytes = 4_096;

/**
 * Random bytes of the system, fetched by the thousand: asking for a few takes longer than sealing a number does. None is
 * given out twice, and none is left where it was.
 */
export class RandomBytes {
  private readonly pool = Buffer.alloc(poolBytes);
  private used = poolBytes;

  /** @param count up to 4,096 */
  take(count: number): Buffer {
    if (this.used + count > poolBytes) {
      randomFillSync(this.pool);
      this.used = 0;
    }
    const taken = Buffer.from(this.pool.subarray(this.used, this.used + count));
    this.pool.fill(0, this.used, this.used + count);
    this.used += count;
    return taken;
  }
}
