import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  backUpPostgres,
  type Postgres,
  restorePostgres,
  startPostgres,
  throwawayDirectory,
} from '@ansinh/embedded';
import { everyItem, type RecoveryStatus } from '@ansinh/client';
import { CheckService } from '../src/finding/check.service.js';
import { expectEverythingAccounted } from './accounted.js';
import { type BatchUnderTest, FaultRig, until } from './faults-harness.js';
import { csvOf, listLine } from './harness.js';

/*
 * A backup from the middle of a batch comes back after the bank has gone on: the rest of that batch, a batch that was only a
 * draft in the backup, and one that it does not have at all were paid meanwhile. The files are those of a server that was
 * killed, put back as a copy: neither its timeline nor its identity tells that it is not the same.
 */

const lines = 600;
const directory = join(throwawayDirectory('restore'), 'data');
const backup = `${directory}-backup`;
const note = 'Bản sao lưu giữa lô, diễn tập khôi phục';

let postgres: Postgres;
let rig: FaultRig;
const startServer = (port?: number) =>
  startPostgres({ dataDirectory: directory, persistent: true, isDurable: false, ...(port && { port }) });

beforeAll(async () => {
  postgres = await startServer();
  rig = await FaultRig.start({ server: postgres.url() });
});
afterAll(async () => {
  await rig.stop();
  await postgres.stop();
});

const status = () => rig.people.operator.recovery.status();
const view = (batch: BatchUnderTest) => rig.people.operator.batches.get(batch.id);

async function approve(batch: BatchUnderTest): Promise<void> {
  await rig.harness.app.get(CheckService).check(batch.id);
  const submitted = await rig.people.maker.batches.submit(batch.id);
  await rig.people.firstChecker.batches.approve(batch.id, submitted.digest!);
}

/** The server dies, its files are lost, and what comes back are those of the backup. */
async function loseAndRestore(): Promise<void> {
  const { port } = postgres;
  postgres.kill('SIGKILL');
  await postgres.stop();

  rmSync(directory, { recursive: true });
  restorePostgres(backup, directory);
  postgres = await startServer(port);
}

const untilStatus = (what: string, is: (status: RecoveryStatus) => boolean) =>
  until(what, async () => {
    const value = await status();
    return { done: is(value), value };
  });

