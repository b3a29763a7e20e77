import { addDays, monthStartOf } from '@ansinh/calendar';
import { ancestors } from '@ansinh/places';
import type { EmployerType } from '../list/list.dto.js';
import { type ListedProgrammeCode, programmeOf } from '../programme/programmes.js';

/** A row of a list with the head of its list. Days are `YYYY-MM-DD`. */
export interface RowToDecide {
  listId: string;
  listNumber: number;
  row: number;
  personKey: string;
  officeCode: string;
  programme: ListedProgrammeCode;
  choice: string;
  months: string[];
  receivedOn: string;
  employerType: EmployerType;
  taxCode: string | null;
  placeCode: string;
  facts: Record<string, unknown>;
}

/** An entitlement that somebody has. */
export interface Taken {
  choice: string;
  /** Of a programme by months: its place among three. */
  slot: number | null;
}

/** What is known of one person besides the list. */
export interface PersonKnown {
  /** What he is entitled to under the programme already, by what may be had once. */
  taken: ReadonlyMap<string, Taken>;
  /** Answers of the insurance office, by month and employer: `2022-03-01 2300…`. */
  insured: ReadonlyMap<string, boolean>;
}

/** The province whose whole territory lies in a key economic region (Decision 08/2022 article 1 clause 2b). */
const eligibleProvince = '27';

/**
 * What a decision on a row rests on, as JSON. A fact that nobody stated or confirmed is left out: the decision then says that
 * it is missing.
 * @param month first day of the month, of a programme by months
 */
export function factsOfRow(
  row: RowToDecide,
  month: string | null,
  known: PersonKnown,
): Record<string, unknown> {
  const facts: Record<string, unknown> = {
    ...row.facts,
    [programmeOf(row.programme).chosenBy!]: row.choice,
    receivedOn: row.receivedOn,
  };
  const own = row.programme === 'rent-support' ? rentFacts(row, month!, known) : covidFacts(row, known);
  for (const [name, value] of Object.entries(own)) if (value !== undefined) facts[name] = value;
  return facts;
}

/** Policies of which one person has one (Decision 23/2021 article 44 clause 6, as the law's files carry it). */
const oneOffs = new Set(['policy4', 'policy5', 'policy6', 'policy8', 'policy9', 'policy12']);

/** What may be had once: the month, the policy, or one of the policies that exclude each other. */
export function benefitOf({ choice }: RowToDecide, month: string | null): string {
  return month?.slice(0, 7) ?? (oneOffs.has(choice) ? 'oneOff' : choice);
}

function rentFacts(row: RowToDecide, month: string, { taken, insured }: PersonKnown) {
  const before = monthBefore(row.receivedOn);
  const isOnInsuranceList = row.taxCode === null ? undefined : insured.get(`${before} ${row.taxCode}`);
  const isInsuredElsewhere = [...insured].some(
    ([key, isInsured]) => isInsured && key.startsWith(before) && key !== `${before} ${row.taxCode}`,
  );
  const isKnownOutside = row.facts['isOutsideInsurance'] === true || row.facts['isNewlyHired'] === true;
  return {
    month,
    employerType: row.employerType,
    isAreaEligible: ancestors(row.placeCode, row.receivedOn).at(-1)?.code === eligibleProvince,
    isMonthSupported: taken.has(benefitOf(row, month)),
    monthsSupported: taken.size,
    isOnInsuranceList,
    // Of several employers the one that insures (article 2 clause 3). Who is insured by none has no other to ask through.
    isInsuranceEmployer:
      isOnInsuranceList === true
        ? true
        : isInsuredElsewhere
          ? false
          : isOnInsuranceList === false || isKnownOutside
            ? true
            : undefined,
  };
}

function covidFacts(row: RowToDecide, { taken, insured }: PersonKnown) {
  const event = row.facts['stoppedFrom'] ?? row.facts['terminatedOn'];
  return {
    isPolicyAlreadyPaid: [...taken.values()].some(({ choice }) => choice === row.choice),
    isOtherOneOffPaid: [...taken.values()].some(({ choice }) => choice !== row.choice && oneOffs.has(choice)),
    isInsuredThen:
      typeof event === 'string' && row.taxCode !== null
        ? insuredAround(event, row.taxCode, insured)
        : undefined,
  };
}

/** In the month of an event or the one before it. Unknown as long as the insurance office has not answered for both. */
function insuredAround(
  event: string,
  taxCode: string,
  insured: ReadonlyMap<string, boolean>,
): boolean | undefined {
  const answers = [monthStartOf(event), monthBefore(event)].map((month) =>
    insured.get(`${month} ${taxCode}`),
  );
  if (answers.includes(true)) return true;
  return answers.includes(undefined) ? undefined : false;
}

/** First day of the month before that of a day. */
export const monthBefore = (day: string): string => monthStartOf(addDays(monthStartOf(day), -1));

/** Months that the insurance office is asked about for a row. */
export function monthsAsked(row: RowToDecide): string[] {
  if (row.programme === 'rent-support') return [monthBefore(row.receivedOn)];
  const event = row.facts['stoppedFrom'] ?? row.facts['terminatedOn'];
  return typeof event === 'string' ? [monthStartOf(event), monthBefore(event)] : [];
}
