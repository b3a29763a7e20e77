import { nameInitials, nameKey, searchForm } from '@ansinh/identity';
import { listPlaces } from '@ansinh/places';
import { Random, sampleName } from '@ansinh/samples';

/** A person of nobody: name, age and number are made by chance, the commune is a real one. */
export interface SeedPerson {
  index: number;
  name: string;
  nameKey: string;
  plain: string;
  initials: string;
  citizenNumber: string;
  birthYear: number;
  bornOn: string;
  sex: 'male' | 'female';
  diedOn: string | null;
  relation: string;
}

export interface SeedHousehold {
  index: number;
  placeCode: string;
  class: 'poor' | 'nearPoor' | 'neither';
  members: SeedPerson[];
}

const TAILS = 1_000_000;
/** Coprime to the number of tails, so that counting by it meets every tail once. */
const TAIL_STRIDE = 387_421;

/** As many as there are numbers: of each registering province, every tail once. */
export const seedPeopleMax = 2 * TAILS;

const provinces = ['027', '024'] as const;

/** The day that the province is seen on: ages do not change from run to run. */
const SEEN_ON = { year: 2026, day: '2026-01-01' };

/** Of those who live alone so many are the second record of somebody else: of all people about two in a thousand. */
const secondRecordShare = 0.1;

/**
 * Households of one to six, three generations at most, until there are so many people. The same seed gives the same ones. A few
 * have a second record under another number, as registers that grew from lists do.
 */
export function* seedHouseholds(people: number, seed: number): Generator<SeedHousehold> {
  const random = new Random(seed);
  // By itself: who is there twice changes nothing of all others.
  const twice = new Random(seed + 3);
  let before: SeedHousehold | null = null;
  const communes = listPlaces(SEEN_ON.day).filter(({ level }) => level === 'commune');
  let made = 0;
  for (let index = 0; made < people; index += 1) {
    const roles = rolesOf(random).slice(0, people - made);
    const chance = random.next();
    const family = sampleName(random, 'male').split(' ')[0]!;
    const household: SeedHousehold = {
      index,
      placeCode: random.pick(communes).code,
      class: chance < 0.02 ? 'poor' : chance < 0.05 ? 'nearPoor' : 'neither',
      members: roles.map((role, position) => personOf(random, { ...role, family, index: made + position })),
    };
    const isSecond = roles.length === 1 && twice.next() < secondRecordShare;
    yield isSecond && before ? secondRecord(twice, household, before) : household;
    before = household;
    made += roles.length;
  }
}

interface Role {
  relation: string;
  age: number;
  sex: 'male' | 'female';
}

function rolesOf(random: Random): Role[] {
  const age = 24 + random.below(56);
  const sexOf = () => (random.next() < 0.5 ? 'male' : 'female');
  const head: Role = { relation: 'head', age, sex: random.next() < 0.7 ? 'male' : 'female' };
  const roles = [head];
  if (random.next() < 0.75) {
    const spouse = head.sex === 'male' ? 'female' : 'male';
    roles.push({ relation: 'spouse', age: Math.max(18, age - 4 + random.below(7)), sex: spouse });
  }
  const oldest = Math.min(age - 20, 30);
  for (let child = random.below(4); child > 0; child -= 1) {
    roles.push({ relation: 'child', age: random.below(oldest + 1), sex: sexOf() });
  }
  if (age < 55 && random.next() < 0.2) {
    roles.push({ relation: 'parent', age: Math.min(age + 20 + random.below(15), 99), sex: sexOf() });
  }
  return roles;
}

function personOf(
  random: Random,
  { relation, age, sex, family, index }: Role & { family: string; index: number },
): SeedPerson {
  const birthYear = SEEN_ON.year - 1 - age;
  const [own, ...rest] = sampleName(random, sex).split(' ');
  const name = [relation === 'spouse' || relation === 'parent' ? own : family, ...rest].join(' ');
  const month = String(1 + random.below(12)).padStart(2, '0');
  const day = String(1 + random.below(28)).padStart(2, '0');
  return {
    index,
    name,
    nameKey: nameKey(name),
    plain: searchForm(name),
    initials: nameInitials(name),
    citizenNumber: seedNumber(index, birthYear, sex),
    birthYear,
    bornOn: `${birthYear}-${month}-${day}`,
    sex,
    diedOn: random.next() < (age > 70 ? 0.05 : 0.002) ? SEEN_ON.day : null,
    relation,
  };
}

/** The household of one, who is the head of the other one once more: in the same commune, with the marks of his name or without. */
function secondRecord(random: Random, household: SeedHousehold, of: SeedHousehold): SeedHousehold {
  const [one, head] = [household.members[0]!, of.members[0]!];
  const { birthYear, bornOn, sex } = head;
  const name = random.next() < 0.5 ? head.name : withoutMarks(head.name);
  const forms = { name, nameKey: nameKey(name), plain: searchForm(name), initials: nameInitials(name) };
  const citizenNumber = seedNumber(one.index, birthYear, sex);
  return {
    ...household,
    placeCode: of.placeCode,
    members: [{ ...one, ...forms, birthYear, bornOn, sex, citizenNumber }],
  };
}

const withoutMarks = (name: string) =>
  name.normalize('NFD').replaceAll(/\p{M}/gu, '').replaceAll('đ', 'd').replaceAll('Đ', 'D');

/** No two of them are the same, whenever and as whoever they were born. */
export function seedNumber(index: number, birthYear: number, sex: 'male' | 'female'): string {
  const tail = ((index % TAILS) * TAIL_STRIDE) % TAILS;
  const centuryAndSex = (birthYear < 2000 ? 0 : 2) + (sex === 'female' ? 1 : 0);
  const year = String(birthYear % 100).padStart(2, '0');
  return `${provinces[Math.floor(index / TAILS)]}${centuryAndSex}${year}${String(tail).padStart(6, '0')}`;
}
