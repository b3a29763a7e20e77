import type { Command } from 'commander';
import type { Context } from '../context.js';
import { exitCodes } from '../failure.js';
import { table } from '../output/table.js';
import { withExamples } from '../usage.js';

export function registerVerify(program: Command, context: Context): void {
  const text = context.text.money;
  const verify = program
    .command('verify')
    .description(text.verify)
    .action(async () => {
      const { columns, holds, fails, verified, notVerified } = text;
      const verification = await context.client.verification();
      const titles = [columns.check, columns.result, columns.expected, columns.actual];
      const rows = verification.checks.map(({ name, ok, expected, actual }) => [
        name,
        ok ? holds : fails,
        String(expected),
        String(actual),
      ]);
      const ok = verification.ok && verification.checks.every((check) => check.ok);
      const checks = table(
        titles.map((title) => ({ title })),
        rows,
      );
      context.print({ ...verification, ok }, `${checks}\n\n${ok ? verified : notVerified}`);
      if (!ok) context.exitCode = exitCodes.wrongFound;
    });
  withExamples(verify, context, ['ansinh verify --as auditor']);
}
