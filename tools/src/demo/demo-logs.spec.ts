import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { throwawayDirectory } from '@ansinh/embedded';
import { generateRows, writeCsv } from '@ansinh/samples';

const workspace = fileURLToPath(new URL('../../../', import.meta.url));
const options = { rows: 400, seed: 20, flawed: 0.1 };

/** Everything that a whole run of the demo says: its own output, and the logs of every process that it started. */
let said: Map<string, string>;
let exitCode: number | null;
beforeAll(async () => {
  const folder = throwawayDirectory('demo-logs');
  const list = join(folder, 'list.csv');
  await writeCsv(generateRows(options), createWriteStream(list, { mode: 0o600 }));
  const { DATABASE_URL: _, ...environment } = process.env;
  // A bank with faults, and the most talkative logs: what goes wrong is what gets written about.
  const args = ['tools/dist/demo.js', '--list', list, '--faults', '0.05', '--seed', '3', '--state', folder];
  const demo = spawn(process.execPath, args, {
    cwd: workspace,
    env: { ...environment, NODE_OPTIONS: '', LOG_LEVEL: 'trace' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(demo, 'close') as Promise<[number | null]>;
  const [output, errors] = await Promise.all([text(demo.stdout), text(demo.stderr)]);
  [exitCode] = await ended;
  said = new Map([
    ['standard output', output],
    ['standard error', errors],
  ]);
  for (const name of await readdir(join(folder, 'logs'))) {
    said.set(name, await readFile(join(folder, 'logs', name), 'utf8'));
  }
}, 180_000);

/** Every citizen number and account of the list, also the wrong ones that are long enough to be somebody's. */
function numbersOf(): string[] {
  const cells = [...generateRows(options)].flatMap(({ payeeId, account }) => [payeeId, account]);
  return [...new Set(cells.filter((cell) => /^[0-9A-Za-z]{9,}$/.test(cell)))];
}

/** Which of the numbers stand where; an empty list is what is hoped for. */
function found(in_: Map<string, string>): string[] {
  return [...in_].flatMap(([name, content]) =>
    numbersOf().flatMap((number) => (content.includes(number) ? [`${name}: ${number.slice(-4)}`] : [])),
  );
}

describe('a run of the demo', () => {
  test('went through, and all of its processes wrote logs', () => {
    expect({ exitCode, errors: said.get('standard error') }).toMatchObject({ exitCode: 0 });
    const services = [
      'bank-simulator',
      'disbursements',
      'disbursements-worker',
      'gateway',
      'postgres',
      'registry',
      'social-protection',
      'social-protection-worker',
      'employment-loans',
      'employment-loans-worker',
    ];
    for (const service of services) expect(said.get(`${service}.log`)).toMatch(/\S/);
    // What it is about did happen: lines with findings, and requests that were logged.
    expect(said.get('standard output')).toMatch(/"INVALID_CITIZEN_ID":[1-9]/);
    expect(said.get('disbursements.log')).toContain('/payments');
  });

  test('wrote no citizen number and no account of its list anywhere', () => {
    expect(numbersOf().length).toBeGreaterThan(700);
    expect(found(said)).toEqual([]);
  });

  test('would be found out', () => {
    const number = numbersOf()[17]!;
    const planted = new Map(said).set('disbursements.log', `${said.get('disbursements.log')}x${number}x`);
    expect(found(planted)).toEqual([`disbursements.log: ${number.slice(-4)}`]);
  });
});
