import { Inject, Injectable, Optional } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { asSystem, inTransaction, type Transaction } from '@ansinh/database';
import { type Command, Commands } from '@ansinh/idempotency';
import { ProblemError } from '@ansinh/problem';
import { Sealer } from '@ansinh/sealing';
import type { KeyRotationView, SealingKeysView } from './key-rotation.dto.js';
import { keyRotationProblems } from './key-rotation.problems.js';
import { digestOfRotation } from './rotation-digest.js';
import { countVersions, type SealedTable, sealedTables } from './sealed-table.js';

const viewColumns = `id, state, to_version AS "toVersion", blocks, resealed, problem, started_by AS "startedBy",
  started_at AS "startedAt", finished_at AS "finishedAt"`;

/** Told when a rotation was started, where a worker does not look for itself. */
export const rotationStarted = Symbol('rotation started');
export type RotationStarted = (id: string) => Promise<void>;

/** Starting a rotation and seeing how far it is. The work itself is {@link KeyRotator}'s. */
@Injectable()
export class KeyRotationService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly commands: Commands,
    private readonly sealer: Sealer,
    @Inject(sealedTables) private readonly tables: readonly SealedTable[],
    @Optional() @Inject(rotationStarted) private readonly started?: RotationStarted,
  ) {}

  /** What is sealed under which version, and which versions may go. */
  async keys(): Promise<SealingKeysView> {
    const { blocksOf, rotation } = await inTransaction(this.dataSource, 'system', async (tx) => ({
      blocksOf: await this.countAll(tx),
      rotation: await latest(tx, 'true'),
    }));
    const given = new Set(this.sealer.versions);
    const current = this.sealer.version;
    const versions = [...new Set([...given, ...blocksOf.keys()])].sort((one, other) => one - other);
    return {
      current,
      versions: versions.map((version) => {
        const blocks = blocksOf.get(version) ?? 0;
        const isGiven = given.has(version);
        return { version, blocks, isGiven, isRemovable: isGiven && blocks === 0 && version !== current };
      }),
      rotation,
    };
  }

  /** @throws ProblemError NOTHING_TO_ROTATE */
  async start(command: Command): Promise<KeyRotationView> {
    const view = await this.commands.run(command, 'key.rotate', async (tx) => {
      // Of two starts at once the second finds the rotation of the first.
      await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('key_rotation', 0))`);
      const running = await latest(tx, `state = 'running'`);
      const before = running && (await digestOfRotation(tx, 'keyRotation', running.id));
      // The rows of every office are sealed under one key.
      const result = running ?? (await asSystem(tx, () => this.insert(tx, command)));
      const after = await digestOfRotation(tx, 'keyRotation', result.id);
      const facts = { toVersion: result.toVersion };
      return { result, subject: `key-rotation/${result.id}`, before, after, facts };
    });
    await this.started?.(view.id);
    return view;
  }

  /** @throws ProblemError KEY_ROTATION_NOT_FOUND */
  async get(id: string): Promise<KeyRotationView> {
    const view = await inTransaction(this.dataSource, 'system', (tx) => latest(tx, 'id = $1', [id]));
    if (!view) throw new ProblemError(keyRotationProblems.notFound);
    return view;
  }

  private async countAll(tx: Transaction): Promise<Map<number, number>> {
    const blocksOf = new Map<number, number>();
    for (const table of this.tables)
      for (const { version, count } of await countVersions(tx, table))
        blocksOf.set(version, (blocksOf.get(version) ?? 0) + count);
    return blocksOf;
  }

  private async insert(tx: Transaction, command: Command): Promise<KeyRotationView> {
    const { version } = this.sealer;
    const counted = [...(await this.countAll(tx))].filter(([of]) => of < version);
    if (counted.length === 0) throw new ProblemError(keyRotationProblems.nothingToRotate);
    const id = uuidv7();
    const blocks = counted.reduce((sum, [, count]) => sum + count, 0);
    await tx.query('INSERT INTO key_rotation (id, to_version, blocks, started_by) VALUES ($1, $2, $3, $4)', [
      id,
      version,
      blocks,
      command.actor.id,
    ]);
    return (await latest(tx, 'id = $1', [id]))!;
  }
}

type Row = Omit<KeyRotationView, 'startedAt' | 'finishedAt'> & { startedAt: Date; finishedAt: Date | null };

async function latest(
  tx: Transaction,
  where: string,
  parameters: unknown[] = [],
): Promise<KeyRotationView | null> {
  const [row] = (await tx.query(
    `SELECT ${viewColumns} FROM key_rotation WHERE ${where} ORDER BY id DESC LIMIT 1`,
    parameters,
  )) as Row[];
  if (!row) return null;
  const finishedAt = row.finishedAt?.toISOString() ?? null;
  return { ...row, startedAt: row.startedAt.toISOString(), finishedAt };
}
