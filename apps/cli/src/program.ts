import { Command, type Option } from 'commander';
import { registerAccess } from './commands/access.js';
import { registerAudit } from './commands/audit.js';
import { registerBankProfiles } from './commands/bank-profiles.js';
import { registerBatchDecisions } from './commands/batch-decide.js';
import { registerBatchFindings } from './commands/batch-findings.js';
import { registerBatchLists } from './commands/batch-list.js';
import { registerBatchPreparation } from './commands/batch-prepare.js';
import { registerBatchSending } from './commands/batch-send.js';
import { registerCash } from './commands/cash.js';
import { registerDossiers } from './commands/dossier.js';
import { registerExceptions } from './commands/exceptions.js';
import { registerFollowUps } from './commands/follow-up.js';
import { registerFund } from './commands/fund.js';
import { registerKeys } from './commands/keys.js';
import { registerList } from './commands/list.js';
import { registerLoans } from './commands/loans.js';
import { registerPayments } from './commands/payments.js';
import { registerProgramme } from './commands/programme.js';
import { registerReconcile } from './commands/reconcile.js';
import { registerRecovery } from './commands/recover.js';
import { registerRegistry } from './commands/registry.js';
import { registerSamples } from './commands/sample.js';
import { registerSchedules } from './commands/schedule.js';
import { registerSession } from './commands/session.js';
import { registerStatement } from './commands/statement.js';
import { registerPolicy } from './commands/support.js';
import { registerUpcoming } from './commands/upcoming.js';
import { registerVerify } from './commands/verify.js';
import type { Context, GlobalOptions } from './context.js';
import { choice, withExamples } from './usage.js';

/** The whole command line. It never ends the process: refusals of the command line are thrown as `CommanderError`. */
export function buildProgram(context: Context): Command {
  const { general, batch } = context.text;
  const program = new Command('ansinh');
  speakLanguage(program, context);
  program
    .description(general.about)
    .version('0.1.0', '-V, --version', general.options.version)
    .option('--url <url>', general.options.url)
    .option('--as <user>', general.options.as)
    .option('--json', general.options.json)
    .addOption(choice('--lang <language>', general.options.lang, ['vi', 'en'], context))
    .addHelpText('after', `\n${general.environment}\n\n${general.exitCodes}`)
    .hook('preAction', () => {
      context.options = program.opts<GlobalOptions>();
    });
  withExamples(program, context, [
    'ansinh login maker',
    'ansinh batch create --fund NS-2022 --programme QD-08 --purpose "Hỗ trợ thuê nhà" --period 2022-03',
    'ansinh batch import LO-00000042 list.xlsx --set-aside',
    'ansinh batch approve LO-00000042 --as checker1',
    'ansinh batch send LO-00000042 --watch --as operator',
    'ansinh reconcile LO-00000042',
  ]);
  registerSession(program, context);
  registerFund(program, context);
  registerProgramme(program, context);
  registerBankProfiles(program, context);
  const batches = program.command('batch').description(batch.group);
  registerBatchPreparation(batches, context);
  registerBatchFindings(batches, context);
  registerBatchDecisions(batches, context);
  registerBatchSending(batches, context);
  registerBatchLists(batches, context);
  registerFollowUps(batches, context);
  registerCash(program, context);
  registerStatement(program, context);
  registerReconcile(program, context);
  registerExceptions(program, context);
  registerPayments(program, context);
  registerAccess(program, context);
  registerKeys(program, context);
  registerRecovery(program, context);
  registerVerify(program, context);
  registerAudit(program, context);
  registerSamples(program, context);
  registerSchedules(program, context);
  registerUpcoming(program, context);
  registerList(program, context);
  registerLoans(program, context);
  registerDossiers(program, context);
  registerRegistry(program, context);
  registerPolicy(program, context);
  return program;
}

/** Commander speaks English only: its titles, remarks and errors are replaced here for every command below. */
function speakLanguage(program: Command, context: Context): void {
  const { general } = context.text;
  const { stdout, stderr } = context.terminal;
  const translateUsage = (usage: string): string =>
    usage.replace(/\[(options|command)\]/g, (word) => general.usageWords[word] ?? word);
  program
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void stdout.write(text),
      writeErr: (text) => void stderr.write(text),
      outputError: () => undefined,
      getOutHelpWidth: () => stdout.columns ?? 110,
      getErrHelpWidth: () => stderr.columns ?? 110,
    })
    .configureHelp({
      showGlobalOptions: true,
      styleTitle: (title) => general.titles[title] ?? title,
      styleUsage: translateUsage,
      styleSubcommandTerm: translateUsage,
      optionDescription: (option) => describeOption(option, context),
    })
    .helpOption('-h, --help', general.options.help)
    .helpCommand('help [command]', general.helpCommand);
}

function describeOption({ description, argChoices, defaultValue }: Option, context: Context): string {
  const { choices, byDefault } = context.text.general;
  const remarks: string[] = [];
  if (argChoices) remarks.push(choices(argChoices.join(', ')));
  if (defaultValue !== undefined && typeof defaultValue !== 'boolean')
    remarks.push(byDefault(String(defaultValue)));
  return remarks.length > 0 ? `${description} (${remarks.join('; ')})` : description;
}
