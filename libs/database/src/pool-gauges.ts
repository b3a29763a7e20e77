import type { Pool } from 'pg';
import type { DataSource } from 'typeorm';
import { gaugeOf } from '@ansinh/telemetry';

/** How many connections of the pool are in use, and how many callers wait for one. */
export function observePool(dataSource: DataSource): void {
  const pool = () => (dataSource.driver as unknown as { master: Pool }).master;
  gaugeOf({
    name: 'ansinh_database_pool_connections',
    help: 'Connections to the database by what they do.',
    labelNames: ['state'],
    read: (gauge) => {
      const { totalCount, idleCount } = pool();
      gauge.set({ state: 'used' }, totalCount - idleCount);
      gauge.set({ state: 'idle' }, idleCount);
    },
  });
  gaugeOf({
    name: 'ansinh_database_pool_waiting',
    help: 'Callers that wait for a connection to the database.',
    read: (gauge) => gauge.set(pool().waitingCount),
  });
}
