import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { addDays } from '@ansinh/calendar';
import { bookOn, ledgerBalances } from '@ansinh/loans';
import type { PlayedClient } from '@ansinh/testing';
import { listTypes } from '@ansinh/uploads';
import type { BankExceptionView } from '../src/bank-exception/bank-exception.dto.js';
import type { BankFileView } from '../src/bank-file/bank-file.dto.js';
import { contractOfLoan, eventsOf } from '../src/loan/loan-events.js';
import type { LoanView } from '../src/loan/loan.dto.js';
import { type Harness, startHarness } from './harness.js';
import {
  apply,
  approved,
  balancesOf,
  bankSays,
  bookOf,
  capitalInBooks,
  historyOf,
  type Officers,
  officersOf,
  ordered,
  planned,
  planOf,
  read,
  today,
  told,
} from './lending.js';

let harness: Harness;
let officers: Officers;
let loans: LoanView[];
let approvedOnly: LoanView;
beforeAll(async () => {
  harness = await startHarness();
  officers = await officersOf(harness);
  const plan = await planned(officers.province, '10000000000');
  loans = [];
  for (let count = 0; count < 4; count += 1) {
    const loan = await ordered(officers, await approved(officers, plan.id), { signedOn: day(30) });
    await bankSays(harness, loan, { on: day(30) });
    loans.push(await read(officers.bank, loan));
  }
  approvedOnly = await approved(officers, plan.id);
});
afterAll(() => harness.stop());

const day = (before: number) => addDays(today(), -before);
const written = (on: string) => on.split('-').reverse().join('/');
const header = 'Mã khoản vay,Người vay,Số tiền,Ngày trả,Số chứng từ,Tổ TK&VV,Gốc,Lãi';
const name = 'NGUYỄN THỊ HOA';
const row = (loan: string, amount: string, on: string, reference: string, more = ',,', who = name) =>
  `${loan},${who},${amount},${written(on)},${reference},${more}`;
const file = (...rows: string[]) => [header, ...rows].join('\n');

async function brought(
  content: string,
  query = 'kind=repayments',
  client?: PlayedClient,
): Promise<BankFileView> {
  const { status, body } = await (client ?? officers.bank).upload(
    `/v1/bank-files?${query}`,
    content,
    listTypes.csv,
  );
  if (status !== 201) throw new Error(`${status} ${JSON.stringify(body)}`);
  return body as BankFileView;
}

async function applied({ id }: BankFileView, client = officers.bank): Promise<BankFileView> {
  return (await client.post(`/v1/bank-files/${id}/chunks`, {}).expect(200)).body as BankFileView;
}

const counts = (outcomes: BankFileView['outcomes']) =>
  Object.fromEntries(outcomes.map(({ outcome, rows }) => [outcome, rows]));

async function exceptionsOf({ id }: { id: string }): Promise<BankExceptionView[]> {
  const { body } = await officers.bank.get(`/v1/bank-exceptions?fileId=${id}&limit=100`).expect(200);
  return (body as { items: BankExceptionView[] }).items;
}

/** What the ledger holds is what folding the events gives, account by account; so it was for each loan recorded alone. */
async function expectBooked(loan: { id: string }): Promise<void> {
  const folded = await harness.dataSource.transaction(async (tx) => {
    const { terms } = (await contractOfLoan(tx, loan.id))!;
    const [book] = await tx.query<{ through: string }[]>(
      'SELECT booked_through::text AS through FROM loan_book WHERE loan_id = $1',
      [loan.id],
    );
    return ledgerBalances(bookOn(terms, await eventsOf(tx, loan.id), book!.through).entries);
  });
  const held = Object.entries(folded).filter(([, amount]) => amount !== 0n);
  expect(await balancesOf(harness, loan)).toEqual(
    Object.fromEntries(held.map(([account, amount]) => [account, amount.toString()])),
  );
}

