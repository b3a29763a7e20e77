import { addDays } from '@ansinh/calendar';
import { lawAt, type Policy } from '@ansinh/policy';

const programme = 'employment-loan-interest-use';

/** The rules of the law whose parts have a name; what they leave is the bank's. */
const namedParts = {
  ministry: 'EL-INT-MINISTRY-PART',
  departmentAndDistricts: 'EL-INT-DEPARTMENT-PART',
  fund: 'EL-INT-FUND-PART',
} as const;
export type InterestPart = keyof typeof namedParts | 'bank';

/** Days that follow each other and have one law. */
export interface LawPeriod {
  from: string;
  through: string;
  /** The rows of law by which interest of these days is divided. */
  rows: string[];
}

/** What was collected on the days of a period: until the report begins, and in it. */
export interface CollectedInterest {
  period: LawPeriod;
  before: bigint;
  within: bigint;
}

export interface InterestUse {
  collected: bigint;
  /** They and `undivided` are together what was collected. */
  parts: Record<InterestPart, bigint>;
  /** What no law divides that anybody has read or confirmed. */
  undivided: bigint;
  rows: string[];
  unconfirmed: string[];
}

/** The days from one to another, both included, by the law that divides their interest. */
export function lawPeriods(policy: Policy, from: string, through: string): LawPeriod[] {
  const periods: LawPeriod[] = [];
  for (let day = from; day <= through; day = addDays(day, 1)) {
    const rows = lawAt(policy, programme, day).parameters.map(({ at, parameter }) => at?.row ?? parameter);
    const last = periods.at(-1);
    if (last?.rows.join() === rows.join()) last.through = day;
    else periods.push({ from: day, through: day, rows });
  }
  return periods;
}

/**
 * The use of interest. Each part is worked out of everything that was collected since the year, or its law, began, less what
 * fell to it before: so the parts of the quarters of a year are together those of the year, to the đồng. Named parts are whole
 * đồng, halves up; what is left is the bank's.
 */
export function interestUse(policy: Policy, collected: readonly CollectedInterest[]): InterestUse {
  const use: InterestUse = {
    collected: 0n,
    parts: { ministry: 0n, departmentAndDistricts: 0n, fund: 0n, bank: 0n },
    undivided: 0n,
    rows: [],
    unconfirmed: [],
  };
  for (const { period, before, within } of collected) {
    if (within === 0n) continue;
    use.collected += within;
    const [until, past] = [before + within, before].map((interest) => partsOf(policy, interest, period.from));
    use.unconfirmed.push(...until!.unconfirmed);
    if (until!.unconfirmed.length > 0) {
      use.undivided += within;
      continue;
    }
    use.rows.push(...period.rows);
    for (const part of Object.keys(use.parts) as InterestPart[])
      use.parts[part] += until!.parts[part] - past!.parts[part];
  }
  return use;
}

function partsOf(
  policy: Policy,
  interestCollected: bigint,
  day: string,
): Pick<InterestUse, 'parts' | 'unconfirmed'> {
  const decision = policy.evaluate(programme, { interestCollected }, day);
  const amountOf = (part: keyof typeof namedParts) => {
    const rule = decision.chosen.find((chosen) => chosen.rule.id === namedParts[part]);
    return rule ? decision.amountOf(rule) : 0n;
  };
  const [ministry, departmentAndDistricts, fund] = [
    amountOf('ministry'),
    amountOf('departmentAndDistricts'),
    amountOf('fund'),
  ];
  const bank = interestCollected - ministry - departmentAndDistricts - fund;
  return {
    parts: { ministry, departmentAndDistricts, fund, bank },
    unconfirmed:
      decision.outcome === 'granted' ? [] : [decision.outcome, ...decision.unconfirmed.map(({ row }) => row)],
  };
}
