import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { type AuditEntry, type AuditProof, faultOfProof } from '@ansinh/audit-chain';
import { everyItem } from '@ansinh/client';
import type { Context } from '../context.js';
import { exitCodes } from '../failure.js';
import { printItems } from '../output/items.js';
import { formatInstant } from '../output/numbers.js';
import { table } from '../output/table.js';
import { matching, type ServiceName, serviceOption, wholeNumber, withExamples } from '../usage.js';
import { readJson, readKeys, saveJson } from './audit-files.js';
import { allRoots, registerAuditVerify } from './audit-verify.js';

interface OfService {
  service: ServiceName;
}

interface ListOptions extends OfService {
  subject?: string;
  actor?: string;
  verb?: string;
  from?: string;
  to?: string;
  limit: number;
}

export function registerAudit(program: Command, context: Context): void {
  const group = program.command('audit').description(context.text.audit.group);
  registerList(group, context);
  registerAuditVerify(group, context);
  registerProofs(group, context);
  registerKeys(group, context);
}

function registerList(group: Command, context: Context): void {
  const text = context.text.audit;
  const list = group
    .command('list')
    .description(text.list)
    .option('--subject <record>', text.options.subject)
    .option('--actor <user>', text.options.actor)
    .option('--verb <verb>', text.options.verb)
    .option('--from <instant>', text.options.from)
    .option('--to <instant>', text.options.to)
    .option('--limit <count>', text.options.limit, wholeNumber(context), 100)
    .addOption(serviceOption(context))
    .action(({ limit, service, ...query }: ListOptions) => {
      const all = everyItem((page) => context.of(service).audit.events({ ...query, ...page }));
      return printItems(context, all, limit, (events) => eventTable(context, events));
    });
  withExamples(list, context, [
    'ansinh audit list --subject batch/LO-00000042 --as auditor',
    'ansinh audit list --service registry --subject dossier/H05.09.169-261125-0001',
    'ansinh audit list --verb batch.approve --from 2026-11-01T00:00:00+07:00 --json',
  ]);
}

function registerProofs(group: Command, context: Context): void {
  const text = context.text.audit;
  const prove = group
    .command('prove')
    .description(text.prove)
    .argument('<seq>', text.seq, matching(/^[1-9][0-9]{0,17}$/, context.text.general.usage.wholeNumber))
    .requiredOption('-o, --output <file>', text.options.output)
    .addOption(serviceOption(context))
    .action(async (seq: string, { output, service }: OfService & { output: string }) =>
      saveJson(context, output, await context.of(service).audit.proof(seq)),
    );
  withExamples(prove, context, ['ansinh audit prove 42 -o proof.json --as auditor']);
  const check = group
    .command('check')
    .description(text.check)
    .argument('<proof>', text.proofFile)
    .requiredOption('--public-key <file>', text.options.publicKey)
    .action((file: string, { publicKey }: { publicKey: string }) => checkProof(context, file, publicKey));
  withExamples(check, context, ['ansinh audit check proof.json --public-key key.pem']);
}

function registerKeys(group: Command, context: Context): void {
  const text = context.text.audit;
  const keys = group
    .command('keys')
    .description(text.keys)
    .option('-o, --output <file>', text.options.output)
    .addOption(serviceOption(context))
    .action(({ output, service }: OfService & { output?: string }) => showKeys(context, service, output));
  withExamples(keys, context, ['ansinh audit keys -o key.pem --as auditor']);
  const roots = group
    .command('roots')
    .description(text.roots)
    .requiredOption('-o, --output <file>', text.options.output)
    .addOption(serviceOption(context))
    .action(async ({ output, service }: OfService & { output: string }) =>
      saveJson(context, output, { items: await allRoots(context, service) }),
    );
  withExamples(roots, context, ['ansinh audit roots -o roots-2026-11.json --as auditor']);
}

/** Needs no service and nobody signed in: the proof and the key say it all. */
async function checkProof(context: Context, file: string, keyFile: string): Promise<void> {
  const text = context.text.audit;
  const proof = await readJson(context, file);
  const faults = (await readKeys(context, keyFile)).map((key) => faultOfProof(proof, key));
  const ok = faults.includes(null);
  const fault = ok ? null : (faults.find((one) => one !== 'OTHER_KEY') ?? faults[0] ?? 'FORMAT');
  if (ok) {
    const { event, root } = proof as AuditProof;
    const content = [`${event.at}  ${event.actorId}  ${event.verb}  ${event.subject}`, event.facts].join(
      '\n',
    );
    context.print({ ok, fault, event }, `${text.proves(event.seq, root.day)}\n${content}`);
    return;
  }
  context.print({ ok, fault }, `${text.provesNot}: ${text.faults[fault!]}`);
  context.exitCode = exitCodes.wrongFound;
}

async function showKeys(context: Context, service: ServiceName, output?: string): Promise<void> {
  const { columns } = context.text.audit;
  const { keys } = await context.of(service).audit.log();
  if (output) {
    await writeFile(output, keys.map(({ publicKey }) => publicKey).join(''));
    context.print({ file: output }, context.text.general.saved(output));
    return;
  }
  await printItems(context, keys, undefined, (shown) =>
    table(
      [{ title: columns.since }, { title: columns.fingerprint }],
      shown.map(({ since, fingerprint }) => [formatInstant(since, context.language), fingerprint]),
    ),
  );
}

function eventTable(context: Context, events: AuditEntry[]): string {
  const { columns } = context.text.audit;
  return table(
    [
      { title: columns.seq, right: true },
      ...[columns.at, columns.actor, columns.verb, columns.subject, columns.office].map((title) => ({
        title,
      })),
    ],
    events.map(({ seq, at, actorName, verb, subject, office }) => [
      seq,
      formatInstant(at, context.language),
      actorName,
      verb,
      subject,
      office,
    ]),
  );
}
