import type { Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { stopTracing } from '@ansinh/telemetry';
import { readConfig } from './config.js';
import { serveMetrics } from './metrics.js';
import { ServiceStop } from './stop.js';

const settings = {
  metricsPort: { name: 'METRICS_PORT', fallback: 'none', pattern: /^(none|\d{1,5})$/ },
  // Longer than a load balancer needs to see that the service is not ready.
  drainMs: { name: 'DRAIN_MS', fallback: '0', pattern: /^\d{1,6}$/ },
};

/**
 * Listens, and stops in order on SIGTERM or SIGINT. Ends the process with a plain sentence when a port is taken.
 */
export async function listen(app: NestFastifyApplication, host: string, port: number): Promise<void> {
  const { metricsPort, drainMs } = readConfig(settings);
  const logger = new Logger('service');
  let metrics: Server | null = null;
  let isStopping = false;
  const stop = (signal: NodeJS.Signals) => {
    if (isStopping) return;
    isStopping = true;
    logger.log(`${signal}: stopping`);
    void stopInOrder(app, Number(drainMs))
      .then(() => metrics?.close())
      .then(stopTracing)
      .catch((error: unknown) => {
        logger.error(error, 'stopped out of order');
        process.exitCode = 1;
      })
      // A connection that somebody forgot must not keep a stopped process alive.
      .finally(() => process.exit());
  };
  process.on('SIGTERM', stop).on('SIGINT', stop);
  try {
    if (metricsPort !== 'none') metrics = await serveMetrics(host, Number(metricsPort));
    await app.listen(port, host);
  } catch (error) {
    const { code, port: taken } = error as NodeJS.ErrnoException & { port?: number };
    if (code !== 'EADDRINUSE') throw error;
    const variable = taken === port ? 'PORT' : 'METRICS_PORT';
    process.stderr.write(
      `Cổng ${taken} đang được dùng / port ${taken} is in use. Set ${variable} to another.\n`,
    );
    metrics?.close();
    await app.close();
    process.exitCode = 1;
  }
}

/**
 * Not ready, and everything is still answered for a while; then the port closes and requests under way end, an upload as
 * well; only then do the modules end their own work and let go of queue, threads and database.
 */
async function stopInOrder(app: NestFastifyApplication, drainMs: number): Promise<void> {
  app.get(ServiceStop).drain();
  await sleep(drainMs);
  // Nest by itself would end the modules first, under the requests that need them.
  await app.getHttpAdapter().getInstance().close();
  await app.close();
}