describe('the bank’s file of repayments', () => {
  let repayments: string;
  let taken: BankFileView;

  test('is looked at first: nothing of any loan changes', async () => {
    const [first, second, third] = loans as [LoanView, LoanView, LoanView, LoanView];
    repayments = file(
      row(first.code, '500.000', day(5), 'BT1'),
      // Of a day before the payment above: what was posted since is reversed and posted anew.
      row(first.code, '300000', day(12), 'BT2'),
      // Two members of a group by one paper.
      row(second.code, '400000', day(3), 'PT9', 'TO-07,,'),
      row(third.code, '700000', day(3), 'PT9', 'TO-07,600000,100000'),
      // More than is owed: it closes the loan, and the rest is the borrower's.
      row(second.code, '90000000', day(1), 'BT3'),
      row(second.code, '1000', day(1), 'BT4'),
      row('VV-99999999', '1000', day(1), 'BT5'),
      row(third.code, '1000', day(31), 'BT6'),
      row(third.code, '1000', addDays(today(), 1), 'BT7'),
      row(third.code, '2000', day(1), 'BT1'),
      row(third.code, '1000', day(1), 'BT8', ',400,500'),
      row(third.code, '1000', day(1), 'BT9', ',,', 'Trần Văn Bê'),
      row(approvedOnly.code, '1000', day(1), 'BT10'),
      row('', 'không', day(1), 'BT11'),
    );
    const { rows, blocked, applied, outcomes, foreseen, agrees } = await brought(repayments);
    expect({ rows, blocked, applied, outcomes, agrees }).toEqual({
      ...{ rows: 14, blocked: 1, applied: 0, outcomes: [], agrees: null },
    });
    expect(counts(foreseen)).toEqual({
      booked: 6,
      LOAN_UNKNOWN: 1,
      BEFORE_DISBURSEMENT: 2,
      DAY_TO_COME: 1,
      REFERENCE_REPEATED: 1,
      AMOUNT_DIFFERS: 1,
      BORROWER_DIFFERS: 1,
    });
    expect(await read(officers.bank, first)).toMatchObject({ version: first.version });
  });

  test('is booked by chunks, each payment by its receipt; what cannot be booked waits as an exception', async () => {
    const [first, second, third] = loans as [LoanView, LoanView, LoanView, LoanView];
    const before = await brought(repayments);
    taken = await applied(before);
    expect(counts(taken.outcomes)).toMatchObject({ booked: 5, LOAN_CLOSED: 1, BEFORE_DISBURSEMENT: 2 });
    expect(taken).toMatchObject({ id: before.id, isFinished: true, agrees: false });
    for (const loan of [first, second, third]) await expectBooked(loan);
    const { lent, collected } = await planOf(officers.bank, { id: first.capitalPlanId! });
    expect(BigInt(collected)).toBeGreaterThan(80_000_000n);
    expect(await capitalInBooks(harness, { id: first.capitalPlanId! })).toEqual({ lent, collected });
    expect((await read(officers.bank, second)).state).toBe('closed');
    expect(BigInt((await balancesOf(harness, second))['borrowerCredit']!)).toBeLessThan(0n);
    const { moves } = await historyOf(officers.bank, first);
    expect(moves.slice(-2).map(({ kind, decision }) => [kind, decision])).toEqual([
      ['repay', { number: 'BT1', on: day(5) }],
      ['repay', { number: 'BT2', on: day(12) }],
    ]);
    const raised = await exceptionsOf(taken);
    expect(raised.map(({ code, reference }) => `${reference} ${code}`).sort()).toEqual([
      'BT1 REFERENCE_REPEATED',
      'BT10 BEFORE_DISBURSEMENT',
      'BT4 LOAN_CLOSED',
      'BT5 LOAN_UNKNOWN',
      'BT6 BEFORE_DISBURSEMENT',
      'BT7 DAY_TO_COME',
      'BT8 AMOUNT_DIFFERS',
      'BT9 BORROWER_DIFFERS',
    ]);
  });

  test('changes nothing when it comes again, nor by another file that has the same payments', async () => {
    const [first] = loans as [LoanView];
    const { version } = await read(officers.bank, first);
    const again = await brought(repayments);
    expect(again).toEqual(taken);
    const done = await officers.bank.post(`/v1/bank-files/${again.id}/chunks`, {});
    expect(done.body).toMatchObject({ status: 409, code: 'BANK_FILE_DONE' });
    const corrected = await applied(await brought(`${repayments}\n`.replace('BT11', 'BT12')));
    expect(corrected.id).not.toBe(taken.id);
    expect(counts(corrected.outcomes)).toMatchObject({ known: 5, LOAN_UNKNOWN: 1 });
    expect(counts(corrected.outcomes)).not.toHaveProperty('booked');
    expect(await exceptionsOf(corrected)).toEqual([]);
    const altered = await applied(await brought(file(row(first.code, '500001', day(5), 'BT1'))));
    expect(counts(altered.outcomes)).toEqual({ REFERENCE_REPEATED: 1 });
    expect(await read(officers.bank, first)).toMatchObject({ version });
  });

  test('books nothing on a loan whose money came back from the bank', async () => {
    const plan = { id: loans[0]!.capitalPlanId! };
    const approval = await approved(officers, plan.id);
    const before = await planOf(officers.bank, plan);
    const loan = await ordered(officers, approval, { signedOn: day(20) });
    await bankSays(harness, loan, { on: day(20) });
    await told(harness, loan, { status: 'returned', reason: 'AC04', bookedOn: day(18) });
    const late = await applied(await brought(file(row(loan.code, '1000', day(10), 'BT20'))));
    expect(counts(late.outcomes)).toEqual({ BEFORE_DISBURSEMENT: 1 });
    // Approved still, and neither ordered nor lent.
    expect(await planOf(officers.bank, plan)).toEqual(before);
  });

  test('comes back with what became of each row', async () => {
    const asked = officers.bank.get(`/v1/bank-files/${taken.id}/list?rows=flawed`);
    const sheet = await asked.set('accept-language', 'vi').expect(200);
    const lines = sheet.text.split('\r\n').filter((line) => line.startsWith(',') || line.startsWith('VV-'));
    expect(lines).toHaveLength(9);
    expect(lines.find((line) => line.includes('BT4'))).toContain('Khoản vay đã tất toán.');
    expect(lines.find((line) => line.includes('BT11'))).toContain('không');
    const groups = await officers.bank.get(`/v1/bank-files/${taken.id}/groups`).expect(200);
    expect((groups.body as { items: object[] }).items).toEqual([
      { group: 'TO-07', payments: 2, amount: '1100000', booked: '1100000' },
    ]);
  });

  test('an exception is resolved once: by booking on the loan that was meant', async () => {
    const third = await read(officers.bank, loans[2]!);
    const unknown = (await exceptionsOf(taken)).find(({ code }) => code === 'LOAN_UNKNOWN')!;
    const assigned = await officers.bank.post(`/v1/bank-exceptions/${unknown.id}/assignment`, {
      owner: 'hoa',
    });
    expect(assigned.body).toMatchObject({ owner: 'hoa', state: 'open' });
    const resolve = (body: object) =>
      officers.bank.post(`/v1/bank-exceptions/${unknown.id}/resolution`, body);
    const note = 'Ngân hàng xác nhận nhầm mã';
    const bare = await resolve({ action: 'book', note });
    expect(bare.body).toMatchObject({ status: 422, code: 'BANK_EXCEPTION_NOT_BOOKABLE' });
    const withoutBook = await apply(officers.commune);
    const early = await resolve({ action: 'book', loanId: withoutBook.id, note });
    expect(early.body).toMatchObject({ code: 'BANK_EXCEPTION_NOT_BOOKABLE', reason: 'LOAN_NOT_OWING' });
    const resolved = await resolve({ action: 'book', loanId: third.id, note });
    expect(resolved.body).toMatchObject({ state: 'resolved', loanId: third.id });
    expect(await read(officers.bank, third)).toMatchObject({ version: third.version + 1 });
    await expectBooked(third);
    const twice = await resolve({ action: 'noAction', note });
    expect(twice.body).toMatchObject({ status: 409, code: 'BANK_EXCEPTION_RESOLVED' });
  });

  test('what was booked by hand is known to a corrected file, and what that booked is not booked by hand', async () => {
    const [, , third] = loans as [LoanView, LoanView, LoanView];
    const { version } = await read(officers.bank, third);
    const mistaken = (await exceptionsOf(taken)).find(({ code }) => code === 'AMOUNT_DIFFERS')!;
    const corrected = await applied(
      await brought(
        file(row(third.code, '1000', day(1), 'BT5'), row(third.code, '1000', day(1), 'BT8', ',400,600')),
      ),
    );
    expect(counts(corrected.outcomes)).toEqual({ known: 1, booked: 1 });
    const late = await officers.bank.post(`/v1/bank-exceptions/${mistaken.id}/resolution`, {
      action: 'book',
      note: 'Ghi tay',
    });
    expect(late.body).toMatchObject({ code: 'BANK_EXCEPTION_NOT_BOOKABLE', reason: 'REFERENCE_REPEATED' });
    expect(await read(officers.bank, third)).toMatchObject({ version: version + 1 });
    await expectBooked(third);
  });
});

