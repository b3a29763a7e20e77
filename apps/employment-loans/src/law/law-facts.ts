import type { Text } from '@ansinh/language';
import type { LoanProductCode } from '@ansinh/loans';
import { type Facts, readFacts } from '@ansinh/policy';
import { loanCatalogue } from './law.js';

export const lawFactNames = [
  'workers',
  'priorityWorkers',
  'isDisabled',
  'isEthnicMinority',
  'isInDifficultArea',
  'isPoor',
  'caresForDisabled',
  'contractCosts',
  'contractMonths',
] as const;
export type LawFactName = (typeof lawFactNames)[number];

/** A fact that an application tells, and the paper that says so. */
export interface ToldFact {
  fact: LawFactName;
  /** `true`, or a whole number: people, months or đồng. */
  value: string;
  document: string;
}

/** Of a person: where nobody tells them, the law takes them for not so. */
const ofPerson = [
  'isDisabled',
  'isEthnicMinority',
  'isInDifficultArea',
  'isPoor',
  'caresForDisabled',
] as const satisfies readonly LawFactName[];

/** What has to be told for a product, and what may be. */
const askedFor: Record<LoanProductCode, { needed: readonly LawFactName[]; open: readonly LawFactName[] }> = {
  'EL-ESTABLISHMENT': { needed: ['workers', 'priorityWorkers'], open: [] },
  'EL-WORKER': { needed: [], open: ofPerson },
  'OL-WORKER': { needed: ['contractCosts', 'contractMonths'], open: ofPerson },
};

export type FactFault = 'FACT_MISSING' | 'FACT_NOT_ASKED' | 'FACT_VALUE';

export interface FaultyFact {
  code: FactFault;
  fact: LawFactName;
  /** Its place among those that were told; null where it was not. */
  index: number | null;
}

/** What is wrong with the facts of an application. */
export function faultsOf(productCode: LoanProductCode, told: readonly ToldFact[]): FaultyFact[] {
  const { needed, open } = askedFor[productCode];
  const valueOf = (name: LawFactName) => told.find(({ fact }) => fact === name)?.value;
  const missing = needed.filter((name) => valueOf(name) === undefined);
  const wrong = told.flatMap(({ fact, value }, index): FaultyFact[] => {
    if (![...needed, ...open].includes(fact)) return [{ code: 'FACT_NOT_ASKED', fact, index }];
    const most = fact === 'priorityWorkers' ? valueOf('workers') : undefined;
    return isValue(fact, value, most) ? [] : [{ code: 'FACT_VALUE', fact, index }];
  });
  return [...missing.map((fact): FaultyFact => ({ code: 'FACT_MISSING', fact, index: null })), ...wrong];
}

const declared = () => loanCatalogue().programmes['employment-loan-rate']!.facts;

export const nameOfFact = (fact: LawFactName): Text => declared()[fact]!.name;

/** Nobody works at an establishment without workers, and no contract is for no month; nobody may be of a priority group. */
function isValue(fact: LawFactName, value: string, most: string | undefined): boolean {
  if (declared()[fact]!.type === 'boolean') return value === 'true';
  if (value === 'true') return false;
  if (fact !== 'priorityWorkers') return value !== '0';
  return most === undefined || most === 'true' || BigInt(value) <= BigInt(most);
}

/** As the rules ask for them. */
export function lawFactsOf(told: readonly ToldFact[]): Facts {
  const json = told.map(({ fact, value }) => {
    const { type } = declared()[fact]!;
    return [fact, type === 'boolean' ? true : type === 'amount' ? value : Number(value)] as const;
  });
  return readFacts(declared(), Object.fromEntries(json));
}
