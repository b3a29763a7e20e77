import { Inject, Injectable, Logger } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import {
  boundsOfDay,
  dayAfter,
  hashOfRoot,
  noHash,
  RootSigner,
  type SignedRoot,
  TreeHasher,
} from '@ansinh/audit-chain';
import { inTransaction, streamRows } from '@ansinh/database';
import type { Chore } from '@ansinh/service';
import { auditLogName, lastRoot } from './audit-rows.js';

/** The signer of this process: the worker's alone. */
export const rootSigner = Symbol('root signer');

/**
 * Signs each day of Viet Nam that is over, in order, also one without events. Several workers may: a day has one root,
 * and all compute the same.
 */
@Injectable()
export class DayCloser {
  private readonly logger = new Logger('day-closer');
  /** A day is signed within a minute after its end. */
  readonly chore: Chore = { pauseMs: 60_000, work: () => this.closeDays() };

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(rootSigner) private readonly signer: RootSigner,
    @Inject(auditLogName) private readonly logName: string,
  ) {}

  /** Whether a day is over is told by the clock of the database, which dates the events. */
  async closeDays(): Promise<void> {
    const [open] = (await inTransaction(this.dataSource, 'system', (tx) =>
      tx.query(
        `SELECT coalesce((SELECT max(day) + 1 FROM audit_root),
                         (SELECT (at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date FROM audit_event WHERE seq = 1))::text AS from,
                ((clock_timestamp() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date - 1)::text AS until`,
      ),
    )) as { from: string | null; until: string }[];
    if (!open || open.from === null || open.from > open.until) return;
    await this.seal(open.until);
    for (let day = open.from; day <= open.until; day = dayAfter(day)) await this.closeDay(day);
  }

  /**
   * Waits for whoever is still writing an event into these days, and lets nobody after him, whatever the clock does
   * then. From here on the days do not change, and are read without a lock.
   */
  private async seal(until: string): Promise<void> {
    await inTransaction(this.dataSource, 'system', (tx) =>
      tx.query('UPDATE audit_head SET not_before = greatest(not_before, $1::timestamptz)', [
        boundsOfDay(until).to,
      ]),
    );
  }

  private async closeDay(day: string): Promise<void> {
    const before = await inTransaction(this.dataSource, 'system', (tx) => lastRoot(tx, this.logName));
    const firstSeq = before ? BigInt(before.firstSeq) + BigInt(before.events) : 1n;
    const tree = new TreeHasher();
    let chainHash = before?.chainHash ?? noHash;
    const events = streamRows<{ hash: string }>(
      this.dataSource,
      'system',
      'SELECT hash FROM audit_event WHERE seq >= $1 AND at < $2::timestamptz ORDER BY seq',
      [firstSeq.toString(), boundsOfDay(day).to],
    );
    for await (const { hash } of events) {
      tree.add(hash);
      chainHash = hash;
    }
    const root = this.signer.sign({
      log: this.logName,
      day,
      firstSeq: firstSeq.toString(),
      events: tree.size,
      treeRoot: tree.root(),
      chainHash,
      previousRoot: before ? hashOfRoot(before) : noHash,
    });
    // In the logs too: a root that is kept elsewhere shows that the log was not signed anew.
    if (await this.keep(root)) this.logger.log({ root }, 'day of the audit log signed');
  }

  /** @returns false when another worker was first */
  private async keep(root: SignedRoot): Promise<boolean> {
    return inTransaction(this.dataSource, 'system', async (tx) => {
      await tx.query(
        'INSERT INTO audit_key (fingerprint, public_key) VALUES ($1, $2) ON CONFLICT DO NOTHING',
        [this.signer.fingerprint, this.signer.publicKey],
      );
      const kept = (await tx.query(
        `INSERT INTO audit_root (day, first_seq, events, tree_root, chain_hash, previous_root, key_fingerprint, signature)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING RETURNING day`,
        [
          root.day,
          root.firstSeq,
          root.events,
          root.treeRoot,
          root.chainHash,
          root.previousRoot,
          root.keyFingerprint,
          root.signature,
        ],
      )) as object[];
      return kept.length > 0;
    });
  }
}
