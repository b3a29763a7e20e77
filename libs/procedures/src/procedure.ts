import agencies from './data/agencies.json' with { type: 'json' };
import childProtection from './data/child-protection.json' with { type: 'json' };
import covidSupport from './data/covid-support.json' with { type: 'json' };
import employmentLoans from './data/employment-loans.json' with { type: 'json' };
import overseasLabour from './data/overseas-labour.json' with { type: 'json' };
import rentSupport from './data/rent-support.json' with { type: 'json' };
import socialProtection from './data/social-protection.json' with { type: 'json' };
import { isInForce } from './desk-rules.js';
import type { Term, TermUnit } from './term.js';

interface Text {
  vi: string;
  en: string;
}

export type OfficeLevel = 'commune' | 'district' | 'province';

/** An agency that does a step. Those outside answer us, but do not work in this system. */
export interface Agency {
  level: OfficeLevel | 'outside';
  name: Text;
}

/** A paper that belongs to a dossier. */
export interface RequiredDocument {
  code: string;
  name: Text;
  /** One that is not required belongs to it in some cases only. */
  isRequired: boolean;
  confidence: string;
}

/**
 * `promised`: counts towards the day that is promised. `ifNeeded`: adds its days to it when it is entered. `beforeReception`
 * and `afterResult`: what the law has others do before the dossier comes to the desk, and after the decision.
 */
export type StepKind = 'promised' | 'ifNeeded' | 'beforeReception' | 'afterResult';

export interface ProcedureStep {
  code: string;
  name: Text;
  agency: string;
  kind: StepKind;
  term: number;
  unit: TermUnit;
  /** Of the source in which the term was read. */
  rule: string;
  legalBasis: string;
  confidence: string;
}

/** One version of a procedure: what is asked, which papers it takes, who does what in how many days. */
export interface Procedure {
  programme: string;
  code: string;
  name: Text;
  /** What is asked of us. */
  request: Text;
  /** What comes out of it. */
  result: Text;
  applicant: 'person' | 'employer';
  /** Level of the desks that receive it. */
  receivedBy: OfficeLevel;
  /** The service that decides it beside the desk: its client of the issuer. */
  service: string;
  validFrom: string;
  /** First day on which it can no longer be asked for. */
  validUntil: string | null;
  legalBasis: string;
  confidence: string;
  documents: RequiredDocument[];
  steps: ProcedureStep[];
}

const sources = [
  socialProtection,
  employmentLoans,
  rentSupport,
  covidSupport,
  overseasLabour,
  childProtection,
];

/** Every version of every procedure, as the files of this lib have them. */
export const procedures: readonly Procedure[] = sources.flatMap(({ programme, procedures: versions }) =>
  versions.map((version) => ({ programme, ...version }) as Procedure),
);

/** The procedure as it is on a day; undefined where it does not exist, or can no longer be asked for. */
export function findProcedure(code: string, on: string): Procedure | undefined {
  return procedures.find((procedure) => procedure.code === code && isInForce(procedure, on));
}

/** What can be asked for on a day. */
export function proceduresOn(day: string): Procedure[] {
  return procedures.filter((procedure) => isInForce(procedure, day));
}

export function agencyOf({ agency }: ProcedureStep): Agency {
  return (agencies.agencies as Record<string, Agency>)[agency]!;
}

export function stepOf(procedure: Procedure, code: string): ProcedureStep {
  const step = procedure.steps.find((candidate) => candidate.code === code);
  if (!step) throw new RangeError(`The procedure ${procedure.code} has no step ${code}`);
  return step;
}

/** The steps that every dossier goes through, in their order. */
export function promisedSteps(procedure: Procedure): ProcedureStep[] {
  return procedure.steps.filter(({ kind }) => kind === 'promised');
}

/**
 * What is promised from a step on: the sum of what is left, the step itself included. The first step of all by default.
 * The promised steps of a procedure are all counted in one unit.
 */
export function promisedTerm(procedure: Procedure, from?: ProcedureStep): Term {
  const start = from ? procedure.steps.indexOf(from) : 0;
  const left = procedure.steps.slice(start).filter((step) => step.kind === 'promised' || step === from);
  return { length: left.reduce((sum, { term }) => sum + term, 0), unit: left[0]!.unit };
}

/** The steps to which a dossier may go on from one, or from the desk: the next promised one, and what may be needed before. */
export function nextSteps(procedure: Procedure, from: string | null): ProcedureStep[] {
  const start = from === null ? -1 : procedure.steps.indexOf(stepOf(procedure, from));
  const next: ProcedureStep[] = [];
  for (const step of procedure.steps.slice(start + 1)) {
    if (step.kind === 'promised' || step.kind === 'ifNeeded') next.push(step);
    if (step.kind === 'promised') break;
  }
  return next;
}
