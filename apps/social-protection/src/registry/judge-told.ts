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
  isEnded: boolean;
  /** đồng that he was granted last, by an approved run. */
  granted: string;
  /** First day of the first month for which both are granted something by approved runs; null where there is none. */
  bothFrom: string | null;
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
  /** What was told when he was compared before: what is told now is news only beside that. Null for the first time. */
  toldBefore: { diedOn: string | null; placeCode: string | null; residentFrom: string | null } | null;
  /** The last notice of two numbers, or of two people after all. */
  lastIdentity: { otherId: string | null; endedFrom: string | null; isSuperseded: boolean } | null;
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

function judgeDeath({ told: { diedOn }, death, toldBefore, asksDeath, firstMonth }: Compared): Judged | null {
  const aspect = 'death';
  const stated = death?.value ?? null;
  if (diedOn === stated) return { aspect, notice: null };
  // Nothing was told that is not known: a death that an officer stated needs no confirmation.
  if (diedOn === (toldBefore?.diedOn ?? null)) return null;
  if (diedOn === null) return { aspect, notice: { kind: 'deathTakenBack', diedOn, isOpen: true } };
  if (!asksDeath) return { aspect, notice: { kind: 'died', diedOn, isOpen: true } };
  if (death && !death.isTold) return { aspect, notice: { kind: 'deathDiffers', diedOn, isOpen: true } };
  // Months from the earlier of two days on are looked at again: the month of a death is still paid (Decree 20/2021 article 8 clause 2).
  const from = monthStartOf(stated !== null && stated < diedOn ? stated : diedOn);
  const statement = { appliesFrom: later(from, firstMonth), facts: { diedOn } };
  return { aspect, notice: { kind: 'died', diedOn, statement, isOpen: false } };
}

function judgeResidence(
  { told, officeCode, placeSince, toldBefore }: Compared,
  today: string,
): Judged | null {
  const { placeCode, residentFrom, diedOn } = told;
  const aspect = 'residence';
  if (placeCode === officeCode || diedOn !== null) return { aspect, notice: null };
  if (toldBefore?.placeCode === placeCode && toldBefore.residentFrom === residentFrom) return null;
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
 * One person has one allowance of a programme (Decree 20/2021 article 6 clause 2). Which of two is to go on is for officials to say. Where
 * both are granted something for one month it is, until they do, the one that is higher, and of two alike the one that was entered first.
 */
function judgeIdentity({ id, ended, granted, others, lastIdentity: last }: Compared): Judged | null {
  const aspect = 'identity';
  const isEnded = (ended?.value ?? null) !== null;
  const isEndedAsTold = isEnded && ended!.isTold;
  if (others.length === 0) {
    if (!last) return null;
    if (!isEndedAsTold) return { aspect, notice: null };
    return last.otherId ? { aspect, notice: { kind: 'twoPeople', isOpen: true } } : null;
  }
  if (isEndedAsTold) {
    if (last?.otherId) return null;
    // They were two people meanwhile, and nobody has let him go on.
    const [first] = [...others].sort(byStanding);
    return { aspect, notice: { kind: 'samePerson', otherId: first!.id, isOpen: true } };
  }
  const self = { id, granted, isEnded };
  const ahead = others.filter((other) => byStanding(other, self) < 0 && !other.isEnded).sort(byStanding);
  // An official has ended him, or he is the one that goes on.
  if (isEnded || ahead.length === 0) return { aspect, notice: null };
  const otherId = ahead[0]!.id;
  const wasTold = last?.otherId === otherId && !last.isSuperseded;
  // Whoever goes on after his end is ended again.
  const [endedFrom] = ahead
    .flatMap(({ bothFrom }) => bothFrom ?? (wasTold ? (last.endedFrom ?? []) : []))
    .sort();
  if (endedFrom !== undefined) {
    const statement = { appliesFrom: endedFrom, facts: { endedFrom } };
    return { aspect, notice: { kind: 'samePerson', otherId, statement, isOpen: true } };
  }
  return wasTold ? null : { aspect, notice: { kind: 'samePerson', otherId, isOpen: true } };
}

type Standing = Omit<OtherSelf, 'bothFrom'>;

const byStanding = (one: Standing, other: Standing): number =>
  Number(one.isEnded) - Number(other.isEnded) ||
  Number(BigInt(other.granted) - BigInt(one.granted)) ||
  (one.id < other.id ? -1 : 1);

const later = (one: string, other: string) => (one > other ? one : other);
