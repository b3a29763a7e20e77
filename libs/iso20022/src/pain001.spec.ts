import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { collect, header, transfers } from '../test/messages.js';
import { validate, vectors, whenAbsent } from '../test/schemas.js';
import { toBankAscii } from '@ansinh/identity';
import { parsePain001 } from './pain001-reader.js';
import { type BankProfile, type CreditTransfer, standardProfile, writePain001 } from './pain001-writer.js';

const refusal = (code: string) => expect.objectContaining({ code });
const capitals: BankProfile = {
  ...standardProfile,
  text: { fold: 'ascii', letters: 'upper', allowed: "A-Z0-9/?:().,'+ \\-" },
};
const demanding: BankProfile = {
  ...capitals,
  nameLengthMax: 12,
  remittanceLengthMax: 18,
  purposeCode: 'SSBE',
  withAddress: true,
};
const schemaTest = vectors ? test : test.skip;

describe('writePain001', () => {
  schemaTest.each([
    ['pain.001.001.10', 'standard', standardProfile],
    ['pain.001.001.10', 'capitals, purpose and address', demanding],
    ['pain.001.001.03', 'standard', standardProfile],
    ['pain.001.001.03', 'capitals, purpose and address', demanding],
  ] as const)(`%s is valid by its schema: %s${whenAbsent}`, (version, _, profile) => {
    const list = transfers.map((transfer) => ({ ...transfer, creditorTown: 'Phường Kinh Bắc' }));
    validate(writePain001({ ...header, profile: { ...profile, version } }, list), version);
  });

  test('the same arguments give the same bytes, NFC and NFD alike', () => {
    const decomposed = transfers.map((transfer) => ({
      ...transfer,
      creditorName: transfer.creditorName.normalize('NFD'),
    }));
    expect(writePain001(header, decomposed).equals(writePain001(header, transfers))).toBe(true);
  });

  test('what is written reads back as it was', async () => {
    const events = await collect(parsePain001(writePain001(header, transfers)));
    expect(events).toEqual([
      {
        kind: 'header',
        version: 'pain.001.001.10',
        messageId: header.messageId,
        createdAt: header.createdAt,
        count: 2,
        total: 2_220_000n,
        initiatingParty: header.initiatingParty.name,
      },
      {
        kind: 'paymentInformation',
        id: header.paymentInformationId,
        executionOn: header.executionOn,
        debtorName: header.debtor.name,
        debtorAccount: header.debtor.account,
        debtorAgentBin: header.debtor.agentBin,
      },
      ...transfers.map((transfer) => ({
        kind: 'transaction',
        ...transfer,
        remittance: transfer.remittance ?? null,
      })),
    ]);
  });

  test('any name survives the way there and back', async () => {
    const name = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 30 })
      .map((text) => text.normalize('NFC').trim())
      .filter((text) => text.length > 0 && !/[\p{Cc}\p{Cs}\uFFFE\uFFFF]/u.test(text));
    await fc.assert(
      fc.asyncProperty(fc.array(name, { minLength: 1, maxLength: 5 }), async (names) => {
        const list = names.map((creditorName, index): CreditTransfer => ({
          ...transfers[0]!,
          endToEndId: `E${index}`,
          creditorName,
        }));
        const events = await collect(parsePain001(writePain001(header, list)));
        const read = events.flatMap((event) => (event.kind === 'transaction' ? [event.creditorName] : []));
        expect(read).toEqual(names);
      }),
    );
  });

  test('transliterates by the profile of the bank', () => {
    const xml = writePain001({ ...header, profile: capitals }, transfers).toString();
    expect(xml).toContain('<Nm>NGUYEN THI DAO</Nm>');
    expect(xml).toContain(`<Nm>${toBankAscii(header.debtor.name)}</Nm>`);
    expect(xml).not.toMatch(/[^\u0020-\u007e]/);
  });

  test.each([
    ['no transaction', [], 'INVALID_VALUE'],
    ['nothing to pay', [{ ...transfers[0]!, amount: 0n }], 'INVALID_AMOUNT'],
    ['a control character', [{ ...transfers[0]!, creditorName: 'A\u0007' }], 'INVALID_VALUE'],
    ['an id that is too long', [{ ...transfers[0]!, endToEndId: 'x'.repeat(36) }], 'INVALID_VALUE'],
  ])('refuses %s', (_, list, code) => {
    expect(() => writePain001(header, list)).toThrow(refusal(code));
  });

  test('writes what the profile asks for, and names as short as the bank wants them', async () => {
    const list = [{ ...transfers[0]!, creditorTown: 'Phường Võ Cường' }];
    const xml = writePain001({ ...header, profile: demanding }, list).toString();
    expect(xml).toContain(
      '<Cdtr><Nm>NGUYEN THI</Nm><PstlAdr><TwnNm>PHUONG VO CUONG</TwnNm><Ctry>VN</Ctry></PstlAdr></Cdtr>',
    );
    expect(xml).toContain('<Purp><Cd>SSBE</Cd></Purp><RmtInf>');
    const events = await collect(parsePain001(xml));
    expect(events[2]).toMatchObject({ creditorName: 'NGUYEN THI', remittance: 'HO TRO TIEN THUE' });
    const withoutTown = () => writePain001({ ...header, profile: demanding }, transfers);
    expect(withoutTown).toThrow(refusal('INVALID_VALUE'));
  });

  test('refuses a name of which ASCII leaves nothing', () => {
    const list = [{ ...transfers[0]!, creditorName: '阮氏' }];
    expect(() => writePain001({ ...header, profile: capitals }, list)).toThrow(refusal('INVALID_VALUE'));
  });
});

describe('parsePain001', () => {
  const xml = writePain001(header, transfers).toString();

  test.each([
    ['a wrong count', xml.replace('<NbOfTxs>2<', '<NbOfTxs>3<'), 'COUNT_MISMATCH'],
    ['a wrong sum', xml.replace('<CtrlSum>2220000<', '<CtrlSum>2220001<'), 'COUNT_MISMATCH'],
    ['another currency', xml.replace('Ccy="VND"', 'Ccy="USD"'), 'WRONG_CURRENCY'],
    ['half a đồng', xml.replace('>1500000<', '>1500000.50<'), 'INVALID_AMOUNT'],
    ['no end-to-end id', xml.replace('<EndToEndId>AS0000000001</EndToEndId>', ''), 'MISSING_ELEMENT'],
    ['another message', xml.replaceAll('CstmrCdtTrfInitn', 'CstmrDrctDbtInitn'), 'UNSUPPORTED_MESSAGE'],
  ])('refuses %s', async (_, message, code) => {
    await expect(collect(parsePain001(message))).rejects.toThrow(refusal(code));
  });

  test('reads version 03, decimals of zero, prefixes and white space', async () => {
    const older = writePain001(
      { ...header, profile: { ...standardProfile, version: 'pain.001.001.03' } },
      transfers,
    ).toString();
    const prefixed = older
      .replaceAll(/<(\/?)([A-Z])/g, '<$1p:$2')
      .replace('xmlns=', 'xmlns:p=')
      .replaceAll('>1500000<', '>\n  1500000.00 <');
    const plain = await collect(parsePain001(older));
    expect(plain[1]).toMatchObject({ executionOn: header.executionOn });
    expect(await collect(parsePain001(prefixed))).toEqual(plain);
  });
});
