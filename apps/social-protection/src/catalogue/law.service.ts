import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { type Actor, scopeOf } from '@ansinh/auth';
import { todayInVietnam } from '@ansinh/calendar';
import { inTransaction } from '@ansinh/database';
import {
  compareLaw,
  explanationText,
  FactError,
  FormError,
  type LawChange,
  lawAt,
  nationalCatalogue,
  type Policy,
  readFacts,
} from '@ansinh/policy';
import { ProblemError } from '@ansinh/problem';
import { lawOf } from '../law.js';
import type {
  ExplainLaw,
  LawChangeView,
  LawComparisonQuery,
  LawExplanation,
  LawProgrammeView,
  LawQuery,
  LawView,
} from './law.dto.js';
import { findingOfForm, householdFindingText } from '../review/household-row.js';
import { lawProblems } from './law.problems.js';

/** The law by which is decided here, to be looked up, compared and tried on a case. */
@Injectable()
export class LawService {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  programmes(): LawProgrammeView[] {
    return Object.values(nationalCatalogue().programmes).map(
      ({ programme: { code, name, answers, unit, period } }) => ({ code, name, answers, unit, period }),
    );
  }

  /** @throws ProblemError LAW_PROGRAMME_NOT_FOUND */
  async get(
    code: string,
    { day = todayInVietnam(), knownOn = day }: LawQuery,
    actor: Actor,
  ): Promise<LawView> {
    const policy = await this.lawFor(code, actor);
    const { programme, name, moment, digest, rules, parameters } = lawAt(policy, code, { day, knownOn });
    return {
      programme,
      name,
      day: moment.day,
      knownOn: moment.knownOn,
      digest,
      rules,
      parameters: parameters.map(({ at, ...parameter }) => ({
        ...parameter,
        at: at && { ...at, value: textOf(at.value), isOwn: at.province !== null },
      })),
    };
  }

  /** @throws ProblemError LAW_PROGRAMME_NOT_FOUND */
  async compare(
    code: string,
    { from, to, knownOn }: LawComparisonQuery,
    actor: Actor,
  ): Promise<LawChangeView[]> {
    const policy = await this.lawFor(code, actor);
    const at = (day: string) => ({ day, knownOn: knownOn ?? day });
    return compareLaw(policy, code, [at(from), at(to)]).map(changeView);
  }

  /** @throws ProblemError LAW_PROGRAMME_NOT_FOUND, LAW_FACTS */
  async explain(
    code: string,
    { day, knownOn = day, facts }: ExplainLaw,
    actor: Actor,
  ): Promise<LawExplanation> {
    const policy = await this.lawFor(code, actor);
    const decision = decideOn(() => {
      const read = readFacts(policy.catalogue.programmes[code]!.facts, facts);
      return policy.evaluate(code, read, { day, knownOn });
    });
    return {
      outcome: decision.outcome,
      amount: String(decision.amount),
      computed: String(decision.computed),
      answer: decision.answer,
      text: { vi: explanationText(decision, 'vi'), en: explanationText(decision, 'en') },
      digest: decision.digest,
    };
  }

  private async lawFor(code: string, actor: Actor): Promise<Policy> {
    if (!Object.hasOwn(nationalCatalogue().programmes, code)) throw new ProblemError(lawProblems.programme);
    return inTransaction(this.dataSource, scopeOf(actor), (tx) => lawOf(tx));
  }
}

/** Facts of another name or type are what the caller can mend; the engine says which. */
function decideOn<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (error instanceof FactError) throw new ProblemError(lawProblems.facts, { detail: error.text });
    if (!(error instanceof FormError)) throw error;
    throw new ProblemError(lawProblems.facts, { detail: householdFindingText(findingOfForm(error)) });
  }
}

function changeView(change: LawChange): LawChangeView {
  const { kind, code, name } = change;
  if (change.kind === 'rule') return { kind, code, name, change: change.change, before: null, after: null };
  return {
    kind,
    code,
    name,
    change: 'changed',
    before: textOf(change.before?.value ?? null),
    after: textOf(change.after?.value ?? null),
  };
}

const textOf = (value: bigint | null) => (value === null ? null : String(value));
