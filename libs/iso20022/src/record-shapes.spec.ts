import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readElements } from './element-reader.js';

type Told = string[];

/** Everything that the rules are told of a document, with and without the memory for shapes. */
async function tell(document: string, cuts: number[], isRecord: boolean): Promise<Told> {
  const bytes = Buffer.from(document);
  const ends = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  const pieces = [...ends, bytes.length].map((end, index) =>
    bytes.subarray(index ? ends[index - 1] : 0, end),
  );
  const told: Told = [];
  try {
    const source = (async function* () {
      for (const piece of pieces) yield await Promise.resolve(piece);
    })();
    const events = readElements<string>(source, (tree, emit) => {
      tree
        .on('Set/Tx', {
          ...(isRecord && { isRecord }),
          enter: (attributes) => emit(`enter Tx ${JSON.stringify(attributes)}`),
          leave: () => emit('leave Tx'),
        })
        .on('Set/Tx/Id', (text) => emit(`Id ${text}`))
        .on('Set/Tx/Amt', (text, attributes) => emit(`Amt ${text} ${JSON.stringify(attributes)}`))
        .on('Set/Tx/Party', { enter: () => emit('enter Party'), leave: () => emit('leave Party') })
        .on('Set/Tx/Party/Nm', (text) => emit(`Nm ${text}`))
        .on('Set/Sum', (text) => emit(`Sum ${text}`));
    });
    for await (const some of events) told.push(...some);
    return told;
  } catch (error) {
    // What was told before depends on the cuts, and counts for nothing: a document is refused whole.
    return [`refused ${(error as { code?: string }).code}`];
  }
}

const text = fc.oneof(
  fc.string({ maxLength: 12 }).map((value) => value.replace(/[<&]/g, '')),
  fc.constantFrom(
    '1500000',
    'Nguyễn Thị Hoà',
    'a &amp; b',
    '&#x41;',
    ' x ',
    '',
    ' ',
    'a > b',
    ']]>',
    '<![CDATA[<Tx>]]>',
    '𠮷',
    '&nope;',
  ),
);
const gap = fc.constantFrom('', '', '', '\n  ', '<!-- </Tx> -->', '<?note </Tx>?>');
const party = fc
  .record({ name: text, gap })
  .map((value) => `<Party>${value.gap}<Nm>${value.name}</Nm></Party>`);
const record = fc
  .record({
    prefix: fc.constantFrom('', '', '', '', ' a="1"', ' a="x>y"'),
    id: text,
    currency: fc.constantFrom('VND', 'VND', 'VND', 'USD'),
    amount: text,
    party: fc.option(party, { nil: '<Party/>' }),
    gaps: fc.tuple(gap, gap),
    extra: fc.constantFrom('', '', '', '<Other>1</Other>', 'mixed', '<Tx><Id>inner</Id></Tx>'),
  })
  .map(
    ({ prefix, id, currency, amount, party: one, gaps, extra }) =>
      `${gaps[0]}<Tx${prefix}><Id>${id}</Id><Amt Ccy="${currency}">${amount}</Amt>${one}${extra}</Tx>${gaps[1]}`,
  );
const documents = fc
  .record({
    kinds: fc.array(record, { minLength: 1, maxLength: 4 }),
    order: fc.array(fc.nat(3), { maxLength: 40 }),
    tail: fc.constantFrom('', '<Sum>3</Sum>', '<Sum>3</Sum><Tx><Id>last</Id>', '</Wrong>'),
  })
  .map(({ kinds, order, tail }) => {
    const records = order.map((kind) => kinds[kind % kinds.length]).join('');
    return `<Document><Set>${records}${tail}</Set></Document>`;
  });

test('what is told does not depend on the memory for shapes, nor on where the text is cut', async () => {
  await fc.assert(
    fc.asyncProperty(documents, fc.array(fc.nat(), { maxLength: 30 }), async (document, cuts) => {
      expect(await tell(document, cuts, true)).toEqual(await tell(document, [], false));
    }),
    { numRuns: 3_000 },
  );
});

test('every cut of a document of two shapes', async () => {
  const one = '<Tx><Id>1</Id><Amt Ccy="VND">10</Amt><Party><Nm>A</Nm></Party></Tx>';
  const other = '<Tx><Id>2</Id><Amt Ccy="VND">20</Amt></Tx>';
  const document = `<Document><Set>${[one, one, other, one, other, other, one].join('')}<Sum>7</Sum></Set></Document>`;
  const expected = await tell(document, [], false);
  expect(expected).toHaveLength(4 * 7 + 3 * 4 + 1);
  for (let cut = 0; cut <= document.length; cut += 1) {
    expect(await tell(document, [cut, cut + 70], true)).toEqual(expected);
  }
});