describe('the bank’s balances', () => {
  const balances = (...rows: string[]) => ['Mã khoản vay,Dư nợ,Nợ quá hạn,Lãi', ...rows].join('\n');
  const ours = async (loan: LoanView, on: string) => {
    const { closing } = await bookOf(officers.bank, loan, `on=${on}`);
    const { interestDue, interestAccrued, overdueInterest } = closing;
    const interest = BigInt(interestDue) + BigInt(interestAccrued) + BigInt(overdueInterest);
    return `${loan.code},${closing.principal},${closing.overduePrincipal},${interest}`;
  };

  test('agree with a book of a past day, and say so', async () => {
    const on = day(8);
    const rows = await Promise.all(loans.map((loan) => ours(loan, on)));
    const compared = await applied(await brought(balances(...rows), `kind=balances&asOf=${on}`));
    expect(compared).toMatchObject({ agrees: true, missing: 0, isFinished: true });
    expect(counts(compared.outcomes)).toEqual({ agrees: 4 });
    expect(compared.ourPrincipal).toBe(compared.outcomes[0]!.amount);
    expect(await exceptionsOf(compared)).toEqual([]);
  });

  test('differ loan by loan, and what the bank does not name is found', async () => {
    const on = today();
    const [first, , third] = await Promise.all(loans.map((loan) => ours(loan, on)));
    const [code, principal] = first!.split(',');
    const compared = await applied(
      await brought(
        balances(`${code},${BigInt(principal!) + 1n},0,7`, third!, third!, 'VV-99999998,5,,'),
        `kind=balances&asOf=${on}`,
      ),
    );
    const principals = await Promise.all(loans.map((loan) => bookOf(officers.bank, loan, `on=${on}`)));
    const ourPrincipal = principals.reduce((sum, { closing }) => sum + BigInt(closing.principal), 0n);
    expect(compared).toMatchObject({ agrees: false, missing: 1, ourPrincipal: ourPrincipal.toString() });
    const raised = await exceptionsOf(compared);
    expect(raised.map((each) => `${each.code} ${each.loanCode}`).sort()).toEqual([
      `INTEREST_DIFFERS ${code}`,
      `LOAN_MISSING ${loans[3]!.code}`,
      `LOAN_REPEATED ${loans[2]!.code}`,
      'LOAN_UNKNOWN VV-99999998',
      `PRINCIPAL_DIFFERS ${code}`,
    ]);
    expect(raised.find(({ code: each }) => each === 'PRINCIPAL_DIFFERS')).toMatchObject({
      expected: principal,
      observed: (BigInt(principal!) + 1n).toString(),
    });
  });

  test('that agree later resolve what differed, and nothing that still does', async () => {
    const on = today();
    const stateOf = async () => {
      const { body } = await officers.bank.get('/v1/bank-exceptions?source=balances&limit=100').expect(200);
      const { items } = body as { items: BankExceptionView[] };
      return Object.fromEntries(
        items.map(({ code, loanCode, state, resolution }) => [`${code} ${loanCode}`, [state, resolution]]),
      );
    };
    const [first, second, third, fourth] = await Promise.all(loans.map((loan) => ours(loan, on)));
    const [code, principal, overdue] = first!.split(',');
    const differing = {
      principal: `PRINCIPAL_DIFFERS ${code}`,
      interest: `INTEREST_DIFFERS ${code}`,
      missing: `LOAN_MISSING ${loans[3]!.code}`,
      repeated: `LOAN_REPEATED ${loans[2]!.code}`,
      unknown: 'LOAN_UNKNOWN VV-99999998',
    };
    const open = ['open', null];
    const resolved = ['resolved', 'agrees'];
    const before = await stateOf();
    for (const one of Object.values(differing)) expect([one, before[one]]).toEqual([one, open]);

    // Of a day before the difference: it says nothing of that day.
    const early = day(8);
    const rowsBefore = await Promise.all(loans.map((loan) => ours(loan, early)));
    await applied(await brought(balances(...rowsBefore, ''), `kind=balances&asOf=${early}`));
    expect(await stateOf()).toEqual(before);

    // Principal is right now, interest is not; a row that cannot be read may be any loan.
    const partly = await applied(
      await brought(
        balances(`${code},${principal},${overdue},7`, third!, fourth!, `,không,,`),
        `kind=balances&asOf=${on}`,
      ),
    );
    expect(await stateOf()).toMatchObject({
      [differing.principal]: resolved,
      [differing.interest]: open,
      [differing.missing]: resolved,
      [differing.repeated]: resolved,
      [differing.unknown]: open,
    });
    const [event] = await harness.dataSource.query<{ facts: { resolved: number } }[]>(
      `SELECT facts FROM audit_event WHERE verb = 'bankFile.apply' AND subject = $1`,
      [`bankFile/${partly.id}`],
    );
    expect(event!.facts.resolved).toBe(3);

    await applied(await brought(balances(first!, second!, third!, fourth!), `kind=balances&asOf=${on}`));
    const after = await stateOf();
    for (const one of Object.values(differing)) expect([one, after[one]]).toEqual([one, resolved]);
    // By which balances is told to each in his language, and a note of somebody’s own is told as it is.
    const notesIn = async (language: string) => {
      const query = '/v1/bank-exceptions?source=balances&state=resolved&limit=100';
      const { body } = await officers.bank.get(query).set('accept-language', language).expect(200);
      return new Set((body as { items: BankExceptionView[] }).items.map(({ note }) => note));
    };
    expect(await notesIn('vi')).toContain(`Số dư ngày ${on} đã khớp.`);
    expect([...(await notesIn('en'))].filter((note) => /[À-ỹ]/.test(note ?? ''))).toEqual([]);
    expect(await notesIn('en')).toContain(`The balances of ${on} agree.`);
    const theirs = await (
      await harness.as({ sub: 'elsewhere', office: '261' })
    )
      .get('/v1/bank-exceptions?source=balances')
      .expect(200);
    expect(theirs.body).toMatchObject({ items: [] });
  });

  test('leave open what a later file says twice, in part, or not at all, and what another office’s file says', async () => {
    const on = day(1);
    const [first, , third, fourth] = await Promise.all(loans.map((loan) => ours(loan, on)));
    const higher = (row: string) =>
      row.replace(/,(\d+),/, (_, principal: string) => `,${BigInt(principal) + 1n},`);
    const withOverdue = (row: string, overdue: string) => row.replace(/,\d+,(\d+)$/, `,${overdue},$1`);
    const query = `kind=balances&asOf=${on}`;
    const compared = async (...rows: string[]) => applied(await brought(balances(...rows), query));
    const differing = await compared(higher(first!), withOverdue(third!, '5'));
    const open = async () =>
      (await exceptionsOf(differing))
        .filter(({ state }) => state === 'open')
        .map(({ code, loanCode }) => `${code} ${loanCode}`)
        .sort();
    const all = [
      `LOAN_MISSING ${loans[3]!.code}`,
      `OVERDUE_DIFFERS ${loans[2]!.code}`,
      `PRINCIPAL_DIFFERS ${loans[0]!.code}`,
    ];
    expect(await open()).toEqual(all);
    // Right only the second time; nothing of what is overdue; missing still.
    await compared(higher(first!), first!, withOverdue(third!, ''));
    expect(await open()).toEqual(all);
    // Named now, with another principal than ours.
    await compared(higher(first!), withOverdue(third!, '5'), higher(fourth!));
    expect(await open()).toEqual(all);

    const elsewhere = await harness.as({ sub: 'elsewhere', office: '261' });
    const theirs = await applied(await brought(balances(first!), query, elsewhere), elsewhere);
    expect(theirs).toMatchObject({ missing: 0, ourPrincipal: '0' });
    expect(counts(theirs.outcomes)).toEqual({ LOAN_UNKNOWN: 1 });
    expect(await open()).toEqual(all);
  });

  test('at the ends of quarters are due on the 15th of the month after; one that is not there is late', async () => {
    const year = Number(today().slice(0, 4)) - 1;
    const brief = await brought(balances('VV-99999997,1,,'), `kind=balances&asOf=${year}-06-30`);
    const { body } = await officers.bank.get(`/v1/bank-reports?year=${year}`).expect(200);
    const { items } = body as { items: object[] };
    expect(items).toHaveLength(4);
    expect(items.slice(0, 2)).toEqual([
      {
        ...{ quarter: `${year}-Q1`, asOf: `${year}-03-31`, file: null, isLate: true },
        ...{ districtDueOn: `${year}-04-10`, departmentDueOn: `${year}-04-15` },
      },
      {
        ...{
          quarter: `${year}-Q2`,
          asOf: `${year}-06-30`,
          file: { id: brief.id, agrees: null },
          isLate: false,
        },
        ...{ districtDueOn: `${year}-07-10`, departmentDueOn: `${year}-07-15` },
      },
    ]);
    expect(items[3]).toMatchObject({ departmentDueOn: `${year + 1}-01-15` });
  });

  test('are of a day that has come; repayments are of none', async () => {
    for (const query of [
      'kind=balances',
      `kind=balances&asOf=${addDays(today(), 1)}`,
      `kind=repayments&asOf=${today()}`,
    ]) {
      const { body } = await officers.bank.upload(`/v1/bank-files?${query}`, balances(), listTypes.csv);
      expect(body).toMatchObject({ status: 422, code: 'BANK_FILE_DAY' });
    }
  });
});

