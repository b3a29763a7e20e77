import { addDays, monthStartOf } from '@ansinh/calendar';
import { ancestors } from '@ansinh/places';
import type { EmployerType } from '../list/list.dto.js';
import { isClaim, type ListedProgrammeCode, programmeOf } from '../programme/programmes.js';

/** A row of a list with the head of its list. Days are `YYYY-MM-DD`. */
export interface RowToDecide {
  listId: string;
  listNumber: number;
  row: number;
  personKey: string;
  /** Who is paid; null where it is the person himself. */
  payeeKey: string | null;
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
  /** What he had each month as a person of merit when he died, where that is known. */
  lastAllowance?: string | undefined;
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
  const { chosenBy } = programmeOf(row.programme);
  const facts: Record<string, unknown> = {
    ...row.facts,
    ...(chosenBy !== null && { [chosenBy]: row.choice }),
  };
  for (const [name, value] of Object.entries(ownFacts(row, month, known)))
    if (value !== undefined) facts[name] = value;
  return facts;
}

/** What is known besides the list. */
function ownFacts(row: RowToDecide, month: string | null, known: PersonKnown): Record<string, unknown> {
  if (isClaim(row.programme)) return claimFacts(row, known);
  const { receivedOn } = row;
  return { receivedOn, ...(month === null ? covidFacts(row, known) : rentFacts(row, month, known)) };
}

/** Policies of which one person has one (Decision 23/2021 article 44 clause 6, as the law's files carry it). */
const oneOffs = new Set(['policy4', 'policy5', 'policy6', 'policy8', 'policy9', 'policy12']);

/** What may be had once: the month, the policy, one of the policies that exclude each other, or what is claimed. */
export function benefitOf(row: RowToDecide, month: string | null): string {
  const { programme, choice, receivedOn, facts } = row;
  if (month !== null) return month.slice(0, 7);
  const year = receivedOn.slice(0, 4);
  switch (programme) {
    // Of one who died: whoever buried him, and whatever he was.
    case 'funeral-support':
    case 'merit-death-once':
      return 'death';
    case 'emergency-support':
      return `${choice}/${String(facts['happenedOn'])}`;
    case 'merit-convalescence':
      return year;
    case 'merit-item':
      return `${choice}/${year}`;
    default:
      return oneOffs.has(choice) ? 'oneOff' : choice;
  }
}

function claimFacts(row: RowToDecide, { taken, lastAllowance }: PersonKnown) {
  return {
    isAlreadyHad: taken.has(benefitOf(row, null)),
    currentAllowance: row.programme === 'merit-death-once' ? lastAllowance : undefined,
  };
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
