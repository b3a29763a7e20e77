import { columnSet, type ColumnSet } from '@ansinh/payment-list';
import { nationalCatalogue, openPolicy } from '@ansinh/policy';
import {
  isMonthly,
  type ListedProgrammeCode,
  type MonthlyProgrammeCode,
  type ProgrammeCode,
  registration,
} from '../programme/programmes.js';

interface Text {
  vi: string;
  en: string;
}

/** What the law declares of a fact, as far as a cell can say it. */
export interface FactColumn {
  fact: string;
  type: 'boolean' | 'number' | 'amount' | 'day' | 'days' | 'code' | 'codes';
  title: Text;
  values: Record<string, Text>;
  isOptional: boolean;
}

const supplements = ['isPregnant', 'childrenBornOn', 'isChildSupportTakenByOther'];
const rent = [
  'hasRequested',
  'isRenting',
  'contractKind',
  'contractSignedOn',
  'workStartedOn',
  'isContinuedContract',
  'isOnPayroll',
  'isOutsideInsurance',
  'isNewlyHired',
];

const funeral = ['diedOn', 'otherFuneralSupport'];

/**
 * What a list itself says of each of its people, by what it asks for. Everything else is known from the head of the list,
 * from the insurance office, or from what was granted before, and is never read from a list.
 */
const factsOfLists: Record<ListedProgrammeCode, Record<string, readonly string[]>> = {
  'covid-support': {
    policy4: ['stoppedFrom', 'stoppedUntil', ...supplements, 'localSupport'],
    policy5: ['stoppedFrom', 'stoppedUntil', 'isStoppageByArticle99', ...supplements, 'localSupport'],
    policy6: [
      'terminatedOn',
      'isEligibleForUnemploymentBenefit',
      'hasLeftUnlawfully',
      'isOnPension',
      ...supplements,
      'localSupport',
    ],
    policy7: [
      'treatedFrom',
      'treatedUntil',
      'isolatedFrom',
      'isolatedUntil',
      'careAt',
      'bornOn',
      'isDisabled',
      'localSupport',
    ],
    policy8: ['stoppedFrom', 'stoppedUntil', 'artGrade', 'isInPublicPerformingUnit', 'localSupport'],
    policy9: ['hasGuideCard', 'hasGuideTie', 'localSupport'],
    policy10: [
      'stoppedFrom',
      'stoppedUntil',
      'isRegisteredBusiness',
      'meetsProvincialCriteria',
      'isUnderPolicy12',
      'localSupport',
    ],
    policy12: ['meetsProvincialCriteria', 'localSupport'],
  },
  'rent-support': { working: rent, returning: rent },
  'funeral-support': {
    beneficiary: funeral,
    childOfSingleParent: funeral,
    survivorFrom80: funeral,
    facilityResident: funeral,
    socialPensioner: funeral,
  },
  'emergency-support': {
    injury: ['happenedOn', 'treatmentDays'],
    death: ['happenedOn'],
    burialByOthers: ['happenedOn', 'burialCosts'],
    houseLost: ['happenedOn', 'household', 'hasOtherHome'],
    relocation: ['happenedOn'],
    houseDamaged: ['happenedOn', 'household'],
  },
  'merit-injury-once': { claim: ['injuryPercent'] },
  'merit-death-once': { claim: ['diedOn'] },
  'merit-convalescence': { home: [], centre: [] },
  'merit-item': {
    worship: ['martyrsWorshipped'],
    education: ['school'],
    graveVisit: ['kilometres', 'visitors'],
    movingRemains: [],
    graveBuilding: [],
  },
};

/** Somebody died, and whoever buried him, or survives him, is paid. */
const paidToAnother = new Set([
  ...Object.keys(factsOfLists['funeral-support']).map((choice) => `funeral-support/${choice}`),
  'emergency-support/death',
  'emergency-support/burialByOthers',
  'merit-death-once/claim',
]);

/** What a list may say of each of its people. */
export interface ListForm {
  facts: readonly FactColumn[];
  /** Whether somebody may have no account. */
  isCashAllowed: boolean;
  /** Whether it names for each of its people somebody else, who is paid. */
  isPaidToAnother: boolean;
}

/** Undefined where no list asks for this. */
export function listForm(programme: ProgrammeCode, choice: string): ListForm | undefined {
  const facts = factColumns(programme, choice);
  const isPaidToAnother = paidToAnother.has(`${programme}/${choice}`);
  return facts && { facts, isCashAllowed: isMonthly(programme), isPaidToAnother };
}

