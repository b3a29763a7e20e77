import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { camtHeader, collect, returnedEntry, settledEntry, textOf } from '../test/messages.js';
import { vectors, whenAbsent } from '../test/schemas.js';
import type { CamtEvent } from './camt-events.js';
import { parseCamt } from './camt-reader.js';
import { writeCamt053, writeCamt054 } from './camt-writer.js';

/** Versions that were published after the first, and from which on each difference holds. */
const versions = Array.from({ length: 12 }, (_, index) => index + 2);
const messages = ['camt.052', 'camt.053', 'camt.054'] as const;

type Change = (xml: string) => string;

/** Before this version a document has the older shape. */
const changes: [number, Change][] = [
  // The BIC was renamed when non-banks got identifiers too.
  [3, (xml) => xml.replaceAll('BICFI>', 'BIC>')],
  // Payments had no amount and no direction of their own, but for the details of the amount.
  [
    4,
    (xml) =>
      xml.replaceAll(
        /<\/Refs><Amt Ccy="VND">(\d+)<\/Amt><CdtDbtInd>\w+<\/CdtDbtInd>/g,
        '</Refs><AmtDtls><TxAmt><Amt Ccy="VND">$1</Amt></TxAmt></AmtDtls>',
      ),
  ],
  [
    4,
    (xml) =>
      xml.replaceAll(
        /<TtlNetNtry><Amt>(\d+)<\/Amt>(.*?)<\/TtlNetNtry>/g,
        '<TtlNetNtryAmt>$1</TtlNetNtryAmt>$2',
      ),
  ],
  // The status of an entry was a code, not a choice.
  [8, (xml) => xml.replaceAll(/<Sts><Cd>(\w+)<\/Cd><\/Sts>/g, '<Sts>$1</Sts>')],
  // Parties were no choice between a person and a bank.
  [8, (xml) => xml.replaceAll(/<\/?Pty>/g, '')],
];

const sums =
  '<TxsSummry><TtlNtries><NbOfNtries>2</NbOfNtries><Sum>2940000</Sum><TtlNetNtry><Amt>1500000</Amt><CdtDbtInd>DBIT</CdtDbtInd></TtlNetNtry></TtlNtries>' +
  '<TtlCdtNtries><NbOfNtries>1</NbOfNtries><Sum>720000</Sum></TtlCdtNtries></TxsSummry>';

/** As the newest version has it, with what our own writer leaves out. */
async function newest(message: (typeof messages)[number]): Promise<string> {
  const statement = {
    ...camtHeader,
    sequence: 7,
    on: '2022-07-05',
    opening: 10_000_000n,
    closing: 8_500_000n,
  };
  const entries = [settledEntry, returnedEntry];
  const xml = await textOf(
    message === 'camt.054' ? writeCamt054(camtHeader, entries) : writeCamt053(statement, entries),
  );
  return xml
    .replace('<Ntry>', `${sums}<Ntry>`)
    .replace('<ClrSysMmbId><MmbId>970415</MmbId></ClrSysMmbId>', '<BICFI>BANKVNVX</BICFI>')
    .replaceAll('<RltdPties>', '<RltdPties><Cdtr><Pty><Nm>NGUYEN THI DAO</Nm></Pty></Cdtr>')
    .replaceAll('</Refs>', '<UETR>8a562c67-ca16-48ba-b074-65581be6f001</UETR></Refs>')
    .replaceAll('BkToCstmrStmt', message === 'camt.052' ? 'BkToCstmrAcctRpt' : 'BkToCstmrStmt')
    .replaceAll(/(<\/?)Stmt>/g, message === 'camt.052' ? '$1Rpt>' : '$1Stmt>');
}

function inVersion(xml: string, message: string, version: number): string {
  const older = changes.filter(([since]) => version < since).reduce((text, [, change]) => change(text), xml);
  const name = `${message}.001.${String(version).padStart(2, '0')}`;
  const named = older.replace(/camt\.05\d\.001\.\d\d/, name);
  return version < 8 ? named.replaceAll(/<UETR>.*?<\/UETR>/g, '') : named;
}

const read = (xml: string | Uint8Array, currency = 'VND') => collect(parseCamt(xml, { currency }));

/** The same, but for the version that it names. */
const unversioned = (events: CamtEvent[]) =>
  events.map((event) => (event.kind === 'document' ? { ...event, version: null } : event));

describe.each(messages)('%s of any version says the same', (message) => {
  test.each(versions)('version %d', async (version) => {
    const expected = unversioned(await read(await newest(message)));
    expect(expected).toHaveLength(6);
    expect(expected[0]).toMatchObject({
      type: message,
      servicer: 'BANKVNVX',
      summary: { entries: { count: 2, sum: 2_940_000n }, credits: { count: 1, sum: 720_000n }, debits: null },
    });
    const xml = inVersion(await newest(message), message, version);
    const events = await read(xml);
    expect(events[0]).toMatchObject({ version: `${message}.001.${String(version).padStart(2, '0')}` });
    expect(unversioned(events)).toEqual(expected);
    const prefixed = xml.replaceAll(/<(\/?)([A-Z])/g, '<$1ns2:$2').replace('xmlns=', 'xmlns:ns2=');
    expect(await read(prefixed)).toEqual(events);
  });

  test('the shapes differ, so that this proves something', async () => {
    const shapes = await Promise.all(
      [2, 3, 7, 13].map(async (version) =>
        inVersion(await newest(message), message, version).replace(/\.\d\d"/, ''),
      ),
    );
    expect(new Set(shapes).size).toBe(4);
  });
});

const samples = vectors
  ? readdirSync(join(vectors, 'bank-samples')).filter((name) => name.includes('camt'))
  : ['every statement of the bank samples'];

(vectors ? test : test.skip).each(samples)(
  `%s reads, with all that it says of itself${whenAbsent}`,
  async (name) => {
    const [document, ...others] = await read(readFileSync(join(vectors!, 'bank-samples', name)), 'EUR');
    if (document?.kind !== 'document') throw new Error('the first event is no document');
    const entries = others.filter((event) => event.kind === 'entry');
    const sumOf = (direction: string) =>
      entries.filter((entry) => entry.direction === direction).reduce((sum, { amount }) => sum + amount, 0n);
    expect(document.opening! + sumOf('credit') - sumOf('debit')).toBe(document.closing);
    if (document.summary?.entries?.count !== undefined && document.summary.entries.count !== null) {
      expect(entries).toHaveLength(document.summary.entries.count);
    }
  },
);
