import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort, startService, throwawayDirectory, type ServiceProcess } from '@ansinh/embedded';

const WORKSPACE = fileURLToPath(new URL('../../../', import.meta.url));

export interface SpawnAppOptions {
  /** Folder under `apps`. */
  app: string;
  /** Entry file in its `dist`: `main.js` (the default), `main.worker.js`. */
  entry?: string;
  /** Settings of the app; PORT and HOST are chosen here unless given. */
  environment: Record<string, string>;
}

export interface SpawnedApp extends ServiceProcess {
  /** Base address, e.g. `http://127.0.0.1:40123`. */
  readonly url: string;
}

/**
 * Starts a built app in a process of its own, as production would, and waits until it is ready. For tests that kill
 * it (`kill('SIGKILL')`) or stop it in mid-work (`kill('SIGSTOP')`). It ends with the test run at the latest.
 */
export async function spawnApp(options: SpawnAppOptions): Promise<SpawnedApp> {
  const script = resolve(WORKSPACE, 'apps', options.app, 'dist', options.entry ?? 'main.js');
  if (!existsSync(script)) throw new Error(`${script} is not there: npm run build`);
  const port = options.environment['PORT'] ?? String(await freePort());
  const url = `http://127.0.0.1:${port}`;
  const name = `${options.app}/${options.entry ?? 'main.js'}`;
  const service = await startService({
    name,
    script,
    environment: { PATH: process.env['PATH'], HOST: '127.0.0.1', PORT: port, ...options.environment },
    logFile: resolve(throwawayDirectory('app'), 'app.log'),
    readyUrl: `${url}/health/ready`,
  });
  return { ...service, url };
}
