import pg from 'pg';
import type { Suite } from '@ansinh/embedded';
import { readSealingKeys, Sealer } from '@ansinh/sealing';

/** What there is to ask for. */
export interface Store {
  payments: number;
  batchIds: string[];
  /** Citizen numbers, each with a payment in every batch. */
  payeeIds: string[];
}

const linesPerBatch = 500_000;
const linesPerChunk = 5_000;
const payeesAsked = 1_000;
const programmeCode = 'BENCH';

/**
 * Paid batches, written by plain SQL past the guards of the tables: what is measured is reading, and a list of five
 * million lines would take the money path ten minutes. Each person is paid once a batch.
 */
export async function fillStore(suite: Suite, payments: number): Promise<Store> {
  const client = new pg.Client({ connectionString: suite.ownerUrls['disbursements'] });
  await client.connect();
  try {
    await client.query('SET session_replication_role = replica');
    const persons = Math.min(payments, linesPerBatch);
    const payeeIds = await writePersons(client, suite, persons);
    const fundId = await writeFund(client);
    const batchIds: string[] = [];
    for (let left = payments; left > 0; left -= persons)
      batchIds.push(await writeBatch(client, { fundId, lines: Math.min(left, persons) }));
    await client.query('VACUUM ANALYZE');
    return { payments, batchIds, payeeIds };
  } finally {
    await client.end();
  }
}

async function writePersons(client: pg.Client, suite: Suite, persons: number): Promise<string[]> {
  await client.query(
    `CREATE TEMP TABLE person AS
     SELECT number, md5('person' || number)::uuid AS payee_key FROM generate_series(1, $1::int) AS number`,
    [persons],
  );
  const sealer = new Sealer(readSealingKeys(suite.secrets.SEALING_KEYS, suite.secrets.LOOKUP_KEY));
  const step = Math.max(1, Math.floor(persons / payeesAsked));
  const asked = Array.from({ length: Math.min(payeesAsked, persons) }, (_, index) => ({
    number: 1 + index * step,
    payeeId: `0271${String(90_000_000 + index)}`,
  }));
  await client.query(
    `UPDATE person SET payee_key = asked.key::uuid
     FROM unnest($1::int[], $2::text[]) AS asked (number, key) WHERE person.number = asked.number`,
    [asked.map(({ number }) => number), asked.map(({ payeeId }) => sealer.lookupKey('payee', payeeId))],
  );
  return asked.map(({ payeeId }) => payeeId);
}

async function writeFund(client: pg.Client): Promise<string> {
  await client.query(
    `INSERT INTO programme (code, name, min_amount, max_amount, severities, approval_bands)
     VALUES ($1, 'Bench', 1, 5000000, '{}', '[{"upTo": null, "checkers": 1}]')`,
    [programmeCode],
  );
  const { rows } = await client.query<{ id: string }>(
    `INSERT INTO fund (id, code, name, budget_source, programme_codes, channel, account_bin, account_number, account_name,
                       office_code, created_by)
     VALUES (gen_random_uuid(), 'BENCH', 'Bench', 'Bench', $1, 'iso20022-http', '970405', '2600201000001', 'BENCH', '27', 'bench')
     RETURNING id`,
    [[programmeCode]],
  );
  return rows[0]!.id;
}

async function writeBatch(
  client: pg.Client,
  { fundId, lines }: { fundId: string; lines: number },
): Promise<string> {
  const { rows } = await client.query<{ id: string; number: string }>(
    `INSERT INTO batch (id, fund_id, programme_code, purpose, period, channel, office_code, state, rows, kept_amount, digest,
                        submission_number, required_approvals, created_by, makers, submitted_by, submitted_at, approved_at)
     VALUES (gen_random_uuid(), $1, $2, 'Bench', '2022-03', 'iso20022-http', '27', 'reconciled', $3::int, $3::int * 1500000::bigint,
             'bench', 1, 1, 'maker', '{maker}', 'maker', now(), now()) RETURNING id, number`,
    [fundId, programmeCode, lines],
  );
  const { id, number } = rows[0]!;
  await client.query(
    `INSERT INTO payment_line (batch_number, row_no, payee_key, account_key, obligation_key, amount, payee_name, name_key,
                               bank_bin, programme_code, policy_code, period, place_code, ordinal)
     SELECT $1::bigint, number, payee_key, payee_key, md5($1::bigint || '/' || number)::uuid, 1500000, 'Nguyễn Văn ' || number, 'NGUYEN VAN',
            '970422', $3, 'BENCH', '2022-03', '09511', 1
     FROM person WHERE number <= $2::int ORDER BY number`,
    [number, lines, programmeCode],
  );
  await client.query(
    `INSERT INTO payment (batch_number, row_no, chunk_no, amount, payee_key, account_key, obligation_key)
     SELECT batch_number, row_no, (row_no - 1) / $2::int + 1, amount, payee_key, account_key, obligation_key
     FROM payment_line WHERE batch_number = $1 ORDER BY row_no`,
    [number, linesPerChunk],
  );
  await client.query(
    `INSERT INTO payment_outcome (batch_number, row_no, kind, amount, booked_on, reference)
     SELECT batch_number, row_no, 'paid', amount, current_date, 'BK' || row_no FROM payment WHERE batch_number = $1 ORDER BY row_no`,
    [number],
  );
  await client.query(
    `INSERT INTO chunk (batch_number, chunk_no, first_row, last_row, payments, amount, state, message_id, first_sent_at,
                        paid_count, paid_amount)
     SELECT batch_number, chunk_no, min(row_no), max(row_no), count(*), sum(amount), 'accepted',
            'BENCH-' || batch_number || '-' || chunk_no, now(), count(*), sum(amount)
     FROM payment WHERE batch_number = $1 GROUP BY batch_number, chunk_no`,
    [number],
  );
  // As many remarks as a list of this size brings: one line in a hundred.
  await client.query(
    `INSERT INTO finding (batch_number, row_no, code, severity)
     SELECT batch_number, row_no, 'NAME_DIFFERS', 'warn' FROM payment WHERE batch_number = $1 AND row_no % 100 = 0`,
    [number],
  );
  return id;
}
