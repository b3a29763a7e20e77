import type { Transaction } from '@ansinh/database';
import {
  type Borrower,
  findLoanProduct,
  type LoanProduct,
  type LoanProductCode,
  type LoanState,
} from '@ansinh/loans';
import type { ToldFact } from '../law/law-facts.js';
import { ProblemError } from '@ansinh/problem';
import type { LoanView, ProjectView } from './loan.dto.js';
import { loanProblems } from './loan.problems.js';

export interface LoanRow {
  id: string;
  code: string;
  product_code: LoanProductCode;
  place_code: string;
  office_code: string;
  borrower_kind: Borrower;
  borrower_name: string;
  person_id: string | null;
  employer_id: string | null;
  /** Only of an application that told it; since then the law decides it by `law_facts`. */
  is_priority: boolean | null;
  law_facts: ToldFact[];
  amount: string;
  term_months: number;
  project: ProjectView;
  granted_amount: string | null;
  granted_term_months: number | null;
  rate_ppm: number | null;
  plan_id: string | null;
  state: LoanState;
  moves: number;
}

export const loanColumns = `id, code, product_code, place_code, office_code, borrower_kind, borrower_name, person_id, employer_id,
  is_priority, law_facts, amount, term_months, project, granted_amount, granted_term_months, rate_ppm, plan_id, state, moves`;

export function viewOf(row: LoanRow): LoanView {
  return {
    id: row.id,
    code: row.code,
    productCode: row.product_code,
    placeCode: row.place_code,
    officeCode: row.office_code,
    borrowerKind: row.borrower_kind,
    borrowerName: row.borrower_name,
    personId: row.person_id,
    employerId: row.employer_id,
    facts: row.law_facts,
    amount: row.amount,
    termMonths: row.term_months,
    project: row.project,
    grantedAmount: row.granted_amount,
    grantedTermMonths: row.granted_term_months,
    ratePpm: row.rate_ppm,
    capitalPlanId: row.plan_id,
    state: row.state,
    version: row.moves,
  };
}

/** @throws ProblemError LOAN_NOT_FOUND, also for a loan of another office */
export async function findLoan(tx: Transaction, id: string): Promise<LoanRow> {
  const [row] = (await tx.query(`SELECT ${loanColumns} FROM loan WHERE id = $1`, [id])) as LoanRow[];
  if (!row) throw new ProblemError(loanProblems.notFound);
  return row;
}

/** @throws ProblemError LOAN_PRODUCT */
export function productOn(code: LoanProductCode, on: string): LoanProduct {
  const product = findLoanProduct(code, on);
  if (!product) throw new ProblemError(loanProblems.productUnknown);
  return product;
}
