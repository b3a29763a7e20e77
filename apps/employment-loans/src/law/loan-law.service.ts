import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { type Actor, scopeOf } from '@ansinh/auth';
import { todayInVietnam } from '@ansinh/calendar';
import { inTransaction, type Transaction } from '@ansinh/database';
import { type Decision, explanationText } from '@ansinh/policy';
import { findLoan } from '../loan/loan-rows.js';
import { lawOf } from './law.js';
import { applicationOf, lendingLaw } from './lending-law.js';
import type { LoanLaw, LoanLawDecision } from './loan-law.dto.js';

interface Known {
  workers: number;
  isConfirmed: boolean;
  /** When it was last appraised or approved. */
  decidedAt: Date | null;
  contractSignedOn: string | null;
}

/** Why an application may be lent on, or not: the law of the day on which it was decided, as it was confirmed then. */
@Injectable()
export class LoanLawService {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** @throws ProblemError LOAN_NOT_FOUND */
  async explain(id: string, actor: Actor): Promise<LoanLaw> {
    return inTransaction(this.dataSource, scopeOf(actor), async (tx) => {
      const loan = await findLoan(tx, id);
      const { workers, isConfirmed, decidedAt, contractSignedOn } = await knownOf(tx, id);
      const on = todayInVietnam(decidedAt ?? undefined);
      const application = applicationOf(loan, workers);
      const law = lendingLaw(
        await lawOf(tx, decidedAt ?? undefined),
        {
          ...application,
          amount: BigInt(loan.granted_amount ?? loan.amount),
          isConfirmed: isConfirmed || undefined,
          isEligible: decidedAt !== null || undefined,
          ...(contractSignedOn !== null && { contractSignedOn }),
        },
        on,
      );
      return {
        on,
        ceiling: viewOf(law.ceiling),
        term: viewOf(law.term),
        rate: viewOf(law.rate),
        collateral: viewOf(law.collateral),
      };
    });
  }
}

async function knownOf(tx: Transaction, id: string): Promise<Known> {
  const [known] = (await tx.query(
    `SELECT (SELECT count(*)::int FROM loan_worker WHERE loan_id = $1) AS workers,
       coalesce((SELECT kind = 'confirm' FROM loan_move WHERE loan_id = $1 AND kind IN ('confirm', 'sendBack')
                 ORDER BY number DESC LIMIT 1), false) AS "isConfirmed",
       (SELECT max(at) FROM loan_move WHERE loan_id = $1 AND kind IN ('appraise', 'approve')) AS "decidedAt",
       (SELECT min(signed_on)::text FROM loan_contract WHERE loan_id = $1) AS "contractSignedOn"`,
    [id],
  )) as Known[];
  return known!;
}

function viewOf(decision: Decision): LoanLawDecision {
  return {
    outcome: decision.outcome,
    amount: decision.amount.toString(),
    computed: decision.computed.toString(),
    answer: decision.answer,
    unconfirmed: decision.unconfirmed.map(({ row }) => row),
    text: { vi: explanationText(decision, 'vi'), en: explanationText(decision, 'en') },
    digest: decision.digest,
  };
}
