import type { Command } from 'commander';
import { type AuditFinding, type SignedRoot, verifyLog } from '@ansinh/audit-chain';
import { everyItem } from '@ansinh/client';
import type { Context } from '../context.js';
import { exitCodes } from '../failure.js';
import { startProgress } from '../output/progress.js';
import { type ServiceName, serviceOption, withExamples } from '../usage.js';
import { readKeys, readRoots } from './audit-files.js';

interface VerifyOptions {
  service: ServiceName;
  publicKey?: string;
  roots?: string;
}

const eventsPerReport = 1_000;

export function registerAuditVerify(group: Command, context: Context): void {
  const text = context.text.audit;
  const verify = group
    .command('verify')
    .description(text.verify)
    .option('--public-key <file>', text.options.trusted)
    .option('--roots <file>', text.options.kept)
    .addOption(serviceOption(context))
    .action((options: VerifyOptions) => verifyAudit(context, options));
  withExamples(verify, context, [
    'ansinh audit verify --as auditor',
    'ansinh audit verify --service registry --as auditor',
    'ansinh audit verify --public-key key.pem --roots roots-2026-11.json',
  ]);
}

/** The recomputing is done here: the service is not asked whether its log is whole. */
async function verifyAudit(context: Context, options: VerifyOptions): Promise<void> {
  const text = context.text.audit;
  const trusted = options.publicKey ? await readKeys(context, options.publicKey) : null;
  const kept = options.roots ? await readRoots(context, options.roots) : [];
  const { audit } = context.of(options.service);
  const { log, head, keys, signedUntil } = await audit.log();
  const roots = await allRoots(context, options.service);
  const progress = startProgress(context, 'rows');
  const report = (seq: string): void => {
    const done = Number(seq);
    if (done % eventsPerReport === 0)
      progress.update({ label: text.verifying, done, total: Number(head.seq) });
  };
  try {
    const { events, hidden, findings } = await verifyLog({
      log,
      roots,
      kept,
      keys: trusted ?? keys.map(({ publicKey }) => publicKey),
      until: signedUntil,
      entries: await audit.entries(),
      head,
      headAfter: async () => (await audit.log()).head,
      onEntry: report,
    });
    progress.stop();
    const ok = findings.length === 0;
    const said = ok
      ? text.whole(context.count(events), context.count(roots.length))
      : [
          ...findings.map((finding) => describe(context, finding)),
          text.broken(context.count(findings.length)),
        ];
    context.print({ ok, log, events, hidden, days: roots.length, findings }, [said].flat().join('\n'));
    if (hidden > 0) context.note(text.hidden(context.count(hidden)));
    if (!trusted) context.note(text.servedKeys);
    if (!ok) context.exitCode = exitCodes.wrongFound;
  } finally {
    progress.stop();
  }
}

export async function allRoots(context: Context, service: ServiceName): Promise<SignedRoot[]> {
  const roots: SignedRoot[] = [];
  for await (const root of everyItem((page) => context.of(service).audit.roots(page))) roots.push(root);
  return roots;
}

/** A finding in a sentence, with its place. */
function describe(context: Context, finding: AuditFinding): string {
  const { findings: say } = context.text.audit;
  const { kind, seq = '', to, from = '', day = '', toDay } = finding;
  const place = to === undefined || to === null || to === seq ? seq : `${seq}–${to}`;
  switch (kind) {
    case 'deleted':
      return to === null || to === undefined ? say.cutOff(seq) : say.deleted(seq, to);
    case 'moved':
      return say.moved(place, from);
    case 'rewritten':
      return say.rewritten(place, day);
    case 'edited':
    case 'inserted':
      return say[kind](place);
    case 'rootMissing':
      return say.rootMissing(toDay === day ? day : `${day} – ${toDay}`);
    case 'rootUnsigned':
    case 'rootAltered':
      return say[kind](day);
  }
}
