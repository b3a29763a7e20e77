import { ApiProperty } from '@nestjs/swagger';
import type { DataSource } from 'typeorm';
import { inTransaction, limitStatement, type Scope } from '@ansinh/database';
import { gaugeOf } from '@ansinh/telemetry';

const readSecondsMax = 2;

export class RegistryReading {
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'When the registry was last read to its end; null: never',
  })
  readAt: string | null;
}

/** How far a service has read the registry (`registryCursorTable`). */
export async function registryReading(dataSource: DataSource, scope: Scope): Promise<RegistryReading> {
  const [row] = (await inTransaction(dataSource, scope, (tx) =>
    tx.query('SELECT read_at FROM registry_cursor'),
  )) as { read_at: Date | null }[];
  return { readAt: row!.read_at?.toISOString() ?? null };
}

/** A gauge of it. Every process of a service tells the same, so a rule takes the largest. Absent where it cannot be read. */
export function observeRegistryReading(dataSource: DataSource): void {
  gaugeOf({
    name: 'ansinh_registry_unread_seconds',
    help: 'Since the registry was read to its end; since 1970: never.',
    read: async (gauge) => {
      const [row] = (await inTransaction(dataSource, 'system', async (tx) => {
        await limitStatement(tx, readSecondsMax);
        return tx.query(
          `SELECT extract(epoch FROM clock_timestamp() - coalesce(read_at, 'epoch'))::float8 AS seconds FROM registry_cursor`,
        );
      })) as { seconds: number }[];
      gauge.set(row!.seconds);
    },
  });
}
