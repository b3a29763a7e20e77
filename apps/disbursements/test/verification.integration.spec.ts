import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { VerificationView } from '../src/verification/verification.dto.js';
import {
  accountOf,
  bookedMessage,
  creditOf,
  debitOf,
  debitsOf,
  noticeOf,
  statementOf,
} from './bank-papers.js';
import { accepted, FakeBank } from './fake-bank.js';
import {
  approvedBatch,
  type Harness,
  maker,
  newLines,
  openFund,
  operator,
  sentBatch,
  startHarness,
} from './harness.js';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness({ channel: bank() });
  await live();
});
afterAll(() => harness.stop());

function bank(): FakeBank {
  const fake = new FakeBank();
  fake.onSend = (messageId) => ({
    ...accepted(messageId),
    refused: [{ endToEndId: messageId.replace(/-C\d+$/, '-0000004'), reason: 'AC04' }],
  });
  return fake;
}

/** A little of everything: paid, returned, refused, in flight, paid wrongly, paid twice, cancelled, only approved. */
async function live(): Promise<void> {
  const client = await harness.as(operator);
  const fundId = await openFund(harness);
  const lines = newLines(6);
  const batch = await sentBatch(harness, lines, { fundId });
  const account = await accountOf(harness, fundId);
  const paidLines = [1, 2, 3].map((row) => debitOf(batch, lines, row));
  const twice = debitOf(batch, lines, 2);
  const short = { ...debitOf(batch, lines, 5), amount: 1n };
  for (const told of [paidLines, [creditOf(batch, lines, 3), twice, short]]) {
    await client.statement(await noticeOf({ account }, told)).expect(200);
  }
  const whole = await openFund(harness);
  const settled = newLines(4);
  const other = await sentBatch(harness, settled, { fundId: whole });
  const paid = debitsOf(other, settled).slice(0, 3);
  await client.statement(await noticeOf({ account: await accountOf(harness, whole) }, paid)).expect(200);
  const statement = [bookedMessage(`${other.code}-C00001`, paid)];
  await client
    .statement(await statementOf({ account: await accountOf(harness, whole) }, statement))
    .expect(200);
  const cancelled = await approvedBatch(harness, newLines(2), { fundId });
  await (
    await harness.as(maker)
  )
    .post(`/v1/batches/${cancelled.id}/cancellation`, { reason: 'r' })
    .expect(200);
  await approvedBatch(harness, newLines(2), { fundId });
  const channel = 'post-cash';
  const cash = await openFund(harness, { channel });
  const issued = await approvedBatch(harness, newLines(2, { bankBin: '', account: '' }), {
    fundId: cash,
    channel,
  });
  await client.post(`/v1/batches/${issued.id}/transmission`).expect(202);
  const receipts = 'payment,result,reason\n2,unpaid,ABSENT\n';
  await client.upload(`/v1/batches/${issued.id}/receipts`, receipts, 'text/csv').expect(200);
}

async function verify(): Promise<VerificationView> {
  const { body } = await (await harness.as(operator)).get('/v1/verification').expect(200);
  return body as VerificationView;
}

test('books that were kept by the rules verify', async () => {
  const { ok, checks } = await verify();
  expect(checks.filter((check) => !check.ok)).toEqual([]);
  expect(ok).toBe(true);
});

