import { createHash } from 'node:crypto';
import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { recordAudit } from '@ansinh/audit';
import { inTransaction, type Transaction } from '@ansinh/database';
import { Sealer } from '@ansinh/sealing';
import { digestOf } from '../audit/record-digest.js';
import type { RotationHint } from '../hints/hints.js';
import { resealBlock } from '../list-import/sealed-lines.js';

/** Some megabytes: a transaction short enough that an import of the same batch does not wait. */
const blocksPerStep = 100;

interface Rotation {
  id: string;
  to_version: number;
  position_batch: string;
  position_block: number;
  resealed: number;
}

interface Block {
  batch_number: string;
  block_no: number;
  sealed: Buffer;
}

/**
 * Seals blocks anew under the newest key, some at a time, each step one transaction with its place in it. Killed anywhere
 * it goes on behind the last step; of two workers one works. Lists that are imported meanwhile are under the newest key
 * already.
 */
@Injectable()
export class KeyRotator implements OnModuleDestroy {
  private readonly logger = new Logger('key-rotator');
  private isStopping = false;

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly sealer: Sealer,
  ) {}

  onModuleDestroy(): void {
    this.isStopping = true;
  }

  /** Does nothing when the rotation is over, or in another worker's hands. */
  async rotate({ rotationId }: RotationHint): Promise<void> {
    try {
      while (!this.isStopping && (await this.step(rotationId)));
    } catch (error) {
      this.logger.error(error, `key rotation ${rotationId} does not go on`);
      const problem = error instanceof Error ? error.message : String(error);
      await inTransaction(this.dataSource, 'system', (tx) =>
        tx.query('UPDATE key_rotation SET problem = $2 WHERE id = $1', [rotationId, problem]),
      );
    }
  }

  /** @returns whether there is more to do at once */
  private async step(id: string): Promise<boolean> {
    return inTransaction(this.dataSource, 'system', async (tx) => {
      const [rotation] = (await tx.query(
        `SELECT id, to_version, position_batch, position_block, resealed FROM key_rotation
         WHERE id = $1 AND state = 'running' FOR UPDATE SKIP LOCKED`,
        [id],
      )) as Rotation[];
      if (!rotation) return false;
      if (this.sealer.version < rotation.to_version) {
        throw new Error(`SEALING_KEYS of this worker does not have version ${rotation.to_version}`);
      }
      const blocks = await nextBlocks(tx, rotation);
      if (blocks.length === 0) return this.end(tx, rotation);
      await this.reseal(tx, rotation, blocks);
      return true;
    });
  }

  private async reseal(tx: Transaction, rotation: Rotation, blocks: Block[]): Promise<void> {
    const keys = [blocks.map((block) => block.batch_number), blocks.map((block) => block.block_no)];
    const anew = blocks.map(({ batch_number, block_no, sealed }) =>
      resealBlock(this.sealer, batch_number, block_no, sealed),
    );
    await tx.query(
      `INSERT INTO block_reseal (rotation_id, batch_number, block_no, before_digest, after_digest)
       SELECT $1, * FROM unnest($2::bigint[], $3::int[], $4::bytea[], $5::bytea[])`,
      [rotation.id, ...keys, blocks.map(({ sealed }) => hashOf(sealed)), anew.map(hashOf)],
    );
    await tx.query(
      `UPDATE sealed_block block SET sealed = anew.sealed
       FROM unnest($1::bigint[], $2::int[], $3::bytea[]) AS anew (batch_number, block_no, sealed)
       WHERE block.batch_number = anew.batch_number AND block.block_no = anew.block_no`,
      [...keys, anew],
    );
    const last = blocks.at(-1)!;
    await tx.query(
      `UPDATE key_rotation SET position_batch = $2, position_block = $3, resealed = resealed + $4, problem = NULL
       WHERE id = $1`,
      [rotation.id, last.batch_number, last.block_no, blocks.length],
    );
  }

  /**
   * Blocks that were locked by an import, or came from a process with older keys, are looked for once more from the
   * start, by the next hint: whoever holds them has ended by then.
   */
  private async end(tx: Transaction, rotation: Rotation): Promise<boolean> {
    const [old] = (await tx.query('SELECT FROM sealed_block WHERE key_version(sealed) < $1 LIMIT 1', [
      rotation.to_version,
    ])) as object[];
    if (old) {
      await tx.query('UPDATE key_rotation SET position_batch = 0, position_block = -1 WHERE id = $1', [
        rotation.id,
      ]);
      return false;
    }
    const before = await digestOf(tx, 'keyRotation', rotation.id);
    await tx.query(
      `UPDATE key_rotation SET state = 'finished', finished_at = clock_timestamp(), problem = NULL WHERE id = $1`,
      [rotation.id],
    );
    await recordAudit(tx, {
      actorId: 'system',
      actorName: 'ansinh worker',
      office: '',
      verb: 'key.rotated',
      subject: `key-rotation/${rotation.id}`,
      before,
      after: await digestOf(tx, 'keyRotation', rotation.id),
      requestId: `rotation-${rotation.id}`,
      facts: { toVersion: rotation.to_version, blocks: rotation.resealed },
    });
    return false;
  }
}

async function nextBlocks(tx: Transaction, rotation: Rotation): Promise<Block[]> {
  return (await tx.query(
    `SELECT batch_number, block_no, sealed FROM sealed_block
     WHERE key_version(sealed) < $1 AND (batch_number, block_no) > ($2, $3)
     ORDER BY batch_number, block_no LIMIT $4 FOR UPDATE SKIP LOCKED`,
    [rotation.to_version, rotation.position_batch, rotation.position_block, blocksPerStep],
  )) as Block[];
}

function hashOf(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest();
}
