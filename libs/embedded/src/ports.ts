import { randomInt } from 'node:crypto';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { FriendlyError } from './friendly-error.js';

/** A TCP port of 127.0.0.1 that nobody listens on at this moment. */
export async function freePort(): Promise<number> {
  const [port] = await freePorts(1);
  return port as number;
}

/** Below the range from which systems take ports for outgoing connections: there, one found free is taken a moment later. */
const PORTS = { first: 15_000, last: 32_000 };
const ATTEMPTS_MAX = 100;

/** As many free ports, all different: each is held until the last one is found. */
export async function freePorts(count: number): Promise<number[]> {
  const holders: Server[] = [];
  for (let attempt = 1; holders.length < count; attempt += 1) {
    try {
      holders.push(await listen(randomInt(PORTS.first, PORTS.last)));
    } catch (error) {
      if (attempt >= ATTEMPTS_MAX || (error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    }
  }
  const ports = holders.map((holder) => (holder.address() as AddressInfo).port);
  await Promise.all(holders.map(close));
  return ports;
}

/**
 * Refuses a taken port before a process of ours fails on it with a message of its own.
 * `variable` is the environment variable by which the reader can choose another port.
 */
export async function assertPortFree(port: number, what: string, variable: string): Promise<void> {
  try {
    await close(await listen(port));
  } catch (error) {
    throw portInUse(port, what, variable, error);
  }
}

export function portInUse(port: number, what: string, variable: string, cause?: unknown): FriendlyError {
  const other = port < 50_000 ? port + 10_000 : port - 10_000;
  return new FriendlyError(
    {
      vi: `Cổng ${port} (${what}) đang được dùng. Hãy dừng chương trình đang giữ cổng đó, hoặc chọn cổng khác: ${variable}=${other}`,
      en: `Port ${port} (${what}) is in use. Stop the program that holds it, or choose another port: ${variable}=${other}`,
    },
    { cause },
  );
}

function listen(port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => resolve(server));
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}