test.each([
  ['a row told otherwise', 'UPDATE bank_file_row SET amount = amount + 1'],
  ['a row taken up twice', `UPDATE bank_file_row SET outcome = 'booked' WHERE outcome = 'LOAN_UNKNOWN'`],
  ['a payment forgotten', 'DELETE FROM bank_repayment'],
  ['an exception told otherwise', `UPDATE bank_exception SET observed = 0 WHERE state = 'open'`],
  [
    'an exception opened again',
    `UPDATE bank_exception SET state = 'open', resolved_at = NULL WHERE state = 'resolved'`,
  ],
])('past the service, by SQL, %s is refused', async (_, sql) => {
  await expect(harness.dataSource.query(sql)).rejects.toThrow(
    /taken up once|append-only|what the bank told|may not go/,
  );
});

test('the key of a bank file stands for the file', async () => {
  const [content, other] = ['KEY-1', 'KEY-2'].map((reference) =>
    file(row('KHONG-CO', '1000', day(5), reference)),
  );
  const key = randomUUID();
  const send = (text: string) =>
    officers.bank.upload('/v1/bank-files?kind=repayments', text, listTypes.csv, key);
  const first = await send(content!).expect(201);
  expect((await send(content!).expect(201)).body).toEqual(first.body);
  await send(other!).expect(422, /IDEMPOTENCY_KEY_REUSED/);
  // Nothing of the other one was taken in: under a key of its own it is new.
  expect((await brought(other!)).id).not.toBe((first.body as BankFileView).id);
});
