import { type Command, CommanderError } from 'commander';
import { Context, type Terminal } from './context.js';
import { describeFailure, exitCodes, failureOf } from './failure.js';
import { chooseLanguage } from './language.js';
import { buildProgram } from './program.js';

/** Runs one command line (without the program's own name) and gives its exit code; see `exitCodes`. */
export async function run(argv: readonly string[], terminal: Terminal): Promise<number> {
  const context = new Context(terminal, chooseLanguage(argv, terminal.env));
  // The command line may turn out wrong before its options are known, and the answer to that is JSON too.
  context.options = { json: argv.includes('--json') };
  const program = buildProgram(context);
  try {
    await program.parseAsync(argv, { from: 'user' });
    return context.exitCode;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.ok;
    return report(error, context, commandOf(program, argv));
  }
}

function report(error: unknown, context: Context, commandLine: string): number {
  const failure = failureOf(error, context.text, commandLine);
  context.note(describeFailure(failure, context.text.general));
  if (context.json) context.print({ problem: failure.problem }, '');
  if (context.terminal.env['ANSINH_DEBUG'] && error instanceof Error) context.note(error.stack ?? '');
  return failure.exitCode;
}

/** The command that was meant, as far as there is one: what to ask help of. Options may stand before its words. */
function commandOf(program: Command, argv: readonly string[]): string {
  const path = [program];
  for (let at = 0; at < argv.length; at += 1) {
    const word = argv[at]!;
    if (word.startsWith('-')) {
      const option = path
        .flatMap(({ options }) => options)
        .find(({ short, long }) => word === short || word === long);
      if (option?.required) at += 1;
      continue;
    }
    const meant = path.at(-1)!.commands.find((command) => command.name() === word);
    if (!meant) break;
    path.push(meant);
  }
  return path.map((command) => command.name()).join(' ');
}
