import type { Transaction } from '@ansinh/database';
import { ProblemError } from '@ansinh/problem';
import { agencyCode, dossierCodeFormOn, writeDossierCode } from '@ansinh/procedures';
import { dossierProblems } from './dossier.problems.js';

const numbersOfDay = 9_999;

/**
 * The next code of a desk. Two receptions at once wait for each other at the row of the count, for as long as one takes; a
 * reception that fails gives its number back.
 * @throws ProblemError DOSSIER_NUMBERS_EXHAUSTED
 */
export async function nextDossierCode(tx: Transaction, officeCode: string, on: string): Promise<string> {
  const form = dossierCodeFormOn(on);
  const agency = agencyCode(form, unitsOf(officeCode));
  const [count] = (await tx.query(
    `INSERT INTO dossier_count AS count (agency_code, received_on, last) VALUES ($1, $2, 1)
     ON CONFLICT (agency_code, received_on) DO UPDATE SET last = count.last + 1 WHERE count.last < $3
     RETURNING last`,
    [agency, on, numbersOfDay],
  )) as { last: number }[];
  if (!count) throw new ProblemError(dossierProblems.dayFull);
  return writeDossierCode({ form, agency, receivedOn: on, sequence: count.last });
}

/**
 * Which identifying code the province gave to which office stands in no source that we have. Until it does, the code of the
 * place takes its stead: it names one office at a time, and fits the form.
 */
function unitsOf(officeCode: string): string[] {
  if (officeCode.length === 2) return [];
  return officeCode.length === 3 ? [officeCode] : [officeCode.slice(0, 2), officeCode.slice(2)];
}
