import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import {
  camtHeader,
  collect,
  header,
  returnedEntry,
  settledEntry,
  textOf,
  transfers,
} from '../test/messages.js';
import { validate, vectors, whenAbsent } from '../test/schemas.js';
import { parseCamt } from './camt-reader.js';
import { type StatementHeader, writeCamt053, writeCamt054 } from './camt-writer.js';
import { writePain001 } from './pain001-writer.js';

const schemaTest = vectors ? test : test.skip;
const refusal = (code: string) => expect.objectContaining({ code });
const statementHeader: StatementHeader = {
  ...camtHeader,
  sequence: 7,
  on: '2022-07-05',
  opening: 10_000_000n,
  closing: 8_500_000n,
};
const { transactions: _, ...bookedAsOneSum } = settledEntry;

describe('writeCamt054', () => {
  schemaTest(`is valid by its schema${whenAbsent}`, async () => {
    validate(await textOf(writeCamt054(camtHeader, [settledEntry, returnedEntry])), 'camt.054.001.08');
  });

  test('what is written reads back as it was, transactions before their entry', async () => {
    const events = await collect(
      parseCamt(await textOf(writeCamt054(camtHeader, [settledEntry, returnedEntry]))),
    );
    expect(events).toEqual([
      {
        kind: 'document',
        type: 'camt.054',
        version: 'camt.054.001.08',
        messageId: 'BANK-1',
        id: 'NTF-1',
        createdAt: camtHeader.createdAt,
        account: camtHeader.account.number,
        servicer: camtHeader.account.agentBin,
        currency: 'VND',
        sequence: null,
        opening: null,
        closing: null,
        summary: null,
      },
      ...transfers.map((transfer, index) => ({
        kind: 'transaction',
        endToEndId: transfer.endToEndId,
        amount: transfer.amount,
        direction: 'debit',
        status: 'BOOK',
        bookedOn: '2022-07-04',
        reference: `BK000001-${index + 1}`,
        messageId: header.messageId,
        account: transfer.creditorAccount,
        bin: transfer.creditorBin,
        reason: null,
      })),
      {
        kind: 'entry',
        amount: 2_220_000n,
        direction: 'debit',
        status: 'BOOK',
        bookedOn: '2022-07-04',
        reference: 'BK000001',
        batches: [
          {
            messageId: header.messageId,
            count: 2,
            total: 2_220_000n,
            told: { count: 2, total: 2_220_000n },
          },
        ],
        transactions: 2,
      },
      expect.objectContaining({
        kind: 'transaction',
        direction: 'credit',
        endToEndId: 'AS0000000002',
        account: '9704050000001',
        bin: '970405',
        reason: 'AC04',
      }),
      expect.objectContaining({ kind: 'entry', direction: 'credit', transactions: 1, batches: [] }),
    ]);
  });
});

describe('writeCamt053', () => {
  schemaTest(`is valid by its schema, with entries and without${whenAbsent}`, async () => {
    const entries = [bookedAsOneSum, returnedEntry];
    validate(await textOf(writeCamt053(statementHeader, entries)), 'camt.053.001.08');
    validate(await textOf(writeCamt053({ ...statementHeader, opening: -5n }, [])), 'camt.053.001.08');
  });

  test('reads back with its balances; overdrawn ones are negative', async () => {
    const xml = await textOf(writeCamt053({ ...statementHeader, closing: -5n }, [bookedAsOneSum]));
    const events = await collect(parseCamt(xml));
    expect(events[0]).toMatchObject({ type: 'camt.053', sequence: 7, opening: 10_000_000n, closing: -5n });
    expect(events[1]).toMatchObject({ kind: 'entry', transactions: 0, batches: [{ count: 2 }] });
    expect(events).toHaveLength(2);
  });
});

describe('parseCamt', () => {
  schemaTest(`reads ING’s statement of version 02${whenAbsent}`, async () => {
    const xml = readFileSync(join(vectors!, 'bank-samples/ing-example_camt.xml'));
    const events = await collect(parseCamt(xml, { currency: 'EUR' }));
    expect(events[0]).toMatchObject({
      type: 'camt.053',
      version: 'camt.053.001.02',
      account: 'NL08INGB0000001234',
      currency: 'EUR',
      sequence: 3,
      opening: 100_000n,
      closing: 160_500n,
    });
    const entries = events.filter((event) => event.kind === 'entry');
    expect(entries).toHaveLength(9);
    const moved = entries.reduce(
      (sum, { amount, direction }) => sum + (direction === 'credit' ? amount : -amount),
      0n,
    );
    expect(100_000n + moved).toBe(160_500n);
    await expect(collect(parseCamt(xml))).rejects.toThrow(refusal('WRONG_CURRENCY'));
  });

  test('gives a payment without an amount that of its entry, only when it is alone there', async () => {
    const xml = await textOf(writeCamt054(camtHeader, [returnedEntry]));
    const bare = xml.replace('</Refs><Amt Ccy="VND">720000</Amt>', '</Refs>');
    const events = await collect(parseCamt(bare));
    expect(events[1]).toMatchObject({ kind: 'transaction', amount: 720_000n });
    const two = bare.replace(/<TxDtls>.*<\/TxDtls>/, (details) => details + details);
    await expect(collect(parseCamt(two))).rejects.toThrow(refusal('MISSING_ELEMENT'));
  });

  test('NOTPROVIDED is no end-to-end id; a pending entry says so', async () => {
    const xml = (await textOf(writeCamt054(camtHeader, [returnedEntry])))
      .replace('AS0000000002', 'NOTPROVIDED')
      .replace('BOOK', 'PDNG');
    expect((await collect(parseCamt(xml)))[1]).toMatchObject({ endToEndId: null, status: 'PDNG' });
  });

  test('refuses another message', async () => {
    await expect(collect(parseCamt(writePain001(header, transfers)))).rejects.toThrow(
      refusal('UNSUPPORTED_MESSAGE'),
    );
  });
});
