import { createHash } from 'node:crypto';

/** Leaves and nodes are hashed apart, so that a node cannot be shown as a leaf (RFC 6962 §2.1). */
const leafMark = Buffer.of(0);
const nodeMark = Buffer.of(1);

function hash(...parts: Uint8Array[]): Buffer {
  const digest = createHash('sha256');
  for (const part of parts) digest.update(part);
  return digest.digest();
}

/** The Merkle tree hash of RFC 6962 over leaves as they come; memory grows with the logarithm of their number. */
export class TreeHasher {
  /** Roots of full subtrees, the largest first. */
  private readonly full: { node: Buffer; leaves: number }[] = [];
  private leaves = 0;

  /** @param leaf what the leaf stands for: the hash of an event, hex */
  add(leaf: string): void {
    let last = { node: hash(leafMark, Buffer.from(leaf, 'hex')), leaves: 1 };
    while (this.full.at(-1)?.leaves === last.leaves) {
      last = { node: hash(nodeMark, this.full.pop()!.node, last.node), leaves: last.leaves * 2 };
    }
    this.full.push(last);
    this.leaves += 1;
  }

  get size(): number {
    return this.leaves;
  }

  /** Hex. Of no leaves: the hash of nothing, as the RFC has it. */
  root(): string {
    if (this.full.length === 0) return hash().toString('hex');
    return this.full
      .map(({ node }) => node)
      .reduceRight((right, left) => hash(nodeMark, left, right))
      .toString('hex');
  }
}

/** Leaves `first` to `end` - 1 under one node. */
export interface Branch {
  first: number;
  end: number;
}

/** The subtrees beside the way from a leaf to the root, the nearest first: their roots are the proof. */
export function branchesBeside(index: number, size: number): Branch[] {
  if (!isPlace(index, size)) throw new RangeError(`a tree of ${size} leaves has no leaf ${index}`);
  const branches: Branch[] = [];
  let [first, end] = [0, size];
  while (end - first > 1) {
    const middle = first + leftSize(end - first);
    const isLeft = index < middle;
    branches.unshift(isLeft ? { first: middle, end } : { first, end: middle });
    [first, end] = isLeft ? [first, middle] : [middle, end];
  }
  return branches;
}

/**
 * The root that a leaf and the nodes beside its way lead to; null when they are not as many as the way is long.
 * A proof holds when this is the root that was signed.
 */
export function rootFromPath(
  leaf: string,
  index: number,
  size: number,
  path: readonly string[],
): string | null {
  if (!isPlace(index, size)) return null;
  const branches = branchesBeside(index, size);
  if (branches.length !== path.length) return null;
  return branches
    .reduce(
      (node, { first }, level) => {
        const beside = Buffer.from(path[level]!, 'hex');
        return first > index ? hash(nodeMark, node, beside) : hash(nodeMark, beside, node);
      },
      hash(leafMark, Buffer.from(leaf, 'hex')),
    )
    .toString('hex');
}

function isPlace(index: number, size: number): boolean {
  return Number.isSafeInteger(index) && Number.isSafeInteger(size) && 0 <= index && index < size;
}

/** The left subtree is the largest full one that leaves something for the right. */
function leftSize(leaves: number): number {
  let size = 1;
  while (size * 2 < leaves) size *= 2;
  return size;
}
