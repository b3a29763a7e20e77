// A service that pays by the disbursements, in a process of its own: nothing but the runner of its payouts. It may be told to die at
// one of its awaits: DIE_AT counts statements and requests, or names the path of one; DIE_MOMENT is before, during or after.
import 'reflect-metadata';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { databaseOptions } from '@ansinh/database';
import { PayoutRunner } from '@ansinh/payouts';
import { readSealingKeys, Sealer } from '@ansinh/sealing';

const { env } = process;
let awaits = 0;

const die = () => process.kill(process.pid, 'SIGKILL');

/** @param asked statement or address */
function isChosen(asked) {
  if (!env.DIE_AT.startsWith('/')) return awaits === Number(env.DIE_AT);
  return String(asked).startsWith('http') && new URL(asked).pathname === env.DIE_AT;
}

/** Counts from when the work begins. */
function countAwaits(target, method) {
  const original = target[method];
  target[method] = function counted(...args) {
    awaits += 1;
    if (!isChosen(args[0])) return original.apply(this, args);
    if (env.DIE_MOMENT === 'before') die();
    const result = original.apply(this, args);
    if (env.DIE_MOMENT === 'during') setTimeout(die, 3);
    else result.then(die, die);
    return result;
  };
}

const dataSource = await new DataSource(
  databaseOptions({ url: env.DATABASE_URL, applicationName: 'programme-test', entities: [], migrations: [] }),
).initialize();

const tellRows = `
INSERT INTO told (payout_id, row_no, status, amount, booked_on, reason, findings)
SELECT $1, item.row, item.status, item.amount, item."bookedOn", item.reason,
       ARRAY(SELECT jsonb_array_elements_text(item.findings))
FROM jsonb_to_recordset($2::jsonb) AS item
  (row int, status text, amount bigint, "bookedOn" text, reason text, findings jsonb)
ON CONFLICT (payout_id, row_no) DO UPDATE SET status = excluded.status, amount = excluded.amount,
  booked_on = excluded.booked_on, reason = excluded.reason, findings = excluded.findings, times = told.times + 1`;

// Before the runner takes them for its own.
if (env.DIE_AT) {
  countAwaits(pg.Client.prototype, 'query');
  countAwaits(globalThis, 'fetch');
}

const runner = new PayoutRunner({
  dataSource,
  sealer: new Sealer(readSealingKeys(env.SEALING_KEYS, env.LOOKUP_KEY)),
  url: env.DISBURSEMENTS_URL,
  access: { issuer: env.OIDC_ISSUER, clientId: 'programme', clientSecret: env.CLIENT_SECRET },
  applyOutcomes: async (tx, { id }, outcomes) => {
    const items = outcomes.map(({ amount, ...rest }) => ({ ...rest, amount: amount?.toString() ?? null }));
    await tx.query(tellRows, [id, JSON.stringify(items)]);
  },
  paces: { open: 50, checking: 50, settled: 200, refused: 100, lease: 400 },
});

runner.onApplicationBootstrap();
process.on('SIGTERM', () => void runner.onModuleDestroy().then(() => dataSource.destroy()));
