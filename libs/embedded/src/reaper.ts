import { spawn } from 'node:child_process';
import type { Socket } from 'node:net';

/**
 * A small shell process that outlives us. It reads what we have started from a pipe; when the pipe breaks, because
 * this process ended in whatever way (SIGKILL included), it ends what is left, youngest first, and removes the
 * directories that nobody asked to keep. After an orderly stop nothing is left for it to do, and it simply exits.
 */
const REAPER = `
trap '' INT TERM HUP
targets=''
directories=''
newline='
'
# A process that nobody waits for stays in the table as a zombie, in a container without an init for ever.
is_alive() { kill -0 "$1" 2>/dev/null && ! grep -q '^State:.Z' "/proc/$1/status" 2>/dev/null; }
while IFS= read -r line; do
  value=\${line#* }
  case $line in
    watch*) targets="$value $targets" ;;
    forget*)
      kept=''
      for target in $targets; do [ "\${target#*:}" = "$value" ] || kept="$kept $target"; done
      targets=$kept ;;
    remove*) directories="$directories$value$newline" ;;
  esac
done
for target in $targets; do
  pid=\${target#*:}
  kill -"\${target%%:*}" "$pid" 2>/dev/null || continue
  ticks=0
  while is_alive "$pid" && [ $ticks -lt 100 ]; do sleep 0.1; ticks=$((ticks + 1)); done
  kill -KILL "$pid" 2>/dev/null
done
printf '%s' "$directories" | while IFS= read -r directory; do rm -rf -- "$directory"; done
`;

let pipe: Socket | undefined;

/** Has the process ended by `signal` if we die without having called `forgetProcess`. */
export function watchProcess(pid: number, signal: 'INT' | 'TERM'): void {
  tellReaper(`watch ${signal}:${pid}`);
}

export function forgetProcess(pid: number): void {
  tellReaper(`forget ${pid}`);
}

/** Has the directory removed once we have ended, in whatever way. */
export function removeAtEnd(directory: string): void {
  if (directory.includes('\n')) throw new Error(`not a directory of ours: ${JSON.stringify(directory)}`);
  tellReaper(`remove ${directory}`);
}

function tellReaper(line: string): void {
  pipe ??= startReaper();
  pipe.write(`${line}\n`);
}

function startReaper(): Socket {
  // A session of its own: Ctrl-C in the terminal reaches the whole process group, and must not reach the reaper.
  const reaper = spawn('/bin/sh', ['-c', REAPER], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  reaper.unref();
  const socket = reaper.stdin as Socket;
  // Neither the reaper nor the pipe to it may keep this process running.
  socket.unref();
  socket.on('error', (error) => process.emitWarning(`the reaper has gone: ${error.message}`));
  return socket;
}
