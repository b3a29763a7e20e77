import { describe, expect, test } from '@jest/globals';
import type { BatchPayment } from '@ansinh/client';
import type { BookLine } from './bank-witness.js';
import { compareBooks } from './compare-books.js';

const ids = ['LO-00000001-0000001', 'LO-00000001-0000002', 'LO-00000001-0000003'] as const;

function ours(over: Partial<BatchPayment> = {}, endToEndId: string = ids[1]): BatchPayment {
  return {
    endToEndId,
    row: 2,
    amount: '100',
    state: 'paid',
    paidAmount: '100',
    paidOn: '2022-07-01',
    reason: null,
    exceptionDebit: null,
    exceptionCredit: null,
    followUp: null,
    followUpOf: null,
    ...over,
  };
}

function theirs(over: Partial<BookLine> = {}, endToEndId: string = ids[1]): BookLine {
  return {
    endToEndId,
    messageId: 'M',
    state: 'settled',
    amount: '100',
    debited: '100',
    credited: '0',
    debits: 1,
    credits: 0,
    ...over,
  };
}

async function* stream<T>(lines: T[]): AsyncGenerator<T> {
  yield* lines;
}

const compared = (our: BatchPayment[], their: BookLine[]) => compareBooks(stream(our), stream(their));

describe('compareBooks', () => {
  test.each<[string, BatchPayment, BookLine]>([
    ['paid', ours(), theirs()],
    [
      'refused',
      ours({ state: 'refused', paidAmount: null }),
      theirs({ state: 'refused', debited: '0', debits: 0 }),
    ],
    ['returned', ours({ state: 'returned' }), theirs({ state: 'returned', credited: '100', credits: 1 })],
    [
      'short, and known as an exception',
      ours({ state: 'inFlight', paidAmount: null, exceptionDebit: '99' }),
      theirs({ debited: '99' }),
    ],
  ])('agrees on a line that is %s', async (_name, our, their) => {
    expect(await compared([our], [their])).toEqual({ agrees: true, lines: 1, differences: [] });
  });

  test.each<[string, BatchPayment, BookLine]>([
    ['one đồng less at the bank', ours(), theirs({ debited: '99' })],
    ['paid twice at the bank', ours(), theirs({ debited: '200', debits: 2 })],
    ['paid here, refused there', ours(), theirs({ state: 'refused', debited: '0' })],
    ['in flight here, paid there', ours({ state: 'inFlight', paidAmount: null }), theirs()],
    ['returned there, not known here', ours(), theirs({ state: 'returned', credited: '100' })],
    ['another amount instructed', ours(), theirs({ amount: '101' })],
  ])('tells a line that is %s', async (_name, our, their) => {
    const { agrees, differences } = await compared([our], [their]);
    expect(agrees).toBe(false);
    expect(differences).toEqual([expect.stringContaining(ids[1])]);
  });

  test('tells lines that only one side has, wherever they stand', async () => {
    const both = [ours({}, ids[0]), ours({}, ids[1]), ours({}, ids[2])];
    const bank = [theirs({}, ids[0]), theirs({}, ids[1]), theirs({}, ids[2])];
    for (const missing of [0, 1, 2]) {
      const without = <T>(lines: T[]) => lines.filter((_line, index) => index !== missing);
      expect(await compared(without(both), bank)).toMatchObject({ agrees: false, lines: 3 });
      expect(await compared(both, without(bank))).toMatchObject({ agrees: false, lines: 3 });
    }
  });

  test('a message that was refused as a whole leaves nothing at the bank', async () => {
    expect(await compared([ours({ state: 'refused', paidAmount: null })], [])).toMatchObject({
      agrees: true,
    });
  });

  test('counts all that differ, shows the first few', async () => {
    const many = Array.from({ length: 50 }, (_, index) =>
      ours({}, `LO-00000001-${String(index).padStart(7, '0')}`),
    );
    expect((await compared(many, [])).differences).toHaveLength(5);
  });
});
