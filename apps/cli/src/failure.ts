import { CommanderError } from 'commander';
import { type Problem, ProblemError, UnreachableError } from '@ansinh/client';
import type { Messages } from './messages/index.js';
import { plain } from './output/table.js';
import { usageMessage } from './usage.js';

export const exitCodes = {
  ok: 0,
  unexpected: 1,
  usage: 2,
  wrongFound: 3,
  refused: 4,
  notAllowed: 5,
  unreachable: 6,
} as const;

/** The command line cannot be understood, or names a file that is not there. */
export class UsageError extends Error {}

/** Nobody is signed in, the sign-in has expired, or the issuer refused it. */
export class SignInError extends Error {}

/** A refusal that the service would give, seen before it is asked: for the user it is one and the same. */
export function refusal(status: 404 | 409, code: string, title: string): ProblemError {
  const type = `urn:ansinh:problem:${code.toLowerCase().replaceAll('_', '-')}`;
  return new ProblemError({ type, code, status, title });
}

/** What a failure leaves behind: an exit code, and the problem that is printed. */
export interface Failure {
  exitCode: number;
  problem: Omit<Problem, 'status' | 'type'> & { status?: number };
}

export function failureOf(error: unknown, text: Messages, commandLine: string): Failure {
  const { general } = text;
  if (error instanceof ProblemError) return { exitCode: exitCodeOf(error), problem: error.problem };
  if (error instanceof UnreachableError) {
    return {
      exitCode: exitCodes.unreachable,
      problem: { title: general.unreachable, detail: error.message, code: 'UNREACHABLE' },
    };
  }
  if (error instanceof SignInError) {
    return {
      exitCode: exitCodes.notAllowed,
      problem: { title: general.notSignedIn, detail: error.message, code: 'NOT_SIGNED_IN' },
    };
  }
  if (error instanceof UsageError || error instanceof CommanderError) {
    const said = error instanceof CommanderError ? usageMessage(error, general.usage) : error.message;
    const detail = `${said} ${general.usage.seeHelp(commandLine)}`;
    return { exitCode: exitCodes.usage, problem: { title: general.wrongUsage, detail, code: 'WRONG_USAGE' } };
  }
  const detail = error instanceof Error ? error.message : String(error);
  return {
    exitCode: exitCodes.unexpected,
    problem: { title: general.unexpected, detail, code: 'UNEXPECTED' },
  };
}

function exitCodeOf({ problem: { status } }: ProblemError): number {
  if (status === 401 || status === 403) return exitCodes.notAllowed;
  if (status >= 400 && status < 500) return exitCodes.refused;
  return status >= 502 && status <= 504 ? exitCodes.unreachable : exitCodes.unexpected;
}

/** Title, detail, one line for each wrong field, and the request id to give to the administrator. */
export function describeFailure({ problem }: Failure, text: Messages['general']): string {
  const lines = [`${text.error}: ${problem.title}`];
  if (problem.detail) lines.push(`  ${problem.detail}`);
  for (const { pointer, detail } of problem.errors ?? []) lines.push(`  ${pointer}: ${detail}`);
  const marks = [problem.code, problem.instance && `${text.requestId} ${problem.instance}`].filter(Boolean);
  if (problem.status !== undefined && marks.length > 0) lines.push(`  (${marks.join(', ')})`);
  return lines.map(plain).join('\n');
}
