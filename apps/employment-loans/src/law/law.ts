import type { Transaction } from '@ansinh/database';
import { confirmationsOf, knownAt } from '@ansinh/law-confirmations';
import {
  type Catalogue,
  type Confirmation,
  nationalCatalogue,
  openPolicy,
  type Policy,
} from '@ansinh/policy';

const programmes = [
  'employment-loan-ceiling',
  'employment-loan-rate',
  'employment-loan-overdue',
  'employment-loan-term',
  'employment-loan-collateral',
  'employment-loan-interest-use',
  'employment-loan-job',
];

let carried: Catalogue | undefined;

/** The law of these loans, and no other. */
export function loanCatalogue(): Catalogue {
  const { programmes: all, ...rest } = nationalCatalogue();
  return (carried ??= {
    ...rest,
    programmes: Object.fromEntries(programmes.map((code) => [code, all[code]!])),
  });
}

/**
 * The law by which this service decides: the carried one with what named persons have confirmed. As it was recorded at an
 * instant, so that what was decided then can be explained; what was confirmed later is left out.
 */
export async function lawOf(tx: Transaction, recordedAt?: Date): Promise<Policy> {
  return opening(knownAt(await confirmationsOf(tx), recordedAt));
}

const openedMax = 8;
const opened = new Map<string, Policy>();

/** What a programme is on a day is compiled once for each state of the table, not once a request. */
function opening(confirmations: readonly Confirmation[]): Policy {
  const key = JSON.stringify(confirmations);
  const policy = opened.get(key) ?? openPolicy({ catalogue: loanCatalogue(), confirmations });
  if (!opened.has(key) && opened.size >= openedMax) opened.delete(opened.keys().next().value!);
  opened.set(key, policy);
  return policy;
}
