import { searchForm, taxCodeFault } from '@ansinh/identity';
import { listPlaces } from '@ansinh/places';
import { Random, sampleName } from '@ansinh/samples';

export interface SeedEmployer {
  index: number;
  taxCode: string;
  name: string;
  plainName: string;
  kind: string;
  park: string | null;
  placeCode: string;
}

const forms: [string, string, number][] = [
  ['Công ty TNHH', 'enterprise', 60],
  ['Công ty CP', 'enterprise', 20],
  ['Hợp tác xã', 'cooperative', 8],
  ['Hộ kinh doanh', 'businessHousehold', 12],
];
const kinds = forms.flatMap((form) => Array<(typeof forms)[number]>(form[2]).fill(form));
const parks = ['KCN Yên Phong', 'KCN Quế Võ', 'KCN Tiên Sơn', 'KCN VSIP', 'KCN Thuận Thành'];

/** Codes from a range of the province that is not given out in order, each with its check digit. */
const FIRST_CODE = 239_000_000;

export function* seedEmployers(count: number, seed: number): Generator<SeedEmployer> {
  const random = new Random(seed + 1);
  const communes = listPlaces('2026-01-01').filter(({ level }) => level === 'commune');
  let digits = FIRST_CODE;
  for (let index = 0; index < count; index += 1) {
    const [form, kind] = random.pick(kinds);
    const name = `${form} ${sampleName(random, 'male').split(' ').slice(1).join(' ')} ${index + 1}`;
    const code = nextCode(digits);
    digits = code.digits + 1;
    yield {
      index,
      taxCode: code.taxCode,
      name,
      plainName: searchForm(name),
      kind,
      park: kind === 'enterprise' && random.next() < 0.3 ? random.pick(parks) : null,
      placeCode: random.pick(communes).code,
    };
  }
}

/** One in eleven has no check digit, and is skipped. */
function nextCode(first: number): { digits: number; taxCode: string } {
  for (let digits = first; ; digits += 1) {
    for (let check = 0; check < 10; check += 1) {
      const taxCode = `${digits}${check}`;
      if (taxCodeFault(taxCode) === null) return { digits, taxCode };
    }
  }
}