test('a backup from mid-batch comes back: nothing is paid twice, and what the books lost is shown', async () => {
  // In the backup: one batch on its way, one draft.
  const begun = await rig.approvedBatch(lines);
  const drafted = await rig.importedBatch(100);
  // Patient with the bank, so that what waits for the backup is not given up meanwhile.
  const worker = await rig.startWorker({ BANK_TIMEOUT_MS: '60000', CHUNK_LEASE_MS: '60000' });
  let backedUp: Promise<void> | undefined;
  rig.relay.onDelivery = async ({ nth }, pass) => {
    // Taken while messages are on their way to the bank: those arrive, and the backup does not know.
    if (nth === 5) backedUp = backUpPostgres(postgres, backup);
    if (nth >= 5) await backedUp;
    await pass();
    return 'answer';
  };
  await rig.transmit(begun);
  await rig.rest(begun);
  rig.relay.calm();
  // After the backup: the draft is approved and paid, and a batch that the backup has never heard of.
  await approve(drafted);
  await rig.transmit(drafted);
  await rig.rest(drafted);
  const unheard = await rig.approvedBatch(100);
  await rig.transmit(unheard);
  await rig.rest(unheard);
  const paidBefore = await Promise.all([begun, drafted].map(({ account }) => rig.witness.totals(account)));

  await loseAndRestore();
  expect((await view(begun)).chunks.accepted).toBeLessThan(lines / 50);
  expect((await view(drafted)).state).toMatch(/^check/);

  // The worker that outlived it sends nothing: it asked the bank, which knows more.
  const due = await untilStatus('the bank was asked', ({ comparison }) => comparison !== null);
  expect(due).toMatchObject({ isSendingOpen: false, comparison: { verdict: 'ahead' } });
  expect(due.comparison!.messages).toContain(`${drafted.code}-C00001`);
  expect(due.comparison!.messages).toContain(`${unheard.code}-C00001`);
  await expect(rig.transmit(begun)).rejects.toMatchObject({ problem: { code: 'SENDING_CLOSED' } });
  await rig.harness.app.get(CheckService).check(drafted.id);
  const submitted = await rig.people.maker.batches.submit(drafted.id);
  const approval = () => rig.people.firstChecker.batches.approve(drafted.id, submitted.digest!);
  await expect(approval()).rejects.toMatchObject({ problem: { code: 'SENDING_CLOSED' } });

  await rig.people.operator.recovery.begin(note);
  const collected = await untilStatus(
    'everything is collected',
    ({ recovery }) => recovery?.state === 'collected',
  );
  expect(collected.recovery!.newlyKnown.length).toBeGreaterThan(0);
  expect(collected.recovery!.lost).toEqual(
    [drafted, unheard].flatMap(({ code }) => [`${code}-C00001`, `${code}-C00002`]).sort(),
  );
  // The fund of the lost batch is lost as well: its payments have no account here to be read of.
  expect(collected.unknownPayments.count).toBe(100);
  expect((await view(begun)).state).toBe('paused');
  await rig.people.operator.recovery.end(note);
  expect(await status()).toMatchObject({ isSendingOpen: true });
  await expect(approval()).rejects.toMatchObject({ problem: { code: 'BATCH_BEFORE_RESTORE' } });

  // What was begun goes to its end, each payment once.
  await rig.transmit(begun);
  await expectEverythingAccounted(rig, begun, { seed: 0 });
  expect(await Promise.all([begun, drafted].map(({ account }) => rig.witness.totals(account)))).toEqual(
    paidBefore,
  );

  // The same list, brought again, is not paid a second time unseen; its number is none that the bank knows.
  const again = await rig.people.maker.batches.create({
    ...{ fundId: drafted.fundId, programmeCode: 'NQ68', purpose: 'Hỗ trợ', period: '2022-03' },
    channel: 'iso20022-http',
  });
  expect(Number(again.code.slice(3))).toBeGreaterThan(Number(collected.recovery!.lastSkipped));
  const content = csvOf(
    Array.from({ length: 100 }, (_, index) => listLine(index + 1, { policyCode: 'CS2' })),
  );
  const open = () => Readable.from([Buffer.from(content)]);
  await rig.people.maker.batches.importPayments(again.id, { open, type: 'text/csv' });
  await rig.harness.app.get(CheckService).check(again.id);
  const checked = await rig.people.maker.batches.get(again.id);
  expect(checked.findings['UNEXPLAINED_PAYMENT']).toMatchObject({ block: 100, warn: 0 });
  const { operator } = rig.people;
  for await (const { id } of everyItem((query) => operator.exceptions.list({ ...query, status: 'open' }))) {
    await operator.exceptions.resolve(id, { action: 'noAction', note: 'Đã làm rõ với ngân hàng' });
  }
  expect((await status()).unknownPayments.count).toBe(0);
  await worker.stop();
});

test('a server that only restarts is compared and goes on by itself', async () => {
  const batch = await rig.approvedBatch(lines);
  await rig.startWorker();
  rig.relay.onDelivery = async ({ nth }, pass) => {
    await pass();
    if (nth === 5) postgres.kill('SIGKILL');
    return 'answer';
  };
  await rig.transmit(batch);
  const { port, pid } = postgres;
  await until('the server is gone', async () => ({
    done: rig.relay.deliveries(batch.code).all >= 5,
    value: pid,
  }));
  await postgres.stop();
  postgres = await startServer(port);
  await expectEverythingAccounted(rig, batch, { seed: 0 });
  expect(await status()).toMatchObject({
    isSendingOpen: true,
    comparison: { verdict: 'agrees', messages: [] },
  });
});
