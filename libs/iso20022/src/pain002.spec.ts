import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { collect, header, transfers } from '../test/messages.js';
import { validate, vectors, whenAbsent } from '../test/schemas.js';
import { parsePain002 } from './pain002-reader.js';
import { type Pain002Header, writePain002 } from './pain002-writer.js';
import { writePain001 } from './pain001-writer.js';

const schemaTest = vectors ? test : test.skip;
const answer: Pain002Header = {
  messageId: 'BANK-STS-1',
  createdAt: '2022-07-01T09:30:01+07:00',
  originalMessageId: header.messageId,
  originalMessageName: 'pain.001.001.10',
  originalPaymentInformationId: header.paymentInformationId,
  originalCount: 2,
  groupStatus: 'PART',
};
const refused = [{ endToEndId: 'AS0000000002', reason: 'AC01' }];

describe('writePain002', () => {
  schemaTest.each([
    ['PART', refused, undefined],
    ['ACTC', [], undefined],
    ['RJCT', refused, 'AM04'],
  ] as const)(`%s is valid by its schema${whenAbsent}`, (groupStatus, list, groupReason) => {
    validate(writePain002({ ...answer, groupStatus, groupReason }, list), 'pain.002.001.11');
  });

  test('what is written reads back as it was', async () => {
    const events = await collect(parsePain002(writePain002({ ...answer, groupReason: 'AM04' }, refused)));
    expect(events).toEqual([
      {
        kind: 'report',
        version: 'pain.002.001.11',
        messageId: answer.messageId,
        createdAt: answer.createdAt,
        originalMessageId: header.messageId,
        groupStatus: 'PART',
        groupReason: 'AM04',
      },
      { kind: 'transaction', endToEndId: 'AS0000000002', status: 'RJCT', reason: 'AC01', detail: null },
    ]);
  });
});

describe('parsePain002', () => {
  const sample = (name: string) => collect(parsePain002(readFileSync(join(vectors!, 'bank-samples', name))));

  schemaTest(`reads Cross River’s, which has no namespace and CDATA${whenAbsent}`, async () => {
    const events = await sample('cross_river-pain_002_transaction_rejected.xml');
    expect(events[0]).toMatchObject({ kind: 'report', originalMessageId: 'missing2', groupStatus: 'ACTC' });
    expect(events[1]).toEqual({ kind: 'paymentInformation', id: 'missing2', status: 'RJCT', reason: null });
    expect(events).toHaveLength(5);
    expect(events[2]).toEqual({
      kind: 'transaction',
      endToEndId: 'sanity-10-1-12-1-21',
      status: 'RJCT',
      reason: 'NARR',
      detail: 'Instruction ID example01234567 already exist',
    });
  });

  schemaTest(`reads Nordea’s, which has no group status${whenAbsent}`, async () => {
    const events = await sample('nordea-pain_002_v3_txn_reject.xml');
    expect(events.map(({ kind }) => kind)).toEqual([
      'report',
      'paymentInformation',
      'transaction',
      'transaction',
    ]);
    expect(events[0]).toMatchObject({ version: 'pain.002.001.03', groupStatus: null });
    expect(events[3]).toMatchObject({ endToEndId: 'ENDTOENDID-950-TEST2-2807-01', reason: 'NARR' });
  });

  test('refuses another message', async () => {
    await expect(collect(parsePain002(writePain001(header, transfers)))).rejects.toThrow(
      expect.objectContaining({ code: 'UNSUPPORTED_MESSAGE' }),
    );
  });
});
