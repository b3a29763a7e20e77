import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { BankProfileContent } from '../src/bank-profile/bank-profile.dto.js';
import { expectEverythingAccounted } from './accounted.js';
import type { TestDatabase } from '@ansinh/testing';
import { FakeBank } from './fake-bank.js';
import { FaultRig } from './faults-harness.js';
import {
  account,
  approvedBatch,
  checkedBatch,
  type Harness,
  newLines,
  operator,
  sentBatch,
  startHarness,
  statedPurpose,
} from './harness.js';
import { schemas, validate, whenAbsent } from './schemas.js';

const strict: BankProfileContent = {
  id: 'strict',
  name: { vi: 'Chặt', en: 'Strict' },
  source: 'test',
  messageVersion: 'pain.001.001.03',
  messagePaymentsMax: 3,
  messageAmountMax: '7000000',
  paymentAmountMax: '5000000',
  text: { fold: 'ascii', letters: 'upper', allowed: "A-Z0-9/?:().,'+ \\-" },
  nameLengthMax: 12,
  remittanceLengthMax: 35,
  purposeCode: 'SSBE',
  required: ['remittance', 'address'],
};

/** A file in which the bank of every test fund has this profile. */
function fileOf(profile: BankProfileContent): string {
  const path = join(mkdtempSync(join(tmpdir(), 'profiles-')), 'profiles.json');
  const usual = { ...profile, id: 'usual', messageVersion: 'pain.001.001.10' };
  const file = { default: 'usual', profiles: [usual, profile], banks: { [account.bin]: profile.id } };
  writeFileSync(path, JSON.stringify(file));
  return path;
}

const withProfile = (profile: BankProfileContent, database?: TestDatabase) =>
  startHarness({ database, channel: bank, environment: { BANK_PROFILES: fileOf(profile) } });

const bank = new FakeBank();
let harness: Harness;
beforeAll(async () => {
  harness = await withProfile(strict);
});
afterAll(() => harness.stop());

async function messageOf(at: Harness, batchId: string, number: number): Promise<string> {
  const client = await at.as(operator);
  const path = `/v1/batches/${batchId}/messages/${number}`;
  const reply = await client.get(path).set(statedPurpose).buffer(true).expect(200);
  return reply.text;
}

test('shows which bank has which profile', async () => {
  const { body } = await (await harness.as(operator)).get('/v1/bank-profiles').expect(200);
  expect(body).toMatchObject({
    items: [
      { id: 'usual', isDefault: true, banks: [] },
      {
        id: 'strict',
        isDefault: false,
        banks: [account.bin],
        digest: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
    ],
  });
});

test('what the bank would refuse is found by the check', async () => {
  const lines = [
    ...newLines(1),
    ...newLines(1, { amount: '5000001' }),
    ...newLines(1, { remittance: '' }),
    ...newLines(1, { payeeName: '阮氏', remittance: '…' }),
    ...newLines(1, { placeCode: '99999' }),
  ];
  const batch = await checkedBatch(harness, lines, { onBlocking: 'setAside' });
  expect(batch).toMatchObject({ kept: 1, setAside: 4 });
  const { body } = await (await harness.as(operator)).get(`/v1/batches/${batch.id}/findings`).expect(200);
  const found = (body as { items: { row: number; code: string; column: string }[] }).items;
  expect(found.map(({ row, code, column }) => [row, code, column])).toEqual([
    [2, 'ABOVE_BANK_LIMIT', 'amount'],
    [3, 'BANK_FIELD_MISSING', 'remittance'],
    [4, 'BANK_FIELD_MISSING', 'remittance'],
    [4, 'BANK_NAME_UNWRITABLE', 'payeeName'],
    [5, 'BANK_FIELD_MISSING', 'placeCode'],
    [5, 'UNKNOWN_PLACE', 'placeCode'],
  ]);
});

describe('messages', () => {
  test('are cut by payments and by đồng, in the order of the list, around what is set aside', async () => {
    // 3 fit by number; with 5,000,000 among them only two fit by amount.
    const amounts = ['1000000', '1000000', '1000000', '5000000', '9999999', '2000000', '1', '1', '1'];
    const lines = amounts.flatMap((amount) => newLines(1, { amount }));
    const batch = await approvedBatch(harness, lines, { onBlocking: 'setAside' });
    const { body } = await (await harness.as(operator)).get(`/v1/batches/${batch.id}/messages`).expect(200);
    const messages = (body as { items: { payments: number; amount: string }[] }).items;
    expect(messages.map(({ payments, amount }) => [payments, amount])).toEqual([
      [3, '3000000'],
      [2, '7000000'],
      [3, '3'],
    ]);
  });

  const schemaTest = schemas ? test : test.skip;
  schemaTest(`are valid by the schema of the profile's version${whenAbsent}`, async () => {
    const batch = await sentBatch(
      harness,
      newLines(4, { payeeName: 'Đặng Thị Ngọc Ánh', remittance: 'Hỗ trợ' }),
    );
    for (const { message } of bank.sends.slice(-2)) validate(message, 'pain.001.001.03');
    const message = await messageOf(harness, batch.id, 1);
    expect(message).toContain('urn:iso:std:iso:20022:tech:xsd:pain.001.001.03');
    expect(message).toContain('<Cdtr><Nm>DANG THI</Nm><PstlAdr><TwnNm>');
    expect(message).toContain('<Purp><Cd>SSBE</Cd></Purp><RmtInf><Ustrd>HO TRO</Ustrd></RmtInf>');
  });

  test('stay as they were when the profile changes; later lists follow the new one', async () => {
    const approved = await approvedBatch(harness, newLines(4));
    const before = await messageOf(harness, approved.id, 2);
    expect(before).toContain('pain.001.001.03');
    const changed = { ...strict, messageVersion: 'pain.001.001.10', nameLengthMax: 140 } as const;
    const later = await withProfile(changed, harness.database);
    try {
      const next = await approvedBatch(later, newLines(1));
      expect(await messageOf(later, next.id, 1)).toContain('pain.001.001.10');
      expect(await messageOf(later, approved.id, 2)).toBe(before);
    } finally {
      await later.stop();
    }
  });
});

test('a bank that takes only version 03 pays a whole batch', async () => {
  const rig = await FaultRig.start({
    service: { BANK_PROFILES: fileOf({ ...strict, messagePaymentsMax: 40, messageAmountMax: '30500000' }) },
    bank: { MESSAGE_VERSION: 'pain.001.001.03' },
  });
  try {
    await rig.startWorker();
    await rig.witness.planFaults(7, 0, { refuse: 0.1, returnLater: 0.1 });
    const batch = await rig.approvedBatch(100);
    await rig.transmit(batch);
    const { totals } = await expectEverythingAccounted(rig, batch, { seed: 7 });
    expect(totals.approved.count).toBe(100);
    expect(totals.paid.count).toBeGreaterThan(50);
    const { items } = await rig.people.operator.batches.messages(batch.id);
    // Thirty payments of a million and some đồng each are just below the amount of a message.
    expect(items.map(({ payments }) => payments)).toEqual([30, 30, 30, 10]);
  } finally {
    await rig.stop();
  }
});
