import { Inject, Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { recordAudit, worker } from '@ansinh/audit';
import { inTransaction, type Transaction } from '@ansinh/database';
import { Sealer } from '@ansinh/sealing';
import type { Chore } from '@ansinh/service';
import { digestOfRotation } from './rotation-digest.js';
import {
  countVersions,
  nextRows,
  type SealedRow,
  type SealedTable,
  sealedTables,
  writeRows,
} from './sealed-table.js';

interface Rotation {
  id: string;
  to_version: number;
  /** The table that it is in, and the key of the last row that was written there. */
  position_table: string | null;
  position_key: string[] | null;
  resealed: number;
}

/**
 * Seals rows anew under the newest key, table after table and some at a time, each step one transaction with its place in it.
 * Killed anywhere it goes on behind the last step; of two workers one works. What is written meanwhile is under the newest key
 * already.
 */
@Injectable()
export class KeyRotator implements OnModuleDestroy {
  private readonly logger = new Logger('key-rotator');
  /** A rotation is begun within a second, or gone on with. */
  readonly chore: Chore = { pauseMs: 1_000, work: () => this.rotateDue() };
  private isStopping = false;

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly sealer: Sealer,
    @Inject(sealedTables) private readonly tables: readonly SealedTable[],
  ) {}

  onModuleDestroy(): void {
    this.isStopping = true;
  }

  /** The rotation that runs, if one does. */
  async rotateDue(): Promise<void> {
    const running = (await inTransaction(this.dataSource, 'system', (tx) =>
      tx.query(`SELECT id FROM key_rotation WHERE state = 'running'`),
    )) as { id: string }[];
    for (const { id } of running) await this.rotate(id);
  }

  /** Does nothing when the rotation is over, or in another worker's hands. */
  async rotate(id: string): Promise<void> {
    try {
      while (!this.isStopping && (await this.step(id)));
    } catch (error) {
      this.logger.error(error, `key rotation ${id} does not go on`);
      const problem = error instanceof Error ? error.message : String(error);
      await inTransaction(this.dataSource, 'system', (tx) =>
        tx.query('UPDATE key_rotation SET problem = $2 WHERE id = $1', [id, problem]),
      );
    }
  }

  /** @returns whether there is more to do at once */
  private async step(id: string): Promise<boolean> {
    return inTransaction(this.dataSource, 'system', async (tx) => {
      const [rotation] = (await tx.query(
        `SELECT id, to_version, position_table, position_key, resealed FROM key_rotation
         WHERE id = $1 AND state = 'running' FOR UPDATE SKIP LOCKED`,
        [id],
      )) as Rotation[];
      if (!rotation) return false;
      if (this.sealer.version < rotation.to_version)
        throw new Error(`SEALING_KEYS of this worker does not have version ${rotation.to_version}`);
      const first = this.tables.findIndex(({ name }) => name === rotation.position_table);
      for (const table of this.tables.slice(Math.max(first, 0))) {
        const after = table.name === rotation.position_table ? rotation.position_key : null;
        const rows = await nextRows(tx, table, rotation.to_version, after);
        if (rows.length === 0) continue;
        await this.reseal(tx, rotation, table, rows);
        return true;
      }
      return this.end(tx, rotation);
    });
  }

  private async reseal(
    tx: Transaction,
    rotation: Rotation,
    table: SealedTable,
    rows: SealedRow[],
  ): Promise<void> {
    const resealed = rows.map((row) => ({
      ...row,
      anew: this.sealer.reseal(row.sealed, table.place(row.columns)),
    }));
    await table.note?.(tx, rotation.id, resealed);
    await writeRows(tx, table, resealed);
    const last = rows.at(-1)!.columns;
    await tx.query(
      `UPDATE key_rotation SET position_table = $2, position_key = $3, resealed = resealed + $4, problem = NULL
       WHERE id = $1`,
      [rotation.id, table.name, Object.keys(table.key).map((column) => last[column]), rows.length],
    );
  }

  /**
   * Rows that somebody held, or that came from a process with older keys, are looked for once more from the start, the next
   * time: whoever held them has ended by then.
   */
  private async end(tx: Transaction, rotation: Rotation): Promise<boolean> {
    for (const table of this.tables) {
      const counted = await countVersions(tx, table);
      if (!counted.some(({ version }) => version < rotation.to_version)) continue;
      await tx.query('UPDATE key_rotation SET position_table = NULL, position_key = NULL WHERE id = $1', [
        rotation.id,
      ]);
      return false;
    }
    const before = await digestOfRotation(tx, 'keyRotation', rotation.id);
    await tx.query(
      `UPDATE key_rotation SET state = 'finished', finished_at = clock_timestamp(), problem = NULL WHERE id = $1`,
      [rotation.id],
    );
    await recordAudit(tx, {
      ...worker,
      office: '',
      verb: 'key.rotated',
      subject: `key-rotation/${rotation.id}`,
      before,
      after: await digestOfRotation(tx, 'keyRotation', rotation.id),
      requestId: `rotation-${rotation.id}`,
      facts: { toVersion: rotation.to_version, blocks: rotation.resealed },
    });
    return false;
  }
}
