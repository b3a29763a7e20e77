import { nationalCatalogue } from '@ansinh/policy';

interface Text {
  vi: string;
  en: string;
}

/** What a list asks for: a policy of the COVID-19 support, a group of the rent support. */
interface Choice {
  code: string;
  name: Text;
}

/** A programme that people are decided on by; the rules are those of the law of its code. */
export interface SupportProgramme {
  /** Also of its law in `libs/policy`. */
  code: ProgrammeCode;
  name: Text;
  period: 'once' | 'month';
  /** Whether a run decides on the lists that were brought, or month by month on everybody in the register. */
  decides: 'lists' | 'register';
  /** The fact that a list states for all of its rows; null where a list can ask for one thing only. */
  chosenBy: string | null;
  choices: Choice[];
  /** Under which disbursements pay it. */
  paymentCode: string;
}

/** What is asked for when something happened: a death, a storm, a year of studies. */
export type ClaimProgrammeCode =
  | 'funeral-support'
  | 'emergency-support'
  | 'merit-injury-once'
  | 'merit-death-once'
  | 'merit-convalescence'
  | 'merit-item';
export type ListedProgrammeCode = 'covid-support' | 'rent-support' | ClaimProgrammeCode;
export type MonthlyProgrammeCode = 'monthly-allowance' | 'care-support' | 'merit-allowance' | 'merit-carer';
export type ProgrammeCode = ListedProgrammeCode | MonthlyProgrammeCode;

const claims: Record<ClaimProgrammeCode, { chosenBy: string | null; paymentCode: string }> = {
  'funeral-support': { chosenBy: 'deathCase', paymentCode: 'HTMT' },
  'emergency-support': { chosenBy: 'emergency', paymentCode: 'TGKC' },
  'merit-injury-once': { chosenBy: null, paymentCode: 'NCC-BT' },
  'merit-death-once': { chosenBy: null, paymentCode: 'NCC-TT' },
  'merit-convalescence': { chosenBy: 'convalescence', paymentCode: 'NCC-DD' },
  'merit-item': { chosenBy: 'meritItem', paymentCode: 'NCC-TL' },
};

const listed: Record<ListedProgrammeCode, { chosenBy: string | null; paymentCode: string }> = {
  'covid-support': { chosenBy: 'policy', paymentCode: 'NQ68' },
  'rent-support': { chosenBy: 'group', paymentCode: 'QD08' },
  ...claims,
};

const monthly: Record<MonthlyProgrammeCode, { paymentCode: string }> = {
  'monthly-allowance': { paymentCode: 'TCXH' },
  'care-support': { paymentCode: 'HTCS' },
  'merit-allowance': { paymentCode: 'NCC' },
  'merit-carer': { paymentCode: 'NCC-PV' },
};

export const monthlyCodes = Object.keys(monthly) as MonthlyProgrammeCode[];
const listedCodes = Object.keys(listed) as ListedProgrammeCode[];
export const programmeCodes: readonly ProgrammeCode[] = [...listedCodes, ...monthlyCodes];

/** What a list of a monthly programme asks for: that its people stand in the register, with what it states of them. */
export const registration = 'register';
/** What a list asks for where there is nothing to choose. */
const claim: Choice = { code: 'claim', name: { vi: 'Đề nghị hưởng', en: 'Claim' } };

/** The programmes that are carried out here; names, choices and period are those of the law. */
export const supportProgrammes: readonly SupportProgramme[] = [
  ...listedCodes.map((code): SupportProgramme => {
    const { programme, facts } = nationalCatalogue().programmes[code]!;
    const { chosenBy } = listed[code];
    const values = chosenBy === null ? null : facts[chosenBy]!.values!;
    const choices = values ? Object.entries(values).map(([value, name]) => ({ code: value, name })) : [claim];
    const { name, period } = programme;
    return { code, name, period, decides: 'lists', choices, ...listed[code] };
  }),
  ...monthlyCodes.map((code): SupportProgramme => {
    const { name, period } = nationalCatalogue().programmes[code]!.programme;
    const choices = [{ code: registration, name: { vi: 'Đưa vào danh sách hưởng', en: 'Entry' } }];
    return { code, name, period, decides: 'register', chosenBy: null, choices, ...monthly[code] };
  }),
];

export function programmeOf(code: ProgrammeCode): SupportProgramme {
  return supportProgrammes.find((programme) => programme.code === code)!;
}

export const isClaim = (code: ProgrammeCode): code is ClaimProgrammeCode => code in claims;

export const isMonthly = (code: ProgrammeCode): code is MonthlyProgrammeCode =>
  programmeOf(code).decides === 'register';
