import type { Text } from '@ansinh/language';
import type { LoanProductCode } from '@ansinh/loans';
import { type Facts, openPolicy, readFacts } from '@ansinh/policy';
import { loanCatalogue } from './law.js';

/** What an application may tell: of what the law asks that which neither its other fields nor a move say. */
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

/** What the law asks before it lends. */
export const lendingProgrammes = {
  ceiling: 'employment-loan-ceiling',
  term: 'employment-loan-term',
  rate: 'employment-loan-rate',
  collateral: 'employment-loan-collateral',
} as const;

export const purposeOf = (productCode: LoanProductCode) => (productCode === 'OL-WORKER' ? 'overseas' : 'job');

/**
 * The facts that any rule of lending asks for, whenever it applied, where it is for such a purpose and borrower: an application may
 * be decided by the law of a later day.
 */
export function factsAskedOf(productCode: LoanProductCode): Set<string> {
  const isOfWorker = productCode !== 'EL-ESTABLISHMENT';
  const borrowers = Object.keys(declared()['borrower']!.values!);
  const policy = openPolicy({ catalogue: loanCatalogue() });
  const asked = new Set<string>();
  for (const programme of Object.values(lendingProgrammes)) {
    for (const day of daysOfVersions(programme)) {
      const { rules, words } = policy.programmeAt(programme, day);
      for (const borrower of borrowers.filter((kind) => (kind === 'worker') === isOfWorker)) {
        const facts = { purpose: purposeOf(productCode), borrower };
        const names = rules
          .filter(({ group }) => group.isAsked({ facts, worked: [] }) !== 'fails')
          .flatMap((rule) => rule.names);
        for (const fact of words.factsBehind(names)) asked.add(fact);
      }
    }
  }
  return asked;
}

function daysOfVersions(programme: string): Set<string> {
  const { groups } = loanCatalogue().programmes[programme]!.programme;
  return new Set(groups.flatMap(({ rules }) => rules.map(({ appliedFrom }) => appliedFrom)));
}

interface AskedFacts {
  /** What has to be told. */
  needed: readonly LawFactName[];
  /** What may be: where nobody tells it, the law takes it for not so. */
  open: readonly LawFactName[];
}

const askedFor = new Map<LoanProductCode, AskedFacts>();

function askedOf(productCode: LoanProductCode): AskedFacts {
  const known = askedFor.get(productCode);
  if (known) return known;
  const all = factsAskedOf(productCode);
  const told = lawFactNames.filter((name) => all.has(name));
  const isOpen = (name: LawFactName) => declared()[name]!.whenAbsent !== undefined;
  const asked = { needed: told.filter((name) => !isOpen(name)), open: told.filter(isOpen) };
  askedFor.set(productCode, asked);
  return asked;
}

export type FactFault = 'FACT_MISSING' | 'FACT_NOT_ASKED' | 'FACT_VALUE';

export interface FaultyFact {
  code: FactFault;
  fact: LawFactName;
  /** Its place among those that were told; null where it was not. */
  index: number | null;
}

/** What is wrong with the facts of an application. */
export function faultsOf(productCode: LoanProductCode, told: readonly ToldFact[]): FaultyFact[] {
  const { needed, open } = askedOf(productCode);
  const valueOf = (name: LawFactName) => told.find(({ fact }) => fact === name)?.value;
  const missing = needed.filter((name) => valueOf(name) === undefined);
  const wrong = told.flatMap(({ fact, value }, index): FaultyFact[] => {
    if (![...needed, ...open].includes(fact)) return [{ code: 'FACT_NOT_ASKED', fact, index }];
    const most = fact === 'priorityWorkers' ? valueOf('workers') : undefined;
    return isValue(fact, value, most) ? [] : [{ code: 'FACT_VALUE', fact, index }];
  });
  return [...missing.map((fact): FaultyFact => ({ code: 'FACT_MISSING', fact, index: null })), ...wrong];
}

const declared = () => loanCatalogue().programmes[lendingProgrammes.rate]!.facts;

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
