import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand, tell, WORKSPACE } from './command.js';
import { GENERATED_FILES, type GeneratedFile } from './generated-files.js';

// Compares every generated file with what its program prints now; `--write` brings the files up to date instead.
await runCommand(async () => {
  const isWriting = process.argv.includes('--write');
  const stale = GENERATED_FILES.filter((generated) => !(isWriting ? write(generated) : isCurrent(generated)));
  return stale.length > 0 ? 1 : 0;
});

function isCurrent({ file, command }: GeneratedFile): boolean {
  const fresh = print(command);
  if (fresh === undefined) return false;
  const path = join(WORKSPACE, file);
  const committed = existsSync(path) ? readFileSync(path, 'utf8') : '';
  if (committed === fresh) return true;
  const line = firstDifference(committed, fresh);
  tell({
    vi: `${file} không còn khớp với mã nguồn, từ dòng ${line}. Chạy: node tools/run.mjs generated --write`,
    en: `${file} is not what its sources say, from line ${line}. Run: node tools/run.mjs generated --write`,
  });
  return false;
}

function write({ file, command }: GeneratedFile): boolean {
  const fresh = print(command);
  if (fresh !== undefined) writeFileSync(join(WORKSPACE, file), fresh);
  return fresh !== undefined;
}

function print([program = 'node', ...args]: readonly string[]): string | undefined {
  const { status, stdout, stderr } = spawnSync(program === 'node' ? process.execPath : program, args, {
    cwd: WORKSPACE,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status === 0 && stdout.length > 0) return stdout;
  process.stderr.write(`${[program, ...args].join(' ')}: exit code ${status}\n${stderr}`);
  return undefined;
}

function firstDifference(left: string, right: string): number {
  const [leftLines, rightLines] = [left.split('\n'), right.split('\n')];
  const index = rightLines.findIndex((line, at) => line !== leftLines[at]);
  return (index < 0 ? rightLines.length : index) + 1;
}
