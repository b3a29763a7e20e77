import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { vectors, whenAbsent } from '../test/vectors.js';
import type { Mt940Event, Mt940Transaction } from './mt940-events.js';
import { Mt940Error } from './mt940-error.js';
import { parseMt940 } from './mt940-reader.js';

async function collect(pieces: AsyncIterable<Mt940Event[]>): Promise<Mt940Event[]> {
  const all: Mt940Event[] = [];
  for await (const piece of pieces) all.push(...piece);
  return all;
}

const read = (text: string | Uint8Array) => collect(parseMt940(text));
const refusal = (code: string) => expect.objectContaining({ name: 'Mt940Error', code });

const statement = `{1:F01BANKVNVXAXXX0000000000}{2:O9401200}{4:
:20:STMT-1
:25:970405/2600201000001
:28C:00007/00002
:60F:C220704VND10000000,
:61:2207050705DD1500000,NTRFNONREF//BK1-1
second line
:86:166?00CHUYEN TIEN?20EREF+LO-00000042-00000?2101?22KREF+LO-00000042-C00001?30970436?310123456789012
?32NGUYEN THI?33 DAO
:61:220706C720000,00NRTIREF-2
:86:/EREF/LO-00000042-0000002/RTRN/AC04//REMI/Tra lai
:61:2301021231RC5,NMSCNONREF
:62F:C220706VND9219995,00
:64:C220706VND9219995,
:86:THANK YOU
-}{5:{CHK:0}}
`;

describe('parseMt940', () => {
  test('reads a statement with both structures of :86:', async () => {
    const events = await read(statement.replaceAll('\n', '\r\n'));
    expect(events.map(({ kind }) => kind)).toEqual([
      'statement',
      'transaction',
      'transaction',
      'transaction',
      'closing',
    ]);
    expect(events[0]).toEqual({
      kind: 'statement',
      reference: 'STMT-1',
      account: '970405/2600201000001',
      number: 7,
      page: 2,
      opening: { amount: '10000000', currency: 'VND', on: '2022-07-04' },
      isContinued: false,
      line: 2,
    });
    expect(events[1]).toMatchObject({
      valueOn: '2022-07-05',
      bookedOn: '2022-07-05',
      direction: 'debit',
      amount: '1500000',
      currency: 'VND',
      type: 'NTRF',
      customerReference: 'NONREF',
      bankReference: 'BK1-1',
      supplement: 'second line',
      information: {
        code: '166',
        references: { EREF: 'LO-00000042-0000001', KREF: 'LO-00000042-C00001' },
        bank: '970436',
        account: '0123456789012',
        name: 'NGUYEN THI DAO',
      },
    });
    expect(events[2]).toMatchObject({
      bookedOn: null,
      direction: 'credit',
      amount: '720000.00',
      customerReference: 'REF-2',
      bankReference: null,
      information: { references: { EREF: 'LO-00000042-0000002', RTRN: 'AC04', REMI: 'Tra lai' } },
    });
    // The reversal of a credit is a debit; the entry date lies before the turn of the year.
    expect(events[3]).toMatchObject({ direction: 'debit', isReversal: true, bookedOn: '2022-12-31' });
    expect(events[4]).toMatchObject({ balance: { amount: '9219995.00' }, isIntermediate: false });
  });

  test('a field that stands where it may not is told', async () => {
    const events = await read(statement.replace(':86:/EREF', ':25:/EREF').replace(':28C:', ':86:x\n:28C:'));
    expect(events.filter(({ kind }) => kind === 'misplaced')).toEqual([
      { kind: 'misplaced', tag: '86', line: 4 },
      { kind: 'misplaced', tag: '25', line: 12 },
    ]);
  });

  test.each([
    ['a movement without a sign', 'DD1500000', 'XD1500000', 'INVALID_VALUE'],
    ['a day that is none', ':61:2207050705', ':61:2213050705', 'INVALID_VALUE'],
    ['an entry day that is none', ':61:2207050705', ':61:2207051332', 'INVALID_VALUE'],
    ['a decimal point', 'D1500000,', 'D1500000.00', 'INVALID_AMOUNT'],
    ['separators of thousands', 'D1500000,', 'D1,500,000', 'INVALID_AMOUNT'],
    ['a balance without a currency', 'C220704VND1', 'C2207041', 'INVALID_VALUE'],
    ['full-width digits', 'VND10000000,', 'VND１0000000,', 'INVALID_AMOUNT'],
    ['a number of a statement that is none', '00007/00002', '7/8/9', 'INVALID_VALUE'],
  ])('refuses %s', async (_, from, to, code) => {
    expect(statement).toContain(from);
    await expect(read(statement.replace(from, to))).rejects.toThrow(refusal(code));
  });

  test.each(['<Document/>', 'payeeId,payeeName\n1,2\n', '\u0000\u0001'])('refuses %j', async (text) => {
    await expect(read(text)).rejects.toThrow(refusal('UNSUPPORTED_MESSAGE'));
  });

  test('memory is bounded: neither a line nor a field without end is waited for', async () => {
    let pieces = 0;
    async function* endless(piece: string): AsyncGenerator<string> {
      yield ':20:X\n';
      for (; ; pieces += 1) yield piece;
    }
    await expect(collect(parseMt940(endless('x'.repeat(4_096))))).rejects.toThrow(refusal('LIMIT_EXCEEDED'));
    await expect(collect(parseMt940(endless('x\n')))).rejects.toThrow(refusal('LIMIT_EXCEEDED'));
    expect(pieces).toBeLessThan(20_000);
  });

  test('what is not UTF-8 is Latin-1, line by line', async () => {
    const latin = Buffer.from(':20:ÜBER\n:25:1\n:60F:C220704VND1,\n', 'latin1');
    expect((await read(latin))[0]).toMatchObject({ reference: 'ÜBER' });
    expect((await read(Buffer.from('\ufeff:20:Hoà\n')))[0]).toMatchObject({ reference: 'Hoà' });
  });
});

