import { noHash } from './audit-entry.js';
import { dayAfter, fingerprintOf, hashOfRoot, isSigned, type SignedRoot } from './audit-root.js';
import type { LogEntry } from './chain-verifier.js';
import type { AuditFinding } from './finding.js';
import { TreeHasher } from './merkle-tree.js';

export interface RootsToVerify {
  log: string;
  /** By day. */
  roots: readonly SignedRoot[];
  /** Public keys (PEM) whose signatures count. */
  keys: readonly string[];
  /** Roots that were kept elsewhere: where there is one of a day, that of the log must be the same. */
  kept?: readonly SignedRoot[];
  /** The last day that must have a root. */
  until: string;
}

/** Compares a log with the roots of its days: first the roots among themselves, then each with its events as they come. */
export class RootVerifier {
  private readonly findings: AuditFinding[] = [];
  private readonly pending: SignedRoot[];
  private tree = new TreeHasher();
  private isRewritten = false;

  constructor(private readonly given: RootsToVerify) {
    this.pending = [...given.roots];
    this.checkRoots();
    this.checkKept();
  }

  /** @param isSound no event up to this one contradicts another: if its day does not fit, the whole was written anew */
  add(entry: LogEntry, isSound: boolean): void {
    this.passDaysBefore(entry.seq);
    const [root] = this.pending;
    if (root === undefined) this.requireFirstDay(entry);
    else if (BigInt(entry.seq) >= BigInt(root.firstSeq)) {
      this.tree.add(entry.hash);
      if (BigInt(entry.seq) >= lastSeqOf(root)) this.closeDay(root, entry.hash, isSound);
    }
  }

  /** @param lastSeq of the log: a day that ends behind it lost its end */
  finish(lastSeq: string): AuditFinding[] {
    this.passDaysBefore(String(BigInt(lastSeq) + 1n));
    const [root] = this.pending;
    if (root && !this.isRewritten)
      this.findings.push({ kind: 'deleted', seq: lastSeq, to: null, day: root.day });
    return this.findings;
  }

  private closeDay(root: SignedRoot, chainHash: string, isSound: boolean): void {
    const isSame =
      this.tree.size === root.events && this.tree.root() === root.treeRoot && chainHash === root.chainHash;
    // Every later day hangs on this one: the first that does not fit says it all.
    if (!isSame && isSound && !this.isRewritten) {
      this.isRewritten = true;
      const { firstSeq, day } = root;
      this.findings.push({ kind: 'rewritten', seq: firstSeq, to: String(lastSeqOf(root)), day });
    }
    this.pending.shift();
    this.tree = new TreeHasher();
  }

  /** Days without events have nothing to wait for; nor have days whose events are gone. */
  private passDaysBefore(seq: string): void {
    for (let root = this.pending[0]; root && lastSeqOf(root) < BigInt(seq); root = this.pending[0]) {
      this.pending.shift();
      this.tree = new TreeHasher();
    }
  }

  /** Without any root the first event tells since when there should be some. */
  private requireFirstDay(entry: LogEntry): void {
    if (this.given.roots.length > 0 || entry.seq !== '1' || !('at' in entry)) return;
    const day = new Date(Date.parse(entry.at) + 7 * 3_600_000).toISOString().slice(0, 10);
    if (day <= this.given.until) this.findings.push({ kind: 'rootMissing', day, toDay: this.given.until });
  }

  private checkRoots(): void {
    let before: SignedRoot | null = null;
    for (const root of this.given.roots) {
      const isTrusted = this.checkSignature(root);
      if (before && root.day !== dayAfter(before.day)) this.missDays(dayAfter(before.day), root.day);
      else if (isTrusted && !follows(root, before))
        this.findings.push({ kind: 'rootAltered', day: root.day });
      before = root;
    }
    if (before && before.day < this.given.until)
      this.findings.push({ kind: 'rootMissing', day: dayAfter(before.day), toDay: this.given.until });
  }

  private checkSignature(root: SignedRoot): boolean {
    const key = this.given.keys.find((one) => fingerprintOf(one) === root.keyFingerprint);
    const isTrusted = key !== undefined && root.log === this.given.log && isSigned(root, key);
    if (!isTrusted) this.findings.push({ kind: 'rootUnsigned', day: root.day });
    return isTrusted;
  }

  private missDays(from: string, next: string): void {
    const toDay = new Date(Date.parse(`${next}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);
    this.findings.push({ kind: 'rootMissing', day: from, toDay });
  }

  private checkKept(): void {
    const days = new Map(this.given.roots.map((root) => [root.day, root]));
    for (const kept of this.given.kept ?? []) {
      const root = days.get(kept.day);
      if (!root) this.findings.push({ kind: 'rootMissing', day: kept.day, toDay: kept.day });
      else if (contentDiffers(root, kept)) this.findings.push({ kind: 'rootAltered', day: kept.day });
    }
  }
}

function lastSeqOf({ firstSeq, events }: SignedRoot): bigint {
  return BigInt(firstSeq) + BigInt(events) - 1n;
}

function follows(root: SignedRoot, before: SignedRoot | null): boolean {
  const expected = before
    ? { previousRoot: hashOfRoot(before), firstSeq: String(lastSeqOf(before) + 1n) }
    : { previousRoot: noHash, firstSeq: '1' };
  return root.previousRoot === expected.previousRoot && root.firstSeq === expected.firstSeq;
}

/** Another key may have signed the same day again. */
function contentDiffers(one: SignedRoot, other: SignedRoot): boolean {
  return hashOfRoot({ ...one, keyFingerprint: '' }) !== hashOfRoot({ ...other, keyFingerprint: '' });
}
