import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { loanMoves, type LoanMove } from '@ansinh/loans';
import { type Harness, startHarness } from './harness.js';
import {
  approved,
  bankSays,
  decision,
  moved,
  type Officers,
  officersOf,
  ordered,
  planned,
  read,
} from './lending.js';

let harness: Harness;
let officers: Officers;
/** A loan that is out, with a repayment; and one that waits for its contract. */
let loanId: string;
let approvedId: string;
beforeAll(async () => {
  harness = await startHarness();
  officers = await officersOf(harness);
  const { id } = await planned(officers.province, '1000000000');
  const loan = await ordered(officers, await approved(officers, id), { amount: '50000000' });
  await bankSays(harness, loan);
  await moved(officers.bank, await read(officers.bank, loan), 'repayments', {
    ...decision(),
    amount: '1000',
  });
  loanId = loan.id;
  approvedId = (await approved(officers, id)).id;
});
afterAll(() => harness.stop());

test('the database knows exactly the moves that the table of moves has', async () => {
  const rules = await harness.dataSource.query<{ rule: string }[]>(
    `SELECT kind || ' ' || from_state || ' ' || to_state || ' ' || has_decision AS rule FROM loan_rule`,
  );
  const expected = (loanMoves as readonly LoanMove[]).flatMap(({ kind, from, to, decision: paper }) =>
    from.map((state) => `${kind} ${state} ${to ?? state} ${paper !== null}`),
  );
  expect(rules.map(({ rule }) => rule).sort()).toEqual(expected.sort());
  const edges = await harness.dataSource.query<{ edge: string }[]>(
    `SELECT from_state || ' ' || to_state AS edge FROM state_edge WHERE machine = 'loan'`,
  );
  const reached = expected.map((rule) => rule.split(' ')).filter(([, from, to]) => from !== to);
  expect(edges.map(({ edge }) => edge).sort()).toEqual(
    [...new Set(reached.map(([, from, to]) => `${from} ${to}`))].sort(),
  );
});

const nextMove = `(SELECT moves + 1 FROM loan WHERE id = $1)`;
const insertMove = (columns: string, values: string) =>
  `INSERT INTO loan_move (loan_id, number, actor_id, actor_name, ${columns}) VALUES ($1, ${nextMove}, 'a', 'a', ${values})`;

describe('past the service, by SQL,', () => {
  const run = (sql: string, id = loanId) => harness.dataSource.transaction((tx) => tx.query(sql, [id]));

  test.each([
    ['a state that no move leads to', `UPDATE loan SET state = 'closed', moves = moves + 1 WHERE id = $1`],
    ['a loan changed without a move', 'UPDATE loan SET rate_ppm = 1 WHERE id = $1'],
    ['what was asked for', `UPDATE loan SET amount = 1, moves = moves + 1 WHERE id = $1`],
    ['a loan deleted', 'DELETE FROM loan WHERE id = $1'],
    ['a move changed', `UPDATE loan_move SET note = 'x' WHERE loan_id = $1`],
    ['an event changed', `UPDATE loan_event SET counts_on = counts_on - 1 WHERE loan_id = $1`],
    ['an event deleted', 'DELETE FROM loan_event WHERE loan_id = $1'],
    ['a contract changed', `UPDATE loan_contract SET terms = '{}' WHERE loan_id = $1`],
    ['a posting changed', 'UPDATE book_posting SET amount = amount + 1 WHERE loan_id = $1'],
    [
      'a disbursement unpaid',
      `UPDATE disbursement SET state = 'ordered', settled_on = NULL WHERE loan_id = $1`,
    ],
    ['a disbursement grown', 'UPDATE disbursement SET amount = amount + 1 WHERE loan_id = $1'],
    [
      'an entry on one side',
      `WITH made AS (INSERT INTO book_transaction (loan_id, kind, reference, counts_on, cause)
         VALUES ($1, 'repaid', 'x', '2022-01-01', 'x') RETURNING id, loan_id)
       INSERT INTO book_posting (transaction_id, loan_id, kind, amount) SELECT id, loan_id, 'capital', 1 FROM made`,
    ],
    ['a move without its paper', insertMove('kind, from_state, to_state', `'repay', 'active', 'active'`)],
    [
      'a move that the table does not have',
      insertMove(
        'kind, from_state, to_state, decision, decided_on, has_decision',
        `'sign', 'active', 'contracted', 'x', now(), true`,
      ),
    ],
    [
      'a move from where the loan is not',
      insertMove(
        'kind, from_state, to_state, decision, decided_on, has_decision',
        `'repay', 'overdue', 'overdue', 'x', now(), true`,
      ),
    ],
  ])('%s is refused', async (_, sql) => {
    await expect(run(sql)).rejects.toThrow(
      /append-only|state_edge|violates|may not|changes by|begins where|settled by|sum to zero/,
    );
  });

  test('a state without the move that led to it is refused at the commit', async () => {
    const sql = `UPDATE loan SET state = 'contracted', moves = moves + 1 WHERE id = $1`;
    await expect(run(sql, approvedId)).rejects.toThrow(/loan_moved/);
  });

  test('who appraised does not approve', async () => {
    const sql = `INSERT INTO loan_move (loan_id, number, kind, from_state, to_state, decision, decided_on, has_decision, actor_id, actor_name)
      VALUES ($1, 5, 'approve', 'approved', 'approved', 'x', now(), true, 'bank', 'bank')`;
    await expect(run(sql, approvedId)).rejects.toThrow(/who appraised/);
  });

  test('no capital account falls below zero', async () => {
    const sql = `WITH plan AS (SELECT plan_id FROM loan WHERE id = $1),
      made AS (INSERT INTO capital_transaction (plan_id, kind, reference) SELECT plan_id, 'order', 'x' FROM plan RETURNING id, plan_id)
      INSERT INTO capital_posting (transaction_id, plan_id, kind, amount)
      SELECT id, plan_id, kind, amount FROM made, (VALUES ('committed', -999999999999), ('ordered', 999999999999)) AS moved (kind, amount)`;
    await expect(run(sql)).rejects.toThrow(/capital_account_covered/);
  });
});
