import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runToEnd } from '@ansinh/embedded';
import { WORKSPACE } from '../command.js';
import type { DemoList } from '../demo/list.js';

/** What `apps/disbursements/src/main.bench.ts` reports. */
export interface Lifecycle {
  rows: number;
  payments: number;
  steps: Record<'import' | 'check' | 'approve' | 'transmit' | 'outcomes' | 'reconcile' | 'verify', number>;
  bankSeconds: number;
  peakRssMb: number;
}

/** Our services in a process of their own, without HTTP and without the simulator, on an empty database. */
export async function measureLifecycle(
  { url, ownerUrl }: { url: string; ownerUrl: string },
  folder: string,
  list: DemoList,
  signal: AbortSignal,
): Promise<Lifecycle> {
  const key = () => randomBytes(32).toString('base64');
  const environment = {
    ...process.env,
    DATABASE_URL: url,
    MIGRATION_DATABASE_URL: ownerUrl,
    // Named because a service names them; this process listens to nobody and calls nobody.
    OIDC_ISSUER: 'http://127.0.0.1:9',
    BANK_URL: 'http://127.0.0.1:9',
    BANK_API_TOKEN: 'none',
    SEALING_KEYS: `1:${key()}`,
    LOOKUP_KEY: key(),
    LOG_LEVEL: 'warn',
  };
  const run = (name: string, script: string, args: string[] = []) =>
    runToEnd({
      name,
      script: join(WORKSPACE, 'apps/disbursements/dist', script),
      args,
      environment,
      logFile: join(folder, `${name}.log`),
      signal,
    });
  const [papers, report] = [join(folder, 'bank'), join(folder, 'lifecycle.json')];
  // Made anew for each list.
  await rm(papers, { recursive: true, force: true });
  await mkdir(papers, { mode: 0o700 });
  await run('disbursements-migrate', 'migrate.js');
  const [programmeCode = ''] = list.programmeCodes;
  await run('disbursements-bench', 'main.bench.js', [
    list.path,
    programmeCode,
    list.amount.toString(),
    papers,
    report,
  ]);
  return JSON.parse(await readFile(report, 'utf8')) as Lifecycle;
}
