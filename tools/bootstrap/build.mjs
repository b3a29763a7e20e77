import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { exitCodeOf, runChild } from './run-child.mjs';
import { progress, Refusal, say } from './say.mjs';
import { workspace } from './workspace.mjs';

const stampFile = join(workspace, '.nx/ansinh-built');

/**
 * Builds every project through Nx, whose cache knows what has changed. Asking Nx takes the better part of a second, so
 * it is not asked at all when no source file has changed since the last build.
 */
export async function buildWorkspace(node) {
  const projects = listProjects();
  const fingerprint = fingerprintOf(projects);
  if (isBuilt(projects, fingerprint)) return;
  progress('Đang dựng…', 'Building…');
  const nx = JSON.parse(readFileSync(join(workspace, 'node_modules/nx/package.json'), 'utf8')).bin.nx;
  const end = await runChild(node, [join(workspace, 'node_modules/nx', nx), 'run-many', '-t', 'build'], {
    output: 'collect',
    cwd: workspace,
    // The tools that Nx calls (swc) must run on the same Node.
    env: {
      ...process.env,
      PATH: `${dirname(node)}:${process.env.PATH}`,
      NX_DAEMON: 'false',
      FORCE_COLOR: '0',
    },
  });
  if (end.code !== 0) {
    throw new Refusal(
      say(`Dựng không thành công:\n${end.printed}`, `The build failed:\n${end.printed}`),
      exitCodeOf(end),
    );
  }
  mkdirSync(dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, fingerprint);
}

function listProjects() {
  const folders = ['apps', 'libs'].flatMap((kind) =>
    readdirSync(join(workspace, kind)).map((name) => join(kind, name)),
  );
  return [...folders, 'tools']
    .map((folder) => join(workspace, folder))
    .filter((folder) => existsSync(join(folder, 'src')));
}

function isBuilt(projects, fingerprint) {
  if (!existsSync(stampFile) || readFileSync(stampFile, 'utf8') !== fingerprint) return false;
  return projects.every(
    (folder) => existsSync(join(folder, 'dist')) || readdirSync(join(folder, 'src')).length === 0,
  );
}

/** Path, size and time of every file that a build reads. */
function fingerprintOf(projects) {
  const hash = createHash('sha256');
  const settings = ['package-lock.json', '.swcrc', 'nx.json'].map((name) => join(workspace, name));
  for (const file of [
    ...settings,
    ...projects.flatMap((folder) => [join(folder, 'package.json'), ...filesUnder(join(folder, 'src'))]),
  ]) {
    const { size, mtimeMs } = statSync(file);
    hash.update(`${file} ${size} ${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

function filesUnder(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .sort((left, right) => (left.name < right.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? filesUnder(path) : [path];
    });
}