interface Expected {
  transactions: {
    date: string;
    status: string;
    amount: string;
    currency: string | null;
    customerReference: string | null;
    bankReference: string | null;
  }[];
  final_opening_balance?: { amount: string; currency: string; date: string };
  final_closing_balance?: { amount: string; currency: string; date: string };
}

const expectedOf = (): Record<string, Expected> =>
  JSON.parse(readFileSync(join(vectors!, 'expected.json'), 'utf8')) as Record<string, Expected>;

/** The same amount, however many zeros stand behind it. */
const canonical = (amount: string) =>
  amount.includes('.') ? amount.replace(/0+$/, '').replace(/\.$/, '') : amount;

/**
 * The vectors were made by a reader that puts KREF+ of `:86:` under the reference of `:61:` where there is one, and leaves
 * no reference where `:86:` has keys but not that one.
 */
function customerReferenceOf({ customerReference, information }: Mt940Transaction): string | null {
  if (!information || Object.keys(information.references).length === 0) return customerReference;
  const kref = /KREF\+(.*?)(?:[A-Z]{4}\+|$)/.exec(information.text)?.[1]?.trim();
  return kref === undefined ? null : [customerReference, kref].join('\n');
}

function asExpected(transaction: Mt940Transaction): Expected['transactions'][number] {
  const { direction, isReversal, amount, currency, valueOn, bankReference } = transaction;
  const status = `${isReversal ? 'R' : ''}${(direction === 'debit') === isReversal ? 'C' : 'D'}`;
  return {
    date: valueOn,
    status,
    amount: canonical(status === 'D' ? `-${amount}` : amount),
    currency,
    customerReference: customerReferenceOf(transaction),
    bankReference,
  };
}

const vectorFiles = vectors
  ? readdirSync(vectors).filter((name) => name.endsWith('.sta'))
  : ['every file of the vectors'];

(vectors ? describe : describe.skip)(`statements of other banks${whenAbsent}`, () => {
  test.each(vectorFiles)('%s reads as expected', async (name) => {
    const events = await read(readFileSync(join(vectors!, name)));
    const expected = expectedOf()[name]!;
    const transactions = events.filter((event) => event.kind === 'transaction');
    expect(transactions.map(asExpected)).toEqual(
      expected.transactions.map((transaction) => ({
        ...transaction,
        amount: canonical(transaction.amount),
      })),
    );
    const opening = events.findLast((event) => event.kind === 'statement')?.opening;
    const closing = events.findLast((event) => event.kind === 'closing')?.balance;
    for (const [balance, told] of [
      [opening, expected.final_opening_balance],
      [closing, expected.final_closing_balance],
    ] as const) {
      if (!told) continue;
      const { amount, currency, on } = balance!;
      expect({ amount: canonical(amount), currency, on }).toEqual({
        amount: canonical(told.amount),
        currency: told.currency,
        on: told.date,
      });
    }
  });

  test('the last broken one tells where', async () => {
    const events = await read(readFileSync(join(vectors!, 'sepa_snippet_broken.sta')));
    expect(events).toContainEqual({ kind: 'misplaced', tag: '25', line: 6 });
  });

  test('every one of them, cut anywhere and damaged, is read or refused', async () => {
    for (const name of vectorFiles) await expectRobust(readFileSync(join(vectors!, name)), 200);
  }, 120_000);
});

