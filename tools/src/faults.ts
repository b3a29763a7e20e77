import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { throwawayDirectory } from '@ansinh/embedded';
import { runCommand, WORKSPACE } from './command.js';
import { faultReport, type PlayedSchedule } from './faults/fault-report.js';

const whole = (text: string) => {
  if (!/^[0-9]{1,7}$/.test(text)) throw new InvalidArgumentError('cần số nguyên / a whole number is needed');
  return Number(text);
};

const options = new Command('npm run test:faults --')
  .description('Gây sự cố theo kịch bản ngẫu nhiên có hạt giống / seeded random schedules of faults')
  .option('--schedules <n>', 'số kịch bản / how many', whole, 200)
  .option('--seed <n>', 'hạt giống đầu tiên / the first seed; each schedule has the next one', whole, 1)
  .option('--survey', 'ghi lại các điểm dừng của đường gửi / write down the awaits anew, and play nothing')
  .option('--table <file>', 'ghi bảng kết quả / also write the table to a file')
  .parse()
  .opts<{ schedules: number; seed: number; survey?: boolean; table?: string }>();

const spec = 'apps/disbursements/test/faults-schedules';
const stepsFile = join(WORKSPACE, 'apps/disbursements/test/data/fault-steps.json');

// The schedules are a spec like any other: `npm test` plays a few of them, this as many as are asked for.
await runCommand(async (signal) => {
  const reportFile = join(throwawayDirectory('faults'), 'played');
  const exitCode = await runSpec(
    options.survey
      ? { ANSINH_FAULT_SURVEY: '1' }
      : {
          ANSINH_FAULT_SCHEDULES: String(options.schedules),
          ANSINH_FAULT_SEED: String(options.seed),
          ANSINH_FAULT_REPORT: reportFile,
        },
    signal,
  );
  if (!existsSync(reportFile)) return exitCode;
  const played = readFileSync(reportFile, 'utf8').trim().split('\n');
  const steps = JSON.parse(readFileSync(stepsFile, 'utf8')) as { at: string }[];
  const report = faultReport(
    played.map((line) => JSON.parse(line) as PlayedSchedule),
    steps,
  );
  process.stdout.write(`${report.table}\n`);
  if (options.table)
    writeFileSync(resolve(process.env['INIT_CWD'] ?? '.', options.table), `${report.table}\n`);
  for (const { seed, invariants } of report.broken) {
    const replay = `npm run test:faults -- --schedules 1 --seed ${seed}`;
    process.stdout.write(`seed ${seed} broke: ${invariants.join('; ')}. Again: ${replay}\n`);
  }
  for (const at of report.unlisted) {
    process.stdout.write(`no worker was ever killed at «${at}»: npm run test:faults -- --survey\n`);
  }
  return exitCode || (report.unlisted.length > 0 ? 1 : 0);
});

function runSpec(environment: Record<string, string>, signal: AbortSignal): Promise<number> {
  const test = join(WORKSPACE, 'tools/dist/test.js');
  const child = spawn(process.execPath, [test, spec], {
    cwd: WORKSPACE,
    env: { ...process.env, ...environment },
    stdio: 'inherit',
  });
  signal.addEventListener('abort', () => child.kill('SIGTERM'), { once: true });
  return new Promise((done, fail) => {
    child.once('error', fail);
    child.once('close', (code) => done(code ?? 1));
  });
}
