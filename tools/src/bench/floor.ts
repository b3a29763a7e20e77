import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { copyValue } from '@ansinh/copy-text';
import { generateRows, type SampleRow } from '@ansinh/samples';
import { secondsOf } from './clock.js';

export interface Floor {
  copy: number;
  insert: number;
  outcomes: number;
  reconcile: number;
}

const tables = `
CREATE UNLOGGED TABLE staging (
  row_no int, obligation_key uuid, amount bigint, payee_id text, payee_name text, bank_bin text, account text,
  programme_code text, policy_code text, period text, place_code text, ordinal int, remittance text
);
CREATE TABLE payment (
  batch_number bigint, row_no int, obligation_key uuid NOT NULL, amount bigint NOT NULL, payee_id text NOT NULL,
  payee_name text NOT NULL, bank_bin text NOT NULL, account text NOT NULL,
  PRIMARY KEY (batch_number, row_no)
);
CREATE UNIQUE INDEX payment_obligation ON payment (obligation_key);
CREATE TABLE outcome (
  batch_number bigint, row_no int, amount bigint NOT NULL, booked_on date NOT NULL, reference text NOT NULL,
  PRIMARY KEY (batch_number, row_no)
);`;

/**
 * The least that PostgreSQL can be asked for a batch: the lines in, the payments made of them with every obligation
 * unique, an outcome for each, and the comparison. One connection, four statements, nothing checked, nobody asked.
 */
export async function measureFloor(url: string, folder: string, rows: number): Promise<Floor> {
  const path = join(folder, 'floor.copy');
  await pipeline(Readable.from(copyLines(rows)), createWriteStream(path, { mode: 0o600 }));
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(tables);
    const copy = await secondsOf(() =>
      pipeline(
        createReadStream(path, { highWaterMark: 1024 * 1024 }),
        client.query(copyFrom('COPY staging FROM STDIN')),
      ),
    );
    const run = (sql: string) => secondsOf(() => client.query(sql));
    const insert = await run(
      `INSERT INTO payment SELECT 1, row_no, obligation_key, amount, payee_id, payee_name, bank_bin, account FROM staging`,
    );
    const outcomes = await run(
      `INSERT INTO outcome SELECT batch_number, row_no, amount, current_date, 'BK' || row_no FROM payment`,
    );
    const reconcile = await run(
      `SELECT count(*), sum(payment.amount), sum(outcome.amount) FROM payment JOIN outcome USING (batch_number, row_no)`,
    );
    return { copy, insert, outcomes, reconcile };
  } finally {
    await client.end();
  }
}

/** The sample list without flaws, in COPY's text format. */
function* copyLines(rows: number): Generator<string> {
  let text = '';
  let number = 0;
  for (const row of generateRows({ rows, seed: 1, flawed: 0 })) {
    number += 1;
    text += copyLine(number, row);
    if (text.length < 256 * 1024) continue;
    yield text;
    text = '';
  }
  yield text;
}

function copyLine(number: number, row: SampleRow): string {
  const obligation = [row.programmeCode, row.policyCode, row.period, row.payeeId, row.ordinal || '1'].join(
    '|',
  );
  const values = [
    number,
    createHash('sha256').update(obligation).digest('hex').slice(0, 32),
    row.amount,
    row.payeeId,
    copyValue(row.payeeName),
    row.bankBin,
    row.account,
    row.programmeCode,
    row.policyCode,
    row.period,
    row.placeCode,
    row.ordinal || '1',
    copyValue(row.remittance),
  ];
  return `${values.join('\t')}\n`;
}