/** Of somebody who was treated, or isolated, or both: a list has the days of either. */
const eitherOr = new Set(['treatedFrom', 'treatedUntil', 'isolatedFrom', 'isolatedUntil']);

/** Columns besides the person's, with the names that the law gives to facts. Undefined where no list asks for this. */
export function factColumns(programme: ProgrammeCode, choice: string): FactColumn[] | undefined {
  const declared = nationalCatalogue().programmes[programme]!.facts;
  return factsStated(programme, choice)?.map((fact) => {
    const { type, name, values = {}, whenAbsent } = declared[fact]!;
    const isOptional =
      isMonthly(programme) || eitherOr.has(fact) || (whenAbsent !== undefined && whenAbsent !== null);
    return { fact, type, title: name, values, isOptional };
  });
}

function factsStated(programme: ProgrammeCode, choice: string): readonly string[] | undefined {
  if (!isMonthly(programme)) return factsOfLists[programme][choice];
  return choice === registration ? factsOfRegister(programme) : undefined;
}

const afterEveryRow = '9999-12-31';
const known = new Map<MonthlyProgrammeCode, string[]>();

/** Whatever the programme asked for on any day. What nobody states is silence as the law means it, or leaves a decision incomplete. */
export function factsOfRegister(programme: MonthlyProgrammeCode): string[] {
  const found = known.get(programme);
  if (found) return found;
  const policy = openPolicy();
  const { programme: law, facts } = policy.catalogue.programmes[programme]!;
  const days = new Set(law.groups.flatMap(({ rules }) => rules.map(({ appliedFrom }) => appliedFrom)));
  const used = new Set<string>();
  for (const day of days) {
    const { words } = policy.programmeAt(programme, { day, knownOn: afterEveryRow });
    for (const fact of words.usedFacts) used.add(fact);
  }
  const stated = Object.keys(facts).filter((fact) => used.has(fact));
  known.set(programme, stated);
  return stated;
}

/** Columns of every list, before those of the law. */
export const personColumns = [
  { name: 'citizenNumber', title: { vi: 'Số định danh', en: 'Citizen number' } },
  { name: 'name', title: { vi: 'Họ và tên', en: 'Full name' } },
  { name: 'bankBin', title: { vi: 'Mã ngân hàng', en: 'Bank code' } },
  { name: 'account', title: { vi: 'Số tài khoản', en: 'Account number' } },
] as const;

const personAliases: Record<string, readonly string[]> = {
  citizenNumber: ['CCCD', 'số CCCD', 'căn cước', 'số căn cước', 'số định danh cá nhân', 'payeeId'],
  name: ['họ tên', 'tên', 'họ và tên người lao động', 'payeeName'],
  bankBin: ['BIN', 'mã NH'],
  account: ['số TK', 'STK', 'tài khoản'],
  payeeNumber: ['CCCD người nhận', 'số định danh của người nhận'],
  payeeName: ['họ tên người nhận', 'người nhận'],
};

/** After those of the law: who is paid in the place of somebody who died. The account is his. */
export const payeeColumns = [
  { name: 'payeeNumber', title: { vi: 'Số định danh người nhận', en: 'Citizen number of the payee' } },
  { name: 'payeeName', title: { vi: 'Họ và tên người nhận', en: 'Full name of the payee' } },
] as const;

/** Of who may be paid in cash. */
const accountColumns = ['bankBin', 'account'];

const namedColumns = ({ facts, isPaidToAnother }: ListForm) => [
  ...personColumns.map(({ name, title }) => ({ name: name as string, title })),
  ...facts.map(({ fact, title }) => ({ name: fact, title })),
  ...(isPaidToAnother ? payeeColumns : []),
];

/** Titles of the columns, in the order in which the cells of a row are read. */
export const titlesOf = (form: ListForm): Text[] => namedColumns(form).map(({ title }) => title);

/** What the header of such a list may name. */
export function columnsOf(form: ListForm): ColumnSet {
  const { facts, isCashAllowed } = form;
  const all = namedColumns(form);
  const optional = facts.filter(({ isOptional }) => isOptional).map(({ fact }) => fact);
  return columnSet(
    all.map(({ name }) => name),
    new Set([...optional, ...(isCashAllowed ? accountColumns : [])]),
    Object.fromEntries(
      all.map(({ name, title }) => [name, [title.vi, title.en, ...(personAliases[name] ?? [])]]),
    ),
  );
}
