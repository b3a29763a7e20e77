import { accessSync, constants, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { exitCodeOf, runChild } from './run-child.mjs';
import { progress, Refusal, say } from './say.mjs';
import { workspace } from './workspace.mjs';

const NETWORK_TROUBLE =
  /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ENOTCACHED|ERR_SOCKET_TIMEOUT/;

/** Brings node_modules to what package-lock.json says; does nothing when it is there already. */
export async function ensureDependencies() {
  if (isInstalled()) return;
  progress(
    'Đang cài thư viện (chỉ lần đầu, khoảng một phút)…',
    'Installing dependencies (first time only, about a minute)…',
  );
  const from = Date.now();
  const ticker = setInterval(
    () => process.stderr.write(`  … ${Math.round((Date.now() - from) / 1000)} s\n`),
    10_000,
  );
  try {
    await npm('ci').catch((error) => {
      // A registry that has not every platform's packages makes npm call a good lock file incomplete.
      if (!/EUSAGE/.test(error.printed)) throw error;
      return npm('install', '--no-save');
    });
  } catch (error) {
    if (error.printed === undefined) throw error;
    throw refusal(error);
  } finally {
    clearInterval(ticker);
  }
}

/** The Node of the npm package `node`. Its install script puts the program in place; npm may have blocked that. */
export async function pinnedNode() {
  const home = join(workspace, 'node_modules/node');
  const program = join(home, 'bin/node');
  if (existsSync(program)) return program;
  await runChild(process.execPath, ['installArchSpecificPackage.js'], {
    output: 'collect',
    cwd: home,
    env: npmEnvironment(),
  });
  if (existsSync(program)) return program;
  const pinned = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')).version;
  if (process.versions.node.split('.')[0] === pinned.split('.')[0]) return process.execPath;
  throw new Refusal(
    say(
      `Thiếu Node ${pinned}: npm đã chặn bước cài đặt của gói "node". Hãy cho phép nó, hoặc chạy bằng Node ${pinned}.`,
      `Node ${pinned} is missing: npm has blocked the install script of the package "node". Allow it, or run this on Node ${pinned}.`,
    ),
  );
}

/** Compares the lock file with the one that npm leaves in node_modules when it has finished. */
function isInstalled() {
  const hidden = join(workspace, 'node_modules/.package-lock.json');
  if (!existsSync(hidden)) return false;
  const wanted = packagesOf(join(workspace, 'package-lock.json'));
  const present = packagesOf(hidden);
  return Object.entries(wanted).every(([path, { version, link, resolved, optional, devOptional }]) => {
    if (!path.includes('node_modules/')) return true;
    const found = present[path];
    if (!found) return Boolean(optional || devOptional);
    return link ? found.resolved === resolved : found.version === version;
  });
}

function packagesOf(lockFile) {
  return JSON.parse(readFileSync(lockFile, 'utf8')).packages;
}

async function npm(...args) {
  const flags = ['--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  const [file, ...before] = npmProgram();
  const end = await runChild(file, [...before, ...args, ...flags], {
    output: 'collect',
    cwd: workspace,
    env: npmEnvironment(),
  }).catch((error) => ({ code: 127, signal: null, printed: error.message }));
  if (end.code === 0) return;
  throw Object.assign(new Error('npm failed'), end);
}

/** The npm that runs us, or that of the PATH. */
function npmProgram() {
  const running = process.env.npm_execpath;
  return running?.endsWith('npm-cli.js') ? [process.execPath, running] : ['npm'];
}

/** npm cannot do without a cache. Where the home directory is read-only or absent it gets one of its own. */
function npmEnvironment() {
  const cache = process.env.npm_config_cache || join(homedir(), '.npm');
  if (canCreateIn(cache)) return process.env;
  const own = join(tmpdir(), `ansinh-npm-cache-${process.getuid?.() ?? 'user'}`);
  mkdirSync(own, { recursive: true, mode: 0o700 });
  return { ...process.env, npm_config_cache: own };
}

function canCreateIn(directory) {
  if (!existsSync(directory)) return directory !== dirname(directory) && canCreateIn(dirname(directory));
  try {
    accessSync(directory, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function refusal({ printed, code, signal }) {
  if (signal)
    return new Refusal(
      say('Đã dừng khi đang cài đặt.', 'Stopped during the installation.'),
      exitCodeOf({ code, signal }),
    );
  const tail = printed.trim().split('\n').slice(-15).join('\n');
  if (NETWORK_TROUBLE.test(printed)) {
    return new Refusal(
      say(
        `Không tải được thư viện từ kho npm: kiểm tra kết nối mạng (hoặc cấu hình registry, proxy) rồi chạy lại.\n${tail}`,
        `The dependencies could not be fetched from the npm registry: check the network (or the registry and proxy settings) and run this again.\n${tail}`,
      ),
    );
  }
  return new Refusal(
    say(`npm không cài được thư viện:\n${tail}`, `npm could not install the dependencies:\n${tail}`),
  );
}
