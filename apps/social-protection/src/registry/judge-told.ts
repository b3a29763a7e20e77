import { monthStartOf } from '@ansinh/calendar';
import { communeToday } from '@ansinh/places';

export const noticeKinds = [
  'died',
  'deathDiffers',
  'deathTakenBack',
  'moved',
  'residenceDiffers',
  'leftProvince',
  'samePerson',
  'twoPeople',
] as const;
export type NoticeKind = (typeof noticeKinds)[number];
export type NoticeAspect = 'death' | 'residence' | 'identity';

/** What was said of a fact last, and whether that was by what the registry told. */
interface Stated {
  value: string | null;
  isTold: boolean;
}

/** Somebody of the register who is the same person, by another number. */
export interface OtherSelf {
  id: string;
  firstMonth: string;
  isEnded: boolean;
  /** đồng that he was granted last, by an approved run. */
  granted: string;
}

/** A beneficiary beside what the registry says of his person. Days as `2026-11-03`. */
export interface Compared {
  id: string;
  firstMonth: string;
  officeCode: string;
  /** From when on he is known to live where the register has him. */
  placeSince: string;
  /** Whether the law of his programme asks for the day of a death. */
  asksDeath: boolean;
  death: Stated | null;
  ended: Stated | null;
  granted: string;
  told: { diedOn: string | null; placeCode: string; residentFrom: string | null };
  others: readonly OtherSelf[];
  /** What the last notice of each aspect told. */
  last: {
    death?: { diedOn: string | null };
    residence?: { placeCode: string; residentFrom: string | null };
    identity?: { otherId: string | null };
  };
}

export interface Judged {
  aspect: NoticeAspect;
  /** Null where registry and register agree: what was open of it is not any more. */
  notice: {
    kind: NoticeKind;
    diedOn?: string | null;
    placeCode?: string;
    residentFrom?: string | null;
    otherId?: string;
    /** What is stated by itself. */
    statement?: { appliesFrom: string; facts: Record<string, string> };
    /** The commune that he is handed over to by itself. */
    moveTo?: { placeCode: string; officeCode: string; movedOn: string };
    isOpen: boolean;
  } | null;
}

/**
 * What is to be noticed of what the registry says: each thing once, however often it is told. What the law leaves to nobody's judgement
 * is stated or moved by itself; where the register says something else, or somebody would be paid again, an official decides.
 */
export function judgeTold(compared: Compared, today: string): Judged[] {
  return [judgeDeath(compared), judgeResidence(compared, today), judgeIdentity(compared)].flatMap(
    (judged) => judged ?? [],
  );
}

function judgeDeath({ told: { diedOn }, death, last, asksDeath, firstMonth }: Compared): Judged | null {
  const aspect = 'death';
  const stated = death?.value ?? null;
  if (diedOn === stated) return { aspect, notice: null };
  // Nothing was told that is not known: a death that an officer stated needs no confirmation.
  if (diedOn === (last.death?.diedOn ?? null)) return null;
  if (diedOn === null) return { aspect, notice: { kind: 'deathTakenBack', diedOn, isOpen: true } };
  if (!asksDeath) return { aspect, notice: { kind: 'died', diedOn, isOpen: true } };
  if (death && !death.isTold) return { aspect, notice: { kind: 'deathDiffers', diedOn, isOpen: true } };
  // Months from the earlier of two days on are looked at again: the month of a death is still paid (Decree 20/2021 article 8 clause 2).
  const from = monthStartOf(stated !== null && stated < diedOn ? stated : diedOn);
  const statement = { appliesFrom: later(from, firstMonth), facts: { diedOn } };
  return { aspect, notice: { kind: 'died', diedOn, statement, isOpen: false } };
}

function judgeResidence({ told, officeCode, placeSince, last }: Compared, today: string): Judged | null {
  const { placeCode, residentFrom, diedOn } = told;
  const aspect = 'residence';
  if (placeCode === officeCode || diedOn !== null) return { aspect, notice: null };
  if (last.residence?.placeCode === placeCode && last.residence.residentFrom === residentFrom) return null;
  const office = communeToday(placeCode, today);
  // A district of before ends the allowance by a decision, and that of the new place grants it (Decree 20/2021 article 8 clause 4).
  if (office === null)
    return { aspect, notice: { kind: 'leftProvince', placeCode, residentFrom, isOpen: true } };
  // Who was stated to live here since then, or moved here after it, is not moved by what was before.
  if (residentFrom === null || residentFrom <= placeSince || residentFrom > today)
    return { aspect, notice: { kind: 'residenceDiffers', placeCode, residentFrom, isOpen: true } };
  const moveTo = { placeCode, officeCode: office, movedOn: residentFrom };
  return { aspect, notice: { kind: 'moved', placeCode, residentFrom, moveTo, isOpen: false } };
}

/**
 * One person has one allowance of a programme. Which of two is to go on is for officials to say; until they do, it is the one that is
 * higher (Decree 20/2021 article 6 clause 2), and of two alike the one that was entered first.
 */
function judgeIdentity({ id, firstMonth, ended, granted, others, last }: Compared): Judged | null {
  const aspect = 'identity';
  const self = { id, firstMonth, granted, isEnded: (ended?.value ?? null) !== null };
  if (others.length === 0) {
    if (!last.identity) return null;
    if (!self.isEnded || !ended!.isTold) return { aspect, notice: null };
    return last.identity.otherId ? { aspect, notice: { kind: 'twoPeople', isOpen: true } } : null;
  }
  const [first] = [self, ...others].sort(byStanding);
  if (self.isEnded || first!.id === id) return null;
  const endedFrom = later(first!.firstMonth, firstMonth);
  const statement = { appliesFrom: endedFrom, facts: { endedFrom } };
  return { aspect, notice: { kind: 'samePerson', otherId: first!.id, statement, isOpen: true } };
}

const byStanding = (one: OtherSelf, other: OtherSelf): number =>
  Number(one.isEnded) - Number(other.isEnded) ||
  Number(BigInt(other.granted) - BigInt(one.granted)) ||
  (one.id < other.id ? -1 : 1);

const later = (one: string, other: string) => (one > other ? one : other);
