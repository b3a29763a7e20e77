import desk from './data/one-stop-desk.json' with { type: 'json' };
import { DateTime } from 'luxon';

/**
 * The two national forms of a dossier's code. `agencyLast`: `000.00.16.H05-221126-0001` (Circular 01/2018/TT-VPCP, article
 * 19), the units of levels 4, 3 and 2 before that of the province. `agencyFirst`: `H05.16-230601-0007`, since Decision
 * 20/2020/QĐ-TTg. Both are met until June 2025.
 */
export type DossierCodeForm = 'agencyLast' | 'agencyFirst';

export interface DossierCode {
  form: DossierCodeForm;
  /** Identifying code of the agency whose desk received it, as the form writes it: `000.00.16.H05`, `H05.16`. */
  agency: string;
  receivedOn: string;
  /** Its number among those of that agency on that day, from 1. */
  sequence: number;
}

const shapes: Record<DossierCodeForm, RegExp> = {
  agencyLast: /^(?<agency>\d{3}\.\d{2}\.\d{2}\.[A-Y]\d{2})-(?<day>\d{6})-(?<sequence>\d{4})$/,
  agencyFirst: /^(?<agency>[A-Y]\d{2}(?:\.\d{2,3}){0,4})-(?<day>\d{6})-(?<sequence>\d{4,7})$/,
};

/** Decision 20/2020/QĐ-TTg, article 4. */
const lengthMax = 35;
/** A local desk numbers by four digits in both forms; six and seven belong to ministries. */
const sequenceMax = 9_999;

/** What a code says; null for one of neither form, or of a day that there never was. */
export function readDossierCode(code: string): DossierCode | null {
  if (code.length > lengthMax) return null;
  for (const [form, shape] of Object.entries(shapes) as [DossierCodeForm, RegExp][]) {
    const parts = shape.exec(code)?.groups;
    if (!parts) continue;
    const receivedOn = DateTime.fromFormat(`20${parts['day']}`, 'yyyyMMdd', { zone: 'utc' }).toISODate();
    const sequence = Number(parts['sequence']);
    if (receivedOn === null || sequence === 0) return null;
    return { form, agency: parts['agency']!, receivedOn, sequence };
  }
  return null;
}

/** @throws RangeError for what no code can say: another shape of agency, or the ten-thousandth dossier of a day */
export function writeDossierCode({ agency, receivedOn, sequence, form }: DossierCode): string {
  if (!Number.isSafeInteger(sequence) || sequence < 1 || sequence > sequenceMax)
    throw new RangeError(`A desk numbers its dossiers of a day from 1 to ${sequenceMax}, not ${sequence}`);
  const day = DateTime.fromFormat(receivedOn, 'yyyy-MM-dd', { zone: 'utc' });
  const code = `${agency}-${day.toFormat('yyMMdd')}-${String(sequence).padStart(4, '0')}`;
  const read = readDossierCode(code);
  if (read?.form !== form || read.receivedOn !== receivedOn)
    throw new RangeError(`Not a dossier code of the form ${form}: ${code}`);
  return code;
}

/** The form that desks write on a day: the newest that is in force. */
export function dossierCodeFormOn(day: string): DossierCodeForm {
  const form = desk.codeForms.findLast(({ validFrom }) => validFrom <= day)?.form;
  if (!form) throw new RangeError(`No form of dossier codes on ${day}`);
  return form as DossierCodeForm;
}

/**
 * The agency code of a desk, from the units of its level and those above within the province: `H05.251.63` and
 * `063.51.02.H05`. The province gives these numbers to its offices; `H05` is that of Bắc Ninh.
 * @param units level 2 first; none for the desk of the province itself
 */
export function agencyCode(form: DossierCodeForm, units: readonly string[]): string {
  const { province } = desk.agencyCode;
  if (form === 'agencyFirst') return [province, ...units].join('.');
  const [level2 = '00', level3 = '00', level4 = '000'] = units;
  return [level4, level3, level2, province].join('.');
}
