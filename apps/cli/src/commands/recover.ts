import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import type { Recovery, RecoveryStatus } from '@ansinh/client';
import type { Context } from '../context.js';
import { exitCodes } from '../failure.js';
import { startProgress } from '../output/progress.js';
import { facts } from '../output/table.js';
import { withExamples } from '../usage.js';

const lookMs = 500;
/** As many names as a person reads; `--json` has all. */
const namesShown = 20;

/** `recover status`, `begin` and `end`: after a backup came back, until the books say what the bank knows. */
export function registerRecovery(program: Command, context: Context): void {
  const text = context.text.recovery;
  const recover = program.command('recover').description(text.group);
  const status = recover
    .command('status')
    .description(text.status)
    .action(async () => {
      const found = await context.client.recovery.status();
      printStatus(context, found);
      if (!found.isSendingOpen) context.exitCode = exitCodes.wrongFound;
    });
  withExamples(status, context, ['ansinh recover status --as operator']);
  const begin = recover
    .command('begin')
    .description(text.begin)
    .requiredOption('--note <text>', text.options.beginNote)
    .action(async ({ note }: { note: string }) => {
      await context.client.recovery.begin(note);
      printStatus(context, await follow(context));
    });
  withExamples(begin, context, [
    'ansinh recover begin --note "Bản sao lưu 02:00 ngày 25/11, Giám đốc quyết định" --as operator',
  ]);
  const end = recover
    .command('end')
    .description(text.end)
    .requiredOption('--note <text>', text.options.endNote)
    .action(async ({ note }: { note: string }) =>
      printStatus(context, await context.client.recovery.end(note)),
    );
  withExamples(end, context, ['ansinh recover end --note "Đã đối chiếu đủ với ngân hàng" --as operator']);
}

/** Until a person has to look at it. Ctrl-C leaves it running. */
async function follow(context: Context): Promise<RecoveryStatus> {
  const progress = startProgress(context, 'rows');
  try {
    for (;;) {
      const status = await context.client.recovery.status();
      const { asked, state, problem } = status.recovery!;
      progress.update({
        label: context.text.recovery.asking,
        done: asked,
        ...(problem !== null && { note: problem }),
      });
      if (state === 'collected' || state === 'ended') return status;
      await sleep(lookMs);
    }
  } finally {
    progress.stop();
  }
}

function printStatus(context: Context, status: RecoveryStatus): void {
  const titles = context.text.recovery.facts;
  const { recovery, unknownPayments, serverStartedAt } = status;
  const pairs: [string, string][] = [[titles.started, serverStartedAt]];
  if (recovery) pairs.push(...recoveryFacts(context, recovery));
  if (unknownPayments.count > 0) {
    pairs.push([
      titles.unknown,
      `${context.count(unknownPayments.count)}  ${context.amount(unknownPayments.amount)}`,
    ]);
  }
  context.print(status, `${standing(context, status)}\n\n${facts(pairs)}`);
}

function standing(context: Context, { isSendingOpen, comparison, recovery }: RecoveryStatus): string {
  const text = context.text.recovery;
  if (isSendingOpen) return text.open;
  if (recovery && recovery.state !== 'ended') return text.running[recovery.state];
  return comparison ? text.ahead(context.count(comparison.messages.length)) : text.notCompared;
}

function recoveryFacts(context: Context, recovery: Recovery): [string, string][] {
  const titles = context.text.recovery.facts;
  const pairs: [string, string][] = [
    [titles.recovery, `${recovery.number}  ${recovery.begunAt}  ${recovery.begunBy}  ${recovery.note}`],
    [titles.numbers, `${recovery.firstSkipped}–${recovery.lastSkipped}`],
    [titles.paused, context.count(recovery.paused)],
    [titles.asked, context.count(recovery.asked)],
  ];
  for (const kind of ['newlyKnown', 'lost', 'byHand'] as const) {
    const names = recovery[kind];
    if (names.length > 0) {
      pairs.push([titles[kind], `${context.count(names.length)}  ${names.slice(0, namesShown).join(' ')}`]);
    }
  }
  if (recovery.problem !== null) pairs.push([titles.problem, recovery.problem]);
  return pairs;
}
