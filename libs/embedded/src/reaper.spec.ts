import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { isAlive, waitForEnd } from './process-table.js';

const REAPER = new URL('./reaper.ts', import.meta.url).href;

/** Starts a `sleep` under the reaper's watch, hands it over or not, and waits to be killed. */
const OWNER = `
const { forgetProcess, removeAtEnd, watchProcess } = await import(${JSON.stringify(REAPER)});
const { spawn } = await import('node:child_process');
const child = spawn('sleep', ['60'], { detached: true, stdio: 'ignore' });
watchProcess(child.pid, 'TERM');
removeAtEnd(process.argv[1]);
if (process.argv[2] === 'forget') forgetProcess(child.pid);
console.log(child.pid);
setInterval(() => undefined, 1000);
`;

async function runOwner(directory: string, mode: string): Promise<number> {
  const owner = spawn(process.execPath, ['--input-type=module', '-e', OWNER, directory, mode], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH: process.env['PATH'] },
  });
  const [line] = (await once(owner.stdout, 'data')) as [Buffer];
  const exit = once(owner, 'exit');
  owner.kill('SIGKILL');
  await exit;
  return Number(line.toString());
}

test('what a process has started ends with it, even by SIGKILL, and its directories go', async () => {
  const directory = mkdtempSync(join(tmpdir(), "reaper's directory-"));
  const pid = await runOwner(directory, 'keep');
  expect(await waitForEnd(pid, 5_000)).toBe(true);
  while (existsSync(directory)) await new Promise((resolve) => setTimeout(resolve, 20));
});

test('what was handed over is left alone', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'reaper-'));
  const pid = await runOwner(directory, 'forget');
  while (existsSync(directory)) await new Promise((resolve) => setTimeout(resolve, 20));
  expect(isAlive(pid)).toBe(true);
  process.kill(pid);
});
