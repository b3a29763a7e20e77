import { createHash, generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { sha256 } from './audit-entry.js';
import { boundsOfDay, fingerprintOf, readSigningKey, RootSigner } from './audit-root.js';
import { branchesBeside, rootFromPath, TreeHasher } from './merkle-tree.js';

const leavesOf = (size: number) => Array.from({ length: size }, (_, index) => sha256(`leaf ${index}`));

/** RFC 6962 §2.1 word for word, over whole lists. */
function treeHash(leaves: Buffer[]): Buffer {
  const hash = (...parts: Buffer[]) => createHash('sha256').update(Buffer.concat(parts)).digest();
  if (leaves.length === 0) return hash();
  if (leaves.length === 1) return hash(Buffer.of(0), leaves[0]!);
  const split = 2 ** Math.ceil(Math.log2(leaves.length) - 1);
  return hash(Buffer.of(1), treeHash(leaves.slice(0, split)), treeHash(leaves.slice(split)));
}

function rootOf(leaves: string[]): string {
  const tree = new TreeHasher();
  for (const leaf of leaves) tree.add(leaf);
  return tree.root();
}

const pathOf = (leaves: string[], index: number) =>
  branchesBeside(index, leaves.length).map(({ first, end }) => rootOf(leaves.slice(first, end)));

describe('the tree of a day', () => {
  test('is that of RFC 6962 for every size up to 300', () => {
    for (let size = 0; size <= 300; size += 1) {
      const leaves = leavesOf(size);
      expect(rootOf(leaves)).toBe(treeHash(leaves.map((leaf) => Buffer.from(leaf, 'hex'))).toString('hex'));
    }
  });

  const place = fc
    .integer({ min: 1, max: 300 })
    .chain((size) => fc.record({ size: fc.constant(size), index: fc.nat(size - 1) }));

  test('has a proof for each leaf, which leads to the root', () => {
    fc.assert(
      fc.property(place, ({ size, index }) => {
        const leaves = leavesOf(size);
        const path = pathOf(leaves, index);
        expect(rootFromPath(leaves[index]!, index, size, path)).toBe(rootOf(leaves));
        expect(path.length).toBeLessThanOrEqual(Math.ceil(Math.log2(size)));
      }),
    );
  });

  test('has no proof for another leaf, place, size or path', () => {
    fc.assert(
      fc.property(place, fc.nat(300), fc.nat(10), ({ size, index }, other, step) => {
        const leaves = leavesOf(size);
        const [root, path] = [rootOf(leaves), pathOf(leaves, index)];
        expect(rootFromPath(sha256('another'), index, size, path)).not.toBe(root);
        if (other !== index) expect(rootFromPath(leaves[index]!, other, size, path)).not.toBe(root);
        expect(rootFromPath(leaves[index]!, index, size, [...path, root])).toBeNull();
        if (path.length === 0) return;
        expect(rootFromPath(leaves[index]!, index, size, path.slice(1))).toBeNull();
        const bent = path.with(step % path.length, sha256('bent'));
        expect(rootFromPath(leaves[index]!, index, size, bent)).not.toBe(root);
      }),
    );
  });

  test('does not show a node as a leaf', () => {
    const leaves = leavesOf(2);
    const asNode = Buffer.concat(
      leaves.map((leaf) =>
        createHash('sha256').update(Buffer.of(0)).update(Buffer.from(leaf, 'hex')).digest(),
      ),
    );
    expect(rootOf([asNode.toString('hex')])).not.toBe(rootOf(leaves));
  });
});

describe('a signing key', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const pem = publicKey.export({ type: 'spki', format: 'pem' }) as string;

  test('is a PEM or its seed', () => {
    const seed = Buffer.from(privateKey.export({ format: 'jwk' }).d!, 'base64url').toString('base64');
    const written = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
    for (const text of [seed, `${seed}\n`, written])
      expect(new RootSigner(readSigningKey(text)).fingerprint).toBe(fingerprintOf(pem));
  });

  test.each([
    '',
    'secret-text',
    Buffer.alloc(31).toString('base64'),
    pem,
    generateKeyPairSync('x25519').privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
  ])('is nothing else, and is not repeated: %#', (text) => {
    expect(() => readSigningKey(text)).toThrow(/^AUDIT_SIGNING_KEY: expected an Ed25519 private key/);
  });
});

test('a day of Viet Nam begins at five in the afternoon, UTC, of the day before', () => {
  expect(boundsOfDay('2026-03-01')).toEqual({
    from: '2026-02-28T17:00:00.000000Z',
    to: '2026-03-01T17:00:00.000000Z',
  });
});
