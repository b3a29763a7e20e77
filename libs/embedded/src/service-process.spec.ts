import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { throwawayDirectory } from './directories.js';
import { freePort } from './ports.js';
import { startService, type ServiceProcess } from './service-process.js';

const directory = throwawayDirectory('service-spec');
const started: ServiceProcess[] = [];

afterEach(async () => {
  await Promise.all(started.splice(0).map((service) => service.stop()));
});

async function start(source: string): Promise<ServiceProcess> {
  const script = join(directory, 'service.mjs');
  writeFileSync(script, source);
  const port = await freePort();
  const service = await startService({
    name: 'sample',
    script,
    environment: { PORT: String(port) },
    logFile: join(directory, 'service.log'),
    readyUrl: `http://127.0.0.1:${port}/health/ready`,
  });
  started.push(service);
  return service;
}

const SERVER = `
import { createServer } from 'node:http';
const ready = Date.now() + 200;
createServer((request, reply) => reply.writeHead(Date.now() > ready ? 200 : 503).end()).listen(process.env.PORT, '127.0.0.1');
`;

describe('startService', () => {
  test('waits until the service is ready, and knows its peak memory', async () => {
    const service = await start(SERVER);
    expect(service.peakRssMb()).toBeGreaterThan(20);
    expect(await service.stop()).toEqual({ code: null, signal: 'SIGTERM' });
  });

  test('shows the log of a service that ends before it is ready', async () => {
    const failing = start(`console.error('SEALING_KEYS is missing'); process.exitCode = 3;`);
    await expect(failing).rejects.toMatchObject({
      name: 'FriendlyError',
      text: { en: expect.stringMatching(/exit code 3[^]*SEALING_KEYS is missing/) },
    });
  });

  test('reports a crash', async () => {
    const service = await start(SERVER);
    service.kill('SIGKILL');
    expect(await service.ended).toEqual({ code: null, signal: 'SIGKILL' });
  });

  test('stops a service that hangs', async () => {
    const service = await start(SERVER);
    service.kill('SIGSTOP');
    expect(await service.stop()).toMatchObject({ signal: 'SIGTERM' });
  });
});
