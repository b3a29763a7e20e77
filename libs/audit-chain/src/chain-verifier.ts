import { type AuditEntry, hashOfEntry, noHash } from './audit-entry.js';
import type { AuditFinding } from './finding.js';

/** An event of which the reader may know nothing but its place: one of an office that is not its own. */
export type HiddenEntry = Pick<AuditEntry, 'seq' | 'hash'>;
export type LogEntry = AuditEntry | HiddenEntry;

/** Where the log says that it ends. */
export type AuditHead = Pick<AuditEntry, 'seq' | 'hash'>;

/** Rows moved further than this are found among those that fit nowhere, as long as these are few. */
const shiftMax = 50;
const strayMax = 300;
const runsMax = 10_000;

/**
 * Neighbours that stand equally far from where their hash says they were written: at `seq + shift`.
 * `null`: they fit nowhere near, their content is not what was hashed.
 */
interface Run {
  first: bigint;
  last: bigint;
  shift: bigint | null;
}

/**
 * Recomputes a chain event by event. The number of an event is part of its hash, so an event tells where it was written:
 * behind an insertion or a deletion all stand one off, those of a swap stand alone. Memory does not grow with the log.
 */
export class ChainVerifier {
  private readonly findings: AuditFinding[] = [];
  private readonly runs: Run[] = [{ first: 0n, last: 0n, shift: 0n }];
  private readonly strays: AuditEntry[] = [];
  private last: HiddenEntry & { isSound: boolean } = { seq: '0', hash: noHash, isSound: true };

  /** Events in the order of their numbers. */
  add(entry: LogEntry): void {
    const [seq, expected] = [BigInt(entry.seq), BigInt(this.last.seq) + 1n];
    const isNext = seq === expected;
    if (seq > expected) this.find({ kind: 'deleted', seq: this.last.seq, to: entry.seq });
    if (seq < expected) this.find({ kind: 'inserted', seq: entry.seq, to: entry.seq });
    const run = this.runs.at(-1)!;
    const shift = 'at' in entry ? placeOf(entry, run.shift ?? 0n) : run.shift;
    if (isNext && 'at' in entry && shift !== null && shift === run.shift && this.last.isSound)
      this.checkLink(entry);
    if (shift === null && this.strays.length < strayMax) this.strays.push(entry as AuditEntry);
    this.extend(seq, shift);
    this.last = { seq: entry.seq, hash: entry.hash, isSound: shift !== null };
  }

  /** No event so far contradicts another one. */
  get isSound(): boolean {
    return this.findings.length === 0 && this.runs.length === 1;
  }

  get lastSeq(): string {
    return this.last.seq;
  }

  /** What was found, by place. @param heads the log's end before it was read and after: it may have grown meanwhile */
  finish(heads: { before: AuditHead; after: AuditHead }): AuditFinding[] {
    const [end, least, most] = [this.last.seq, heads.before.seq, heads.after.seq].map(BigInt) as [
      bigint,
      bigint,
      bigint,
    ];
    if (end < least) this.find({ kind: 'deleted', seq: this.last.seq, to: null });
    if (end > most) this.find({ kind: 'inserted', seq: String(most + 1n), to: this.last.seq });
    if (end === most && this.isSound && this.last.hash !== heads.after.hash)
      this.find({ kind: 'edited', seq: this.last.seq, to: this.last.seq });
    this.explainRuns(most);
    return this.findings.sort((one, other) => Number(BigInt(one.seq!) - BigInt(other.seq!)));
  }

  /** Both fit by themselves: the one before was changed together with its hash, and this one remembers the old hash. */
  private checkLink(entry: AuditEntry): void {
    if (entry.previousHash === this.last.hash) return;
    const seq = this.last.seq;
    if (seq === '0') this.find({ kind: 'deleted', seq, to: entry.seq });
    else this.find({ kind: 'edited', seq, to: seq });
  }

  private extend(seq: bigint, shift: bigint | null): void {
    const run = this.runs.at(-1)!;
    if (run.shift === shift || this.runs.length >= runsMax) run.last = seq;
    else this.runs.push({ first: seq, last: seq, shift });
  }

  /** What stands behind the end was put there, whatever it is. */
  private explainRuns(end: bigint): void {
    let base = 0n;
    const runs = this.runs.filter(({ first }) => first <= end);
    for (const [index, run] of runs.entries()) {
      if (run.shift === base) continue;
      if (run.shift === null) this.explainStrays(run, base);
      else if (runs.slice(index + 1).some(({ shift }) => shift === base)) this.explainMove(run, run.shift);
      else {
        this.explainShift(run.first, run.shift - base, base);
        base = run.shift;
      }
    }
  }

  private explainMove({ first, last }: Run, shift: bigint): void {
    this.find({ kind: 'moved', seq: String(first), to: String(last), from: String(first + shift) });
  }

  /** From here on all stand where others were: something was put in before them, or taken out. */
  private explainShift(first: bigint, by: bigint, base: bigint): void {
    if (by > 0n) {
      this.find({ kind: 'deleted', seq: String(first - 1n + base), to: String(first + base + by) });
      return;
    }
    const inserted = { from: first + by, to: first - 1n };
    // What does not fit where something was put in is what was put in.
    for (let index = this.findings.length - 1; index >= 0; index -= 1) {
      const { kind, seq } = this.findings[index]!;
      if (kind === 'edited' && BigInt(seq!) >= inserted.from && BigInt(seq!) <= inserted.to)
        this.findings.splice(index, 1);
    }
    this.find({ kind: 'inserted', seq: String(inserted.from), to: String(inserted.to) });
  }

  private explainStrays({ first, last }: Run, base: bigint): void {
    const places = this.strays.map(({ seq }) => BigInt(seq) + base);
    for (let seq = first; seq <= last; seq += 1n) {
      const stray = this.strays.find((one) => BigInt(one.seq) === seq);
      const from = stray && places.find((place) => isWrittenAs(stray, place));
      if (from !== undefined)
        this.find({ kind: 'moved', seq: String(seq), to: String(seq), from: String(from) });
      else if (stray || first === last) this.find({ kind: 'edited', seq: String(seq), to: String(seq) });
      else {
        // Too many to tell one by one.
        this.find({ kind: 'edited', seq: String(seq), to: String(last) });
        return;
      }
    }
  }

  private find(finding: AuditFinding): void {
    this.findings.push(finding);
  }
}

/** How far from its place the event was written, by its hash; null when it is none of the places around. */
function placeOf(entry: AuditEntry, likely: bigint): bigint | null {
  const seq = BigInt(entry.seq);
  if (isWrittenAs(entry, seq + likely)) return likely;
  if (isWrittenAs(entry, seq)) return 0n;
  for (let distance = 1n; distance <= shiftMax; distance += 1n) {
    for (const shift of [likely + distance, likely - distance])
      if (isWrittenAs(entry, seq + shift)) return shift;
  }
  return null;
}

function isWrittenAs(entry: AuditEntry, seq: bigint): boolean {
  return seq > 0n && hashOfEntry({ ...entry, seq: String(seq) }) === entry.hash;
}
