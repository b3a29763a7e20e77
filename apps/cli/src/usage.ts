import { type Command, type CommanderError, InvalidArgumentError, Option } from 'commander';
import type { Context } from './context.js';
import type { Messages } from './messages/index.js';

export const idForm = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Services that each have an audit log and sealing keys of their own. */
export type ServiceName = (typeof serviceNames)[number];

const serviceNames = ['disbursements', 'registry', 'social-protection', 'employment-loans'] as const;

/** `--service`: of which one. */
export const serviceOption = (context: Context): Option =>
  new Option('--service <name>', context.text.general.service).choices(serviceNames).default(serviceNames[0]);

type UsageText = Messages['general']['usage'];

/** Says in the user's language what commander says in English only; the names are those that it quotes. */
export function usageMessage(error: CommanderError, text: UsageText): string {
  const quoted = [...error.message.matchAll(/'([^']*)'/g)].map((match) => match[1] ?? '');
  const [first = '', second = ''] = quoted;
  const suggested = /Did you mean (?:one of )?([^?]+)\?/.exec(error.message)?.[1];
  const suggestion = suggested ? ` ${text.suggestion(suggested)}` : '';
  switch (error.code) {
    case 'commander.missingArgument':
      return text.missingArgument(first);
    case 'commander.optionMissingArgument':
      return text.optionMissingArgument(first);
    case 'commander.missingMandatoryOptionValue':
      return text.missingOption(first);
    case 'commander.unknownOption':
      return text.unknownOption(first) + suggestion;
    case 'commander.unknownCommand':
      return text.unknownCommand(first) + suggestion;
    case 'commander.excessArguments':
      return text.excessArguments;
    case 'commander.conflictingOption':
      return text.conflictingOption(first, second);
    case 'commander.invalidArgument': {
      // Options are quoted "option, value", arguments "value, argument"; the reason is our parser's own sentence.
      const [value, name] = error.message.includes('command-argument') ? [first, second] : [second, first];
      const reason = error.message.split(/is invalid(?: for argument '[^']*')?\. /)[1] ?? '';
      return `${text.invalidValue(name, value)} ${reason}`.trim();
    }
    case 'commander.help':
      return text.incomplete;
    default:
      return error.message;
  }
}

/** An option with a fixed set of values. */
export function choice(flags: string, about: string, values: readonly string[], context: Context): Option {
  return new Option(flags, about).choices(values).argParser(oneOf(values, context));
}

/** A parser of one of a few values. */
export function oneOf(values: readonly string[], context: Context): (value: string) => string {
  return (value) => {
    if (values.includes(value)) return value;
    throw new InvalidArgumentError(context.text.general.usage.allowed(values.join(', ')));
  };
}

/** A parser of values that match `form`; what it refuses is explained by `reason`. */
export function matching(form: RegExp, reason: string): (value: string) => string {
  return (value) => {
    if (form.test(value)) return value;
    throw new InvalidArgumentError(reason);
  };
}

/** The same for an option that may be repeated. */
export function collecting(parse: (value: string) => string): (value: string, before?: string[]) => string[] {
  return (value, before = []) => [...before, parse(value)];
}

const amountForm = /^[1-9][0-9]{0,14}$/;

export function amount(context: Context): (value: string) => string {
  return matching(amountForm, context.text.general.usage.amount);
}

export function wholeNumber(context: Context): (value: string) => number {
  const parse = matching(/^[1-9][0-9]{0,8}$/, context.text.general.usage.wholeNumber);
  return (value) => Number(parse(value));
}

/** Appends examples to the help of a command, one command line each. */
export function withExamples(command: Command, context: Context, examples: string[]): Command {
  const lines = examples.map((example) => `  ${example}`).join('\n');
  return command.addHelpText('after', `\n${context.text.general.examples}\n${lines}`);
}
