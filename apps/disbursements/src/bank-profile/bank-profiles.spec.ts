import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { BankProfiles } from './bank-profiles.js';
import shipped from './data/bank-profiles.json' with { type: 'json' };

type File = typeof shipped;

function read(change: (file: File) => object): BankProfiles {
  const path = join(mkdtempSync(join(tmpdir(), 'profiles-')), 'profiles.json');
  writeFileSync(path, JSON.stringify(change(structuredClone(shipped))));
  return BankProfiles.read(path);
}

const withFirst = (over: object) => (file: File) => ({
  ...file,
  profiles: [{ ...file.profiles[0]!, ...over }, ...file.profiles.slice(1)],
});

describe('bank profiles', () => {
  test('those of the product can be read; every bank has one', () => {
    const profiles = BankProfiles.read(null);
    expect(profiles.of('970405').content.id).toBe('iso20022-current');
    expect(profiles.list().filter(({ isDefault }) => isDefault)).toHaveLength(1);
  });

  test('a bank has its own, and its digest follows the content', () => {
    const own = read((file) => ({ ...file, banks: { 970436: 'iso20022-2009' } }));
    expect(own.of('970436').content.messageVersion).toBe('pain.001.001.03');
    expect(own.of('970405').digest).toBe(BankProfiles.read(null).of('970405').digest);
    const changed = read(withFirst({ nameLengthMax: 70 }));
    expect(changed.of('970405').digest).not.toBe(own.of('970405').digest);
  });

  test.each<[string, (file: File) => object, RegExp]>([
    ['no such version', withFirst({ messageVersion: 'pain.001.001.09' }), /messageVersion/],
    ['more payments than a message holds', withFirst({ messagePaymentsMax: 5001 }), /messagePaymentsMax/],
    ['an amount that is a number', withFirst({ paymentAmountMax: 5 }), /paymentAmountMax/],
    ['a property that nobody reads', withFirst({ nameLenghtMax: 70 }), /nameLenghtMax/],
    [
      'a class of characters',
      withFirst({ text: { ...shipped.profiles[1]!.text, allowed: 'A-Z0-9 \\w' } }),
      /allowed/,
    ],
    [
      'no space among the characters',
      withFirst({ text: { ...shipped.profiles[1]!.text, allowed: 'A-Z0-9' } }),
      /allowed/,
    ],
    ['a default that is not there', (file) => ({ ...file, default: 'x' }), /no profile x/],
    ['a bank without a profile', (file) => ({ ...file, banks: { 970436: 'x' } }), /no profile x/],
    ['not a BIN', (file) => ({ ...file, banks: { VCB: 'iso20022-2009' } }), /VCB is not a BIN/],
    ['two of one id', (file) => ({ ...file, profiles: [file.profiles[0], file.profiles[0]] }), /one id/],
  ])('refuses %s at the start', (_, change, message) => {
    expect(() => read(change)).toThrow(message);
  });
});
