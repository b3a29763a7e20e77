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

/** A programme that pays once, or for a few months, to people whom others list. The rules are those of the law of its code. */
export interface SupportProgramme {
  /** Also of its law in `libs/policy`. */
  code: ProgrammeCode;
  name: Text;
  period: 'once' | 'month';
  /** The fact that a list states for all of its rows. */
  chosenBy: 'policy' | 'group';
  choices: Choice[];
  /** Under which disbursements pay it. */
  paymentCode: string;
}

export type ProgrammeCode = 'covid-support' | 'rent-support';

const own = {
  'covid-support': { chosenBy: 'policy', paymentCode: 'NQ68' },
  'rent-support': { chosenBy: 'group', paymentCode: 'QD08' },
} as const;

export const programmeCodes = Object.keys(own) as ProgrammeCode[];

/** The one-off programmes that are carried out here; names, choices and period are those of the law. */
export const supportProgrammes: readonly SupportProgramme[] = programmeCodes.map((code) => {
  const { programme, facts } = nationalCatalogue().programmes[code]!;
  const { name, period } = programme;
  const values = facts[own[code].chosenBy]!.values!;
  return {
    code,
    name,
    period,
    ...own[code],
    choices: Object.entries(values).map(([value, text]) => ({ code: value, name: text })),
  };
});

export function programmeOf(code: ProgrammeCode): SupportProgramme {
  return supportProgrammes.find((programme) => programme.code === code)!;
}
