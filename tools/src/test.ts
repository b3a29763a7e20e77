import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { throwawayDirectory } from '@ansinh/embedded';
import { runCommand, WORKSPACE } from './command.js';
import { countTests, skipReasons, summaryLine, type JestReport } from './test-summary.js';

// `npm test -- PATH …` runs the spec files that match. The database server (and Redis) of the tests is started by
// Jest's global set-up, for a single spec run by hand just as for all of them.
await runCommand(async (signal) => {
  const reportFile = join(throwawayDirectory('jest'), 'report.json');
  const jestExitCode = await runJest(
    ['--json', `--outputFile=${reportFile}`, ...process.argv.slice(2)],
    signal,
  );
  const report = existsSync(reportFile)
    ? (JSON.parse(readFileSync(reportFile, 'utf8')) as JestReport)
    : undefined;
  const counts = countTests(report);
  // Jest writes to standard error; the summary ends standard output, alone on its line.
  for (const line of report ? skipReasons(report) : []) process.stdout.write(`${line}\n`);
  process.stdout.write(`${summaryLine(counts)}\n`);
  return counts.failed > 0 ? 1 : jestExitCode;
});

function runJest(args: string[], signal: AbortSignal): Promise<number> {
  // Jest runs ES modules in contexts of its own, which Node still calls an experiment.
  const own = '--experimental-vm-modules --disable-warning=ExperimentalWarning';
  const nodeOptions = [process.env['NODE_OPTIONS'], own].filter(Boolean).join(' ');
  const jest = join(WORKSPACE, 'node_modules/jest/bin/jest.js');
  // `ignore` for standard output: with --json it repeats only where the report is.
  const child = spawn(process.execPath, [jest, '--maxWorkers=2', ...args], {
    cwd: WORKSPACE,
    env: { ...process.env, NODE_OPTIONS: nodeOptions },
    stdio: ['inherit', 'ignore', 'inherit'],
  });
  signal.addEventListener('abort', () => child.kill('SIGTERM'), { once: true });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
}
