import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { addDays } from '@ansinh/calendar';
import { listTypes } from '@ansinh/uploads';
import type { BankFileView } from '../src/bank-file/bank-file.dto.js';
import { expectFolded } from './folded.js';
import { type Harness, startHarness } from './harness.js';
import { type Officers, officersOf, today } from './lending.js';
import { plantLoans } from './sampled.js';

/** How often it is killed; `all` kills at every await of a chunk, at each of its moments. */
const deaths = process.env['ANSINH_BANK_FILE_DEATHS'] ?? '5';
/** A process for each of a hundred deaths takes its time. */
const timeoutMs = deaths === 'all' ? 1_800_000 : undefined;
const moments = ['before', 'during', 'after'] as const;
const script = fileURLToPath(new URL('bank-file-process.mjs', import.meta.url));

const loansInAll = 1_100;
const rows = 2 * loansInAll;
const chunks = 3;

let harness: Harness;
let officers: Officers;
let codes: string[];
beforeAll(async () => {
  harness = await startHarness();
  officers = await officersOf(harness);
  const booked = { repayments: 1, bookedThrough: addDays(today(), -40) };
  await plantLoans(harness, { seed: 'deaths', count: loansInAll, disbursedBefore: 100, ...booked });
  codes = (await harness.dataSource.query<{ code: string }[]>('SELECT code FROM loan ORDER BY id')).map(
    ({ code }) => code,
  );
});
afterAll(() => harness.stop());

/** Two payments of each loan, the second one in another chunk. */
async function brought(month: string): Promise<BankFileView> {
  const paid = [0, 1].flatMap((payment) =>
    codes.map((code) => `${code},1000,${addDays(today(), payment - 35)},${month}-${payment}-${code}`),
  );
  const content = ['Mã khoản vay,Số tiền,Ngày trả,Số chứng từ', ...paid].join('\n');
  const { body } = await officers.bank
    .upload('/v1/bank-files?kind=repayments', content, listTypes.csv)
    .expect(201);
  return body as BankFileView;
}

interface Death {
  at: number;
  moment: (typeof moments)[number];
}

/** Takes the file up in a process of its own, to its end or to its death. */
async function takenUp({ id }: BankFileView, keys: string, death?: Death) {
  const child = spawn(process.execPath, [script], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      PATH: process.env['PATH'],
      DATABASE_URL: harness.database.serviceUrl,
      FILE_ID: id,
      KEYS: keys,
      ...(death && { DIE_AT: String(death.at), DIE_MOMENT: death.moment }),
    },
  });
  const [told, [code, signal]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  return { code: code as number | null, signal: signal as string | null, told };
}

/** Of so many awaits of a chunk; the last one is that of its commit. */
function chooseDeaths(awaits: number): Death[] {
  if (deaths === 'all')
    return [...Array(awaits).keys()].flatMap((before) =>
      moments.map((moment) => ({ at: before + 1, moment })),
    );
  return Array.from({ length: Number(deaths) }, (_, death) => ({
    at: Math.ceil(((death + 1) * awaits) / Number(deaths)),
    moment: moments[death % moments.length]!,
  }));
}

const ended = { code: 0, signal: null };

/** How far the file is by its own word, by its rows, by what is in the books, and by the log. */
async function progressOf({ id }: BankFileView): Promise<object> {
  const [progress] = await harness.dataSource.query<[object]>(
    `SELECT applied, is_finished AS finished,
       (SELECT count(*)::int FROM bank_file_row WHERE file_id = file.id AND outcome = 'booked') AS outcomes,
       (SELECT count(DISTINCT (loan_id, event))::int FROM bank_repayment WHERE file_id = file.id) AS payments,
       (SELECT count(*)::int FROM loan_move WHERE facts ->> 'bankFile' = file.id::text) AS moves,
       (SELECT coalesce(sum((event.facts ->> 'amount')::bigint), 0)::int FROM loan_event event JOIN loan_move move
        ON move.loan_id = event.loan_id AND move.number = event.move WHERE move.facts ->> 'bankFile' = file.id::text) AS amount,
       (SELECT count(*)::int FROM audit_event
        WHERE verb = 'bankFile.apply' AND subject = 'bankFile/' || file.id) AS commands
     FROM bank_file file WHERE id = $1`,
    [id],
  );
  return progress;
}

/** Everything that such a file says of its first rows, once. */
const takenTo = (applied: number) => ({
  applied,
  finished: applied === rows,
  ...{ outcomes: applied, payments: applied, moves: applied, amount: applied * 1_000 },
  commands: Math.ceil(applied / 1_000),
});

async function expectBookedOnce(file: BankFileView): Promise<void> {
  expect(await progressOf(file)).toEqual(takenTo(rows));
  const { body } = await officers.bank.get(`/v1/bank-files/${file.id}`).expect(200);
  expect(body).toMatchObject({
    isFinished: true,
    outcomes: [{ outcome: 'booked', rows, amount: String(rows * 1_000) }],
  });
  await expectFolded(harness, 20);
}

/** Taken up once more, by the keys of whoever died. */
async function expectEnded(file: BankFileView): Promise<void> {
  expect(await takenUp(file, file.id)).toMatchObject(ended);
  await expectBookedOnce(file);
}

test(
  'a file whose taking up is killed at its awaits, and begun again each time, is booked once',
  async () => {
    const calm = await brought('CALM');
    const { told, ...end } = await takenUp(calm, 'calm');
    expect(end).toEqual(ended);
    const awaits = JSON.parse(told) as number[];
    expect(awaits).toHaveLength(chunks);
    await expectBookedOnce(calm);

    const chosen = chooseDeaths(Math.min(...awaits));
    let file = await brought('STORM');
    let applied = 0;
    for (const [index, death] of chosen.entries()) {
      // Each death has a whole chunk before it: a commit that came through leads to another file.
      if (applied > 0) {
        await expectEnded(file);
        [file, applied] = [await brought(`STORM-${index}`), 0];
      }
      const { code, signal } = await takenUp(file, file.id, death);
      expect({ death, code, signal }).toEqual({ death, code: null, signal: 'SIGKILL' });
      const progress = (await progressOf(file)) as { applied: number };
      // Whole chunks, and never one less than before.
      expect([0, 1_000, 2_000, rows].filter((done) => done >= applied)).toContain(progress.applied);
      ({ applied } = progress);
      expect(progress).toEqual(takenTo(applied));
    }
    await expectEnded(file);
  },
  timeoutMs,
);

test('two who take up the same file at once book it once', async () => {
  const file = await brought('TWO');
  const [one, other] = await Promise.all([takenUp(file, 'one-of-two'), takenUp(file, 'other-of-two')]);
  expect([one, other]).toMatchObject([ended, ended]);
  await expectBookedOnce(file);
});
