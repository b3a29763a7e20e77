import { CommanderError } from 'commander';
import { Context, type Terminal } from './context.js';
import { describeFailure, exitCodes, failureOf } from './failure.js';
import { chooseLanguage } from './language.js';
import { buildProgram } from './program.js';

/** Runs one command line (without the program's own name) and gives its exit code; see `exitCodes`. */
export async function run(argv: readonly string[], terminal: Terminal): Promise<number> {
  const context = new Context(terminal, chooseLanguage(argv, terminal.env));
  // The command line may turn out wrong before its options are known, and the answer to that is JSON too.
  context.options = { json: argv.includes('--json') };
  try {
    await buildProgram(context).parseAsync(argv, { from: 'user' });
    return context.exitCode;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.ok;
    return report(error, context, argv);
  }
}

function report(error: unknown, context: Context, argv: readonly string[]): number {
  const failure = failureOf(error, context.text, commandOf(argv));
  context.note(describeFailure(failure, context.text.general));
  if (context.json) context.print({ problem: failure.problem }, '');
  if (context.terminal.env['ANSINH_DEBUG'] && error instanceof Error) context.note(error.stack ?? '');
  return failure.exitCode;
}

/** The words before the first option or value: what to ask help of. */
function commandOf(argv: readonly string[]): string {
  const end = argv.findIndex((argument) => !/^[a-z]+$/.test(argument));
  return ['ansinh', ...argv.slice(0, end < 0 ? undefined : end).slice(0, 2)].join(' ');
}
