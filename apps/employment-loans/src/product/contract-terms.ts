import {
  appliedOn,
  type LoanContract,
  type LoanProduct,
  type PlannedDue,
  paymentAllocation,
  planOf,
  principalSpacing,
  scheduleOf,
  type ScheduleTerms,
} from '@ansinh/loans';
import { servicing } from './servicing.js';

/** What a loan is signed with, beside the settings of the bank. */
export interface AgreedTerms {
  amount: bigint;
  termMonths: number;
  ratePpm: number;
  /** The day on which it is reckoned that the money goes out. */
  disbursedOn: string;
  firstDueOn?: string;
  dueDayOfMonth?: number;
}

/** Interest with each instalment, principal with each so-many-th and with the last. @throws RangeError for what is no schedule */
export function scheduleTermsOf(product: LoanProduct, agreed: AgreedTerms): ScheduleTerms {
  const { amount, termMonths, ratePpm, disbursedOn, firstDueOn, dueDayOfMonth } = agreed;
  const everyMonths = servicing.interestEveryMonths;
  const spacing = principalSpacing(product, termMonths) ?? everyMonths;
  return {
    tranches: [{ on: disbursedOn, amount }],
    ratePpm,
    method: { kind: 'equalPrincipal' },
    instalments: Math.ceil(termMonths / everyMonths),
    everyMonths,
    repaidEvery: Math.max(1, Math.floor(spacing / everyMonths)),
    firstDueOn,
    dueDayOfMonth,
    restDays: servicing.restDays,
    dayCount: servicing.contract.dayCount,
    interestRounding: servicing.contract.interestRounding,
    instalmentRounding: servicing.instalmentRounding,
  };
}

/** The contract by which the book is kept, by the law of the day of signing. @throws RangeError for what is no schedule, Error where the product has no overdue rate */
export function contractOf(
  product: LoanProduct,
  { signedOn, ...agreed }: AgreedTerms & { signedOn: string },
): LoanContract {
  if (!product.overdueRatePercent)
    throw new Error(`${product.code} of ${product.validFrom} has no overdue rate`);
  return {
    ...servicing.contract,
    allocation: appliedOn(paymentAllocation, signedOn).value,
    ratePpm: agreed.ratePpm,
    overdueRatePercent: product.overdueRatePercent.value,
    plan: planOf(scheduleOf(scheduleTermsOf(product, agreed))),
  };
}

type Stored<T> = T extends bigint ? string : T extends object ? { [Key in keyof T]: Stored<T[Key]> } : T;

/** As JSON: amounts are text there. */
export function writeContract(contract: LoanContract): string {
  return JSON.stringify(contract, (_, value: unknown) =>
    typeof value === 'bigint' ? value.toString() : value,
  );
}

export function readContract({ interestRounding, plan, ...rest }: Stored<LoanContract>): LoanContract {
  return {
    ...rest,
    interestRounding: { ...interestRounding, unit: BigInt(interestRounding.unit) },
    plan: readPlan(plan),
  };
}

export function readPlan(plan: readonly Stored<PlannedDue>[]): PlannedDue[] {
  return plan.map(({ principal, ...due }) => ({ ...due, principal: BigInt(principal) }));
}