/** What somebody with all rights could do to the rows, and the check that must see it. */
const plants: [string, string][] = [
  [
    'follow-ups pay what came back: to the same person, for the same obligation, the same amount',
    `INSERT INTO follow_up_line (batch_number, row_no, source_batch, source_row)
     SELECT batch_number, row_no, batch_number, row_no FROM payment WHERE NOT released LIMIT 1`,
  ],
  [
    'cash lists hold people of their own commune, and nobody else',
    `UPDATE chunk SET place_code = '09169' WHERE place_code IS NOT NULL`,
  ],
  [
    'cash lists hold people of their own commune, and nobody else',
    `UPDATE payment SET account_key = payee_key WHERE account_key IS NULL`,
  ],
  ['the audit log is a whole chain', `UPDATE audit_event SET verb = 'x' WHERE seq = 3`],
  ['the audit log is a whole chain', `DELETE FROM audit_event WHERE seq = 3`],
  [
    'the audit log is a whole chain',
    `DELETE FROM audit_event WHERE seq = (SELECT max(seq) FROM audit_event)`,
  ],
  ['the audit log is a whole chain', `UPDATE audit_head SET seq = seq + 1`],
  [
    'the audit log is a whole chain',
    `INSERT INTO audit_key (fingerprint, public_key) VALUES ('f', 'k') ON CONFLICT DO NOTHING;
     INSERT INTO audit_root (day, first_seq, events, tree_root, chain_hash, previous_root, key_fingerprint, signature)
     VALUES ('2026-01-01', 1, 2, 't', 'c', 'p', 'f', 's')`,
  ],
  [
    'every ledger transaction sums to zero',
    `UPDATE ledger_posting SET amount = amount + 1 WHERE kind = 'available'`,
  ],
  [
    'ledger balances are the sums of their postings',
    `UPDATE ledger_account SET balance = balance + 1 WHERE kind = 'available'`,
  ],
  ['approved batches have exactly the payments that were signed', `UPDATE payment SET amount = amount + 1`],
  ['approved batches have exactly the payments that were signed', `DELETE FROM payment WHERE row_no = 1`],
  [
    'approved batches have exactly the payments that were signed',
    `INSERT INTO payment (batch_number, row_no, chunk_no, amount, payee_key, account_key, obligation_key)
     SELECT batch_number, 77, 1, 1, payee_key, account_key, gen_random_uuid() FROM payment LIMIT 1`,
  ],
  ['chunks have exactly the payments of their batches', `UPDATE chunk SET amount = amount + 1`],
  ['chunks have exactly the payments of their batches', `UPDATE chunk SET payments = payments + 1`],
  [
    'counters of chunks are what the outcome rows say',
    `UPDATE chunk SET paid_count = paid_count - 1 WHERE paid_count > 0`,
  ],
  ['counters of chunks are what the outcome rows say', `DELETE FROM payment_outcome WHERE kind = 'refused'`],
  [
    'no line is both refused and paid or returned',
    `INSERT INTO payment_outcome (batch_number, row_no, kind, amount)
     SELECT batch_number, row_no, 'paid', amount FROM payment_outcome WHERE kind = 'refused'`,
  ],
  [
    'obligations are released exactly by refusals, returns and cancellations',
    `UPDATE payment SET released = true`,
  ],
  [
    'obligations are released exactly by refusals, returns and cancellations',
    `UPDATE payment SET released = false`,
  ],
  [
    'money paid in the ledgers is what the outcome rows say',
    `UPDATE payment_outcome SET amount = amount + 1 WHERE kind = 'paid'`,
  ],
  [
    'money paid in the ledgers is what the outcome rows say',
    `UPDATE ledger_account SET balance = balance - 1 WHERE kind = 'paid' AND balance > 0`,
  ],
  [
    'money reserved and in flight is that of the open lines',
    `UPDATE chunk SET paid_amount = paid_amount - 1 WHERE paid_amount > 0`,
  ],
  [
    'money reserved and in flight is that of the open lines',
    `UPDATE ledger_account SET balance = balance + 1 WHERE kind = 'inFlight'`,
  ],
  [
    'sums that the bank booked for messages are those of their payments',
    `UPDATE statement_entry SET amount = amount + 1`,
  ],
  [
    'sums that the bank booked for messages are those of their payments',
    `UPDATE payment_outcome SET amount = amount - 1 WHERE kind = 'paid' AND statement_id IN
       (SELECT id FROM statement WHERE fund_id IN (SELECT fund_id FROM statement JOIN statement_entry ON statement_id = id))`,
  ],
];

const tables = [
  'audit_event',
  'audit_head',
  'audit_root',
  'ledger_posting',
  'ledger_account',
  'payment',
  'payment_outcome',
  'chunk',
  'statement_entry',
  'follow_up_line',
];

describe('a planted fault is found', () => {
  test.each(plants)('%s: %s', async (name, sql) => {
    const runner = harness.dataSource.createQueryRunner();
    // session_replication_role silences triggers and foreign keys: nothing else lets such a statement through.
    await runner.query(`SET session_replication_role = replica`);
    for (const table of tables) await runner.query(`CREATE TABLE kept_${table} AS TABLE ${table}`);
    try {
      await runner.query(sql);
      const { ok, checks } = await verify();
      expect(ok).toBe(false);
      expect(checks.filter((check) => !check.ok).map((check) => check.name)).toContain(name);
    } finally {
      for (const table of tables) {
        await runner.query(
          `DELETE FROM ${table}; INSERT INTO ${table} SELECT * FROM kept_${table}; DROP TABLE kept_${table}`,
        );
      }
      await runner.query('RESET session_replication_role');
      await runner.release();
    }
    expect((await verify()).ok).toBe(true);
  });

  test('every check is planted against', async () => {
    const { checks } = await verify();
    expect(checks.map(({ name }) => name).sort()).toEqual([...new Set(plants.map(([name]) => name))].sort());
  });
});
