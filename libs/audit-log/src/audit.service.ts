import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { branchesBeside, type LogEntry, TreeHasher } from '@ansinh/audit-chain';
import { type Actor, scopeOf } from '@ansinh/auth';
import { inTransaction, type Page, pageOf, readCursor, streamRows } from '@ansinh/database';
import { ProblemError } from '@ansinh/problem';
import type { PageQuery } from '@ansinh/service';
import type {
  AuditEventQuery,
  AuditEventView,
  AuditLogView,
  AuditProofView,
  AuditRootView,
} from './audit.dto.js';
import { auditProblems } from './audit.problems.js';
import { auditLogName, entryColumns, rootColumns } from './audit-rows.js';

/** The audit log for those who look into it, and for those who do not believe it. */
@Injectable()
export class AuditService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(auditLogName) private readonly logName: string,
  ) {}

  /** Events of the caller's offices, newest first. */
  async list(actor: Actor, query: AuditEventQuery): Promise<Page<AuditEventView>> {
    const after = readCursor(query.after, 'number')?.[0] ?? null;
    const rows = (await inTransaction(this.dataSource, scopeOf(actor), (tx) =>
      tx.query(
        `SELECT ${entryColumns} FROM audit_event event
         WHERE ($1::text IS NULL OR subject = $1) AND ($2::text IS NULL OR actor_id = $2)
           AND ($3::text IS NULL OR verb = $3) AND ($4::timestamptz IS NULL OR event.at >= $4)
           AND ($5::timestamptz IS NULL OR event.at < $5) AND ($6::bigint IS NULL OR event.seq < $6)
         ORDER BY event.seq DESC LIMIT $7`,
        [
          query.subject ?? null,
          query.actor ?? null,
          query.verb ?? null,
          query.from ?? null,
          query.to ?? null,
          after,
          query.limit + 1,
        ],
      ),
    )) as AuditEventView[];
    return pageOf(rows, query.limit, ({ seq }) => [seq]);
  }

  /** Where the log stands, and by which keys its days are signed. */
  async log(): Promise<AuditLogView> {
    return inTransaction(this.dataSource, 'system', async (tx) => {
      const [head] = (await tx.query(
        `SELECT seq::text, hash,
                (((clock_timestamp() - interval '1 hour') AT TIME ZONE 'Asia/Ho_Chi_Minh')::date - 1)::text AS "signedUntil"
         FROM audit_head`,
      )) as { seq: string; hash: string; signedUntil: string }[];
      const keys = (await tx.query(
        'SELECT fingerprint, public_key AS "publicKey", since FROM audit_key ORDER BY since',
      )) as { fingerprint: string; publicKey: string; since: Date }[];
      return {
        log: this.logName,
        head: { seq: head!.seq, hash: head!.hash },
        signedUntil: head!.signedUntil,
        keys: keys.map((key) => ({ ...key, since: key.since.toISOString() })),
      };
    });
  }

  /**
   * Every event in order, by a cursor. Of other offices only number and hash: by these the chain and the roots can be
   * recomputed, and nothing is told. So it is the whole log that is read, and the office is asked by hand.
   */
  async *entries(actor: Actor): AsyncGenerator<LogEntry> {
    const rows = streamRows<LogEntry & { isVisible: boolean }>(
      this.dataSource,
      'system',
      `SELECT ${entryColumns}, office = ANY($1) AS "isVisible" FROM audit_event ORDER BY audit_event.seq`,
      [scopeOf(actor).offices],
    );
    for await (const { isVisible, ...entry } of rows)
      yield isVisible ? entry : { seq: entry.seq, hash: entry.hash };
  }

  /** By day. */
  async roots(query: PageQuery): Promise<Page<AuditRootView>> {
    const after = readCursor(query.after, 'day')?.[0] ?? null;
    const rows = (await inTransaction(this.dataSource, 'system', (tx) =>
      tx.query(
        `SELECT ${rootColumns(this.logName)} FROM audit_root WHERE ($1::text IS NULL OR day > $1::date) ORDER BY audit_root.day LIMIT $2`,
        [after, query.limit + 1],
      ),
    )) as AuditRootView[];
    return pageOf(rows, query.limit, ({ day }) => [day]);
  }

  /** @throws ProblemError AUDIT_EVENT_NOT_FOUND, also for one of another office; AUDIT_DAY_OPEN */
  async proof(seq: string, actor: Actor): Promise<AuditProofView> {
    const { event, root } = await inTransaction(this.dataSource, scopeOf(actor), async (tx) => {
      const [found] = (await tx.query(`SELECT ${entryColumns} FROM audit_event WHERE audit_event.seq = $1`, [
        seq,
      ])) as AuditEventView[];
      if (!found) throw new ProblemError(auditProblems.notFound);
      const [signed] = (await tx.query(
        `SELECT ${rootColumns(this.logName)} FROM audit_root WHERE first_seq <= $1 AND $1 < first_seq + events`,
        [seq],
      )) as AuditRootView[];
      if (!signed) throw new ProblemError(auditProblems.dayOpen);
      return { event: found, root: signed };
    });
    return { format: 'ansinh-audit-proof-1', event, path: await this.pathTo(BigInt(seq), root), root };
  }

  /** One reading of the day's hashes: each belongs to one of the subtrees beside the way, or is the event itself. */
  private async pathTo(seq: bigint, root: AuditRootView): Promise<string[]> {
    const index = Number(seq - BigInt(root.firstSeq));
    const branches = branchesBeside(index, root.events).map((branch) => ({
      ...branch,
      tree: new TreeHasher(),
    }));
    const inOrder = branches.toSorted((one, other) => one.first - other.first);
    const last = BigInt(root.firstSeq) + BigInt(root.events) - 1n;
    const rows = streamRows<{ hash: string }>(
      this.dataSource,
      'system',
      'SELECT hash FROM audit_event WHERE seq BETWEEN $1 AND $2 ORDER BY seq',
      [root.firstSeq, last.toString()],
    );
    let [place, current] = [0, 0];
    for await (const { hash } of rows) {
      if (place >= (inOrder[current]?.end ?? Infinity)) current += 1;
      if (place !== index) inOrder[current]!.tree.add(hash);
      place += 1;
    }
    return branches.map(({ tree }) => tree.root());
  }
}