const day = fc
  .date({ min: new Date('2000-01-02'), max: new Date('2079-12-30'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
const short = (on: string) => on.slice(2).replaceAll('-', '');
const reference = fc.stringMatching(/^[A-Z0-9][A-Z0-9 -]{0,14}[A-Z0-9]$/);

const movement = fc.record({
  valueOn: day,
  direction: fc.constantFrom('debit', 'credit'),
  isReversal: fc.boolean(),
  whole: fc.bigInt({ min: 0n, max: 999_999_999_999n }),
  fraction: fc.constantFrom('', '00', '05', '5'),
  customerReference: fc.option(reference),
  bankReference: fc.option(reference),
  endToEndId: fc.option(fc.stringMatching(/^LO-\d{8}-\d{7}$/)),
});
type Movement = (typeof movement)['generate'] extends (...of: never[]) => { value: infer Value }
  ? Value
  : never;

function lineOf(given: Movement): string {
  const isDebitMark = (given.direction === 'debit') !== given.isReversal;
  const references = [given.customerReference ?? '', ...(given.bankReference ? [given.bankReference] : [])];
  const line = `:61:${short(given.valueOn)}${given.isReversal ? 'R' : ''}${isDebitMark ? 'D' : 'C'}${given.whole},${given.fraction}NTRF${references.join('//')}`;
  if (!given.endToEndId) return line;
  const information = `166?00X?20EREF+${given.endToEndId}?21SVWZ+HO TRO`;
  return `${line}\n:86:${(information.match(/.{1,30}/g) ?? []).join('\n')}`;
}

describe('properties', () => {
  test.each([[[]], [[4]], [[9, 12]], [[12, 13]]])(
    'the first fault is the one that is told, cut at %p',
    async (cuts) => {
      const twoFaults = Buffer.from(':61:x\n-\nnothing of MT940\n');
      await expect(collect(parseMt940(cut(twoFaults, cuts)))).rejects.toThrow(
        'line 1: :61: is not a movement',
      );
    },
  );

  test('what is written reads back, wherever the bytes are cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(movement, { maxLength: 8 }),
        fc.array(fc.nat(2_000), { maxLength: 6 }),
        fc.constantFrom('\n', '\r\n'),
        async (movements, cuts, newline) => {
          const lines = [
            ':20:S',
            ':25:1',
            ':28C:1',
            ':60F:C220704VND1,',
            ...movements.map(lineOf),
            ':62F:C220704VND1,',
            '-',
          ];
          const bytes = Buffer.from(lines.join('\n').replaceAll('\n', newline));
          const events = await collect(parseMt940(cut(bytes, cuts)));
          const read = events.filter((event) => event.kind === 'transaction');
          expect(read).toHaveLength(movements.length);
          for (const [index, given] of movements.entries()) {
            expect(read[index]).toMatchObject({
              valueOn: given.valueOn,
              direction: given.direction,
              isReversal: given.isReversal,
              amount: given.fraction ? `${given.whole}.${given.fraction}` : String(given.whole),
              customerReference: given.customerReference,
              bankReference: given.bankReference,
            });
            expect(read[index]!.information?.references['EREF'] ?? null).toBe(given.endToEndId);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  test('a damaged statement is read or refused', () => expectRobust(Buffer.from(statement), 2_000));
});

async function* cut(bytes: Buffer, places: number[]): AsyncGenerator<Buffer> {
  let from = 0;
  for (const at of [...places.map((place) => place % (bytes.length + 1)), bytes.length].sort(
    (a, b) => a - b,
  )) {
    yield bytes.subarray(from, at);
    from = at;
  }
}

const damage = fc.oneof(
  fc.tuple(fc.constant('flip' as const), fc.nat(100_000), fc.nat(255)),
  fc.tuple(fc.constant('drop' as const), fc.nat(100_000), fc.nat(200)),
  fc.tuple(fc.constant('repeat' as const), fc.nat(100_000), fc.nat(200)),
  fc.tuple(fc.constant('end' as const), fc.nat(100_000), fc.constant(0)),
);

function damaged(bytes: Buffer, [kind, place, size]: [string, number, number]): Buffer {
  const at = place % (bytes.length + 1);
  if (kind === 'end') return bytes.subarray(0, at);
  if (kind === 'drop') return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + size)]);
  if (kind === 'repeat')
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(Math.max(0, at - size))]);
  const flipped = Buffer.from(bytes);
  if (at < flipped.length) flipped[at] = size;
  return flipped;
}

/** Cut into the same pieces or whole, it says the same. */
async function expectRobust(bytes: Buffer, numRuns: number): Promise<void> {
  const outcome = async (source: Parameters<typeof parseMt940>[0]) => {
    try {
      return await collect(parseMt940(source));
    } catch (error) {
      if (error instanceof Mt940Error) return error.message;
      throw error;
    }
  };
  await fc.assert(
    fc.asyncProperty(
      fc.array(damage, { minLength: 1, maxLength: 4 }),
      fc.array(fc.nat(100_000), { maxLength: 4 }),
      async (damages, cuts) => {
        const bad = damages.reduce(damaged, bytes);
        expect(await outcome(cut(bad, cuts))).toEqual(await outcome(bad));
      },
    ),
    { numRuns },
  );
}
