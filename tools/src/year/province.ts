import { taxCodeFault } from '@ansinh/identity';
import { listPlaces } from '@ansinh/places';
import { generateRows, Random } from '@ansinh/samples';

export interface Employer {
  taxCode: string;
  name: string;
  type: 'enterprise' | 'householdBusiness';
  placeCode: string;
  workers: number;
}

export interface Worker {
  citizenNumber: string;
  name: string;
  bankBin: string;
  account: string;
}

/** An employer with all who work there. */
export interface Staff {
  employer: Employer;
  workers: Worker[];
}

interface Size {
  workers: number;
  enterprises: number;
  businessHouseholds: number;
  seed: number;
}

/** Of the largest list that the social protection takes. */
const workersMax = 60_000;
/** Sizes of enterprises fall by their rank; the largest of 8,104 has some 40,000 workers, as there is one in the province. */
const rankExponent = 0.9;
const householdWorkersMax = 3;
/** Their tax codes begin with that of the province. */
const taxCodePrefix = '2300';

/** The employers of a year, in a seeded order, with so many workers together. The same on every machine. */
export function makeEmployers({ workers, enterprises, businessHouseholds, seed }: Size): Employer[] {
  const random = new Random(seed);
  const communes = communesOf(27);
  const codes = taxCodes();
  const employer = (type: Employer['type'], number: number, size: number): Employer => ({
    taxCode: codes.next().value!,
    name: type === 'enterprise' ? `Công ty TNHH số ${number}` : `Hộ kinh doanh số ${number}`,
    type,
    placeCode: random.pick(communes),
    workers: size,
  });
  const households = Array.from({ length: businessHouseholds }, (_, index) =>
    employer('householdBusiness', index + 1, 1 + random.below(householdWorkersMax)),
  );
  const rest = workers - households.reduce((sum, each) => sum + each.workers, 0);
  const sizes = sizesByRank(rest, enterprises);
  return random.shuffle([
    ...sizes.map((size, index) => employer('enterprise', index + 1, size)),
    ...households,
  ]);
}

/** Who works where: everybody once, employer by employer. */
export function* staffOf(employers: readonly Employer[], seed: number): Generator<Staff, void, undefined> {
  const people = makeWorkers(
    employers.reduce((sum, { workers }) => sum + workers, 0),
    seed,
  );
  for (const employer of employers) {
    const workers = Array.from({ length: employer.workers }, () => people.next().value!);
    yield { employer, workers };
  }
}

function* makeWorkers(count: number, seed: number): Generator<Worker, void, undefined> {
  let made = 0;
  // A sample repeats some of its rows as second payments of one person, which are passed over here.
  for (const row of generateRows({ rows: 2 * count + 100, seed, flawed: 0, period: '2022' })) {
    if (row.ordinal === '2') continue;
    if (made === count) return;
    made += 1;
    yield { citizenNumber: row.payeeId, name: row.payeeName, bankBin: row.bankBin, account: row.account };
  }
}

/** At least one each; what the cap of the largest and rounding leave over goes to the others in turn. */
function sizesByRank(workers: number, enterprises: number): number[] {
  if (workers < enterprises) throw new RangeError(`${enterprises} enterprises of ${workers} workers`);
  const shares = Array.from({ length: enterprises }, (_, rank) => (rank + 1) ** -rankExponent);
  const whole = shares.reduce((sum, share) => sum + share, 0);
  const free = workers - enterprises;
  const sizes = shares.map((share) => Math.min(workersMax, 1 + Math.floor((free * share) / whole)));
  let left = workers - sizes.reduce((sum, size) => sum + size, 0);
  for (let rank = 0; left > 0; rank = (rank + 1) % enterprises) {
    if (sizes[rank]! >= workersMax) continue;
    sizes[rank]! += 1;
    left -= 1;
  }
  return sizes;
}

function communesOf(province: number): string[] {
  return listPlaces('2022-01-01')
    .filter(({ level, offices }) => level === 'commune' && offices.includes(String(province)))
    .map(({ code }) => code);
}

/** One after the other, with the digit that makes each of them valid; some nine digits have none. */
function* taxCodes(): Generator<string, never, undefined> {
  for (let number = 10_000; ; number += 1) {
    const nine = `${taxCodePrefix}${number}`;
    const code = Array.from({ length: 10 }, (_, digit) => `${nine}${digit}`).find(
      (one) => taxCodeFault(one) === null,
    );
    if (code !== undefined) yield code;
  }
}
