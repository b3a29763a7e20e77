import { spawn } from 'node:child_process';
import { delimiter, dirname, join } from 'node:path';
import { STEPS, type Step, type StepOutcome } from './ci-steps.js';
import { runCommand, WORKSPACE } from './command.js';

interface Finished {
  step: Step;
  seconds: number;
  outcome: StepOutcome;
}

// `npm run ci` runs every step, also after a red one; `npm run ci -- lint types` only those; `--without=tests` the rest.
await runCommand(async (signal) => {
  const steps = chosenSteps(process.argv.slice(2));
  const finished = await runTwoAtOnce(
    steps.filter(({ isLive }) => !isLive),
    signal,
  );
  // What shows its output as it comes uses the whole machine, and is read by somebody: alone, and last.
  for (const step of steps.filter(({ isLive }) => isLive && !signal.aborted)) {
    finished.push(await runStep(step, signal));
  }
  process.stdout.write(`\n${table(finished)}\n`);
  return finished.some(({ outcome }) => outcome.state === 'failed') ? 1 : 0;
});

function chosenSteps(argv: string[]): readonly Step[] {
  const without = argv.flatMap((argument) => /^--without=(.+)$/.exec(argument)?.[1]?.split(',') ?? []);
  const only = argv.filter((argument) => !argument.startsWith('--'));
  const unknown = [...only, ...without].filter((name) => !STEPS.some((step) => step.name === name));
  if (unknown.length > 0) throw new Error(`no such step: ${unknown.join(', ')}`);
  return STEPS.filter(({ name }) => !without.includes(name) && (only.length === 0 || only.includes(name)));
}

/** Each gate keeps one core busy, and the machines of continuous integration have two. */
async function runTwoAtOnce(steps: readonly Step[], signal: AbortSignal): Promise<Finished[]> {
  const waiting = steps.values();
  const finished: Finished[] = [];
  const work = async () => {
    for (const step of waiting) {
      if (signal.aborted) return;
      finished.push(await runStep(step, signal));
    }
  };
  await Promise.all([work(), work()]);
  return finished;
}

async function runStep(step: Step, signal: AbortSignal): Promise<Finished> {
  process.stdout.write(`▶ ${step.name}: ${step.command.join(' ')}\n`);
  const from = Date.now();
  const run = await runProgram(step, signal);
  const outcome = step.judge?.(run) ?? { state: run.exitCode === 0 ? 'ok' : 'failed' };
  if (outcome.state === 'failed' && !step.isLive) process.stdout.write(`${run.output.trimEnd()}\n`);
  return { step, seconds: (Date.now() - from) / 1000, outcome };
}

function runProgram(step: Step, signal: AbortSignal): Promise<{ exitCode: number; output: string }> {
  const [program = '', ...args] = step.command;
  const child = spawn(program, args, {
    cwd: WORKSPACE,
    env: {
      ...process.env,
      PATH: searchPath(),
      REDOCLY_TELEMETRY: 'off',
      REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true',
    },
    stdio: step.isLive ? 'inherit' : ['ignore', 'pipe', 'pipe'],
  });
  const stop = () => child.kill('SIGTERM');
  signal.addEventListener('abort', stop, { once: true });
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      signal.removeEventListener('abort', stop);
      resolve({ exitCode: code ?? 1, output });
    });
  });
}

/** The pinned Node first: whatever else the machine has must not run our checks. */
function searchPath(): string {
  return [dirname(process.execPath), join(WORKSPACE, 'node_modules/.bin'), process.env['PATH']].join(
    delimiter,
  );
}

function table(finished: readonly Finished[]): string {
  const width = Math.max(...finished.map(({ step }) => step.name.length));
  const lines = finished.map(({ step, seconds, outcome }) => {
    const note = outcome.note ? `: ${outcome.note}` : '';
    return `${step.name.padEnd(width)}  ${seconds.toFixed(1).padStart(6)} s  ${outcome.state}${note}`;
  });
  return lines.join('\n');
}
