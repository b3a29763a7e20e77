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
  /** The fact that a list states for all of its rows; null where it enters people into the register. */
  chosenBy: 'policy' | 'group' | null;
  choices: Choice[];
  /** Under which disbursements pay it. */
  paymentCode: string;
}

export type ListedProgrammeCode = 'covid-support' | 'rent-support';
export type MonthlyProgrammeCode = 'monthly-allowance' | 'care-support' | 'merit-allowance' | 'merit-carer';
export type ProgrammeCode = ListedProgrammeCode | MonthlyProgrammeCode;

const listed = {
  'covid-support': { chosenBy: 'policy', paymentCode: 'NQ68' },
  'rent-support': { chosenBy: 'group', paymentCode: 'QD08' },
} as const;

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

/** The programmes that are carried out here; names, choices and period are those of the law. */
export const supportProgrammes: readonly SupportProgramme[] = [
  ...listedCodes.map((code): SupportProgramme => {
    const { programme, facts } = nationalCatalogue().programmes[code]!;
    const values = facts[listed[code].chosenBy]!.values!;
    const choices = Object.entries(values).map(([value, name]) => ({ code: value, name }));
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

export const isMonthly = (code: ProgrammeCode): code is MonthlyProgrammeCode =>
  programmeOf(code).decides === 'register';
