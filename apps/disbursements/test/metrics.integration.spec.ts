import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { freePort } from '@ansinh/embedded';
import type { SpawnedApp } from '@ansinh/testing';
import { parse } from 'yaml';
import { readMoney } from '../src/metrics/money.sql.js';
import { type BatchUnderTest, FaultRig, until } from './faults-harness.js';
import { faultsOf, labelsOf, readMetrics, type SeenMetrics, valueOf } from './promql.js';

const lines = 120;

let rig: FaultRig;
let api: SpawnedApp;
let batch: BatchUnderTest;
let apiMetrics: string;
let workerMetrics: string;

/** The bank takes messages on and tells nothing of them: all the money stays in flight. */
beforeAll(async () => {
  rig = await FaultRig.start({ bank: { SETTLE_DELAY_MS: '9000000' } });
  const ports = { api: await freePort(), worker: await freePort() };
  apiMetrics = `http://127.0.0.1:${ports.api}/metrics`;
  workerMetrics = `http://127.0.0.1:${ports.worker}/metrics`;
  api = await rig.startApi({ METRICS_PORT: String(ports.api) });
  batch = await rig.approvedBatch(lines);
  await rig.startWorker({ METRICS_PORT: String(ports.worker), BANK_TIMEOUT_MS: '20000' });
});
afterAll(async () => {
  await api.stop();
  await rig.stop();
});

async function scrape(url: string): Promise<string> {
  const answer = await fetch(url);
  expect(answer.headers.get('content-type')).toMatch(/^text\/plain/);
  return answer.text();
}

/** The API reads its rows anew after some seconds. */
async function scrapeUntil(series: string, value: number | undefined): Promise<string> {
  return until(`${series} is ${value}`, async () => {
    const text = await scrape(apiMetrics);
    const seen = valueOf(text, series);
    return { done: seen === value, value: text, seen };
  });
}

test('the money of a batch on its way, from reserved to taken on', async () => {
  const [row] = await rig.rows<{ dong: number }>('SELECT sum(amount)::float8 AS dong FROM chunk');
  const { dong } = row!;
  const before = await scrapeUntil('ansinh_reserved_dong', dong);
  expect(valueOf(before, 'ansinh_chunks{state="pending"}')).toBe(3);
  expect(valueOf(before, 'ansinh_batches{state="approved"}')).toBe(1);

  await rig.transmit(batch);
  await until('the bank has all messages', async () => {
    const waiting = await rig.rows(`SELECT FROM chunk WHERE state <> 'accepted'`);
    return { done: waiting.length === 0, value: undefined, seen: waiting.length };
  });
  const after = await scrapeUntil('ansinh_in_flight_dong', dong);
  expect(valueOf(after, 'ansinh_reserved_dong')).toBe(0);
  expect(valueOf(after, 'ansinh_unreconciled_dong')).toBe(dong);
  expect(valueOf(after, 'ansinh_unreconciled_payments')).toBe(lines);
  expect(valueOf(after, 'ansinh_unreconciled_oldest_seconds')).toBeGreaterThan(0);
  expect(valueOf(after, 'ansinh_chunks{state="accepted"}')).toBe(3);
  expect(valueOf(after, 'ansinh_batches{state="transmitted"}')).toBe(1);
  expect(valueOf(after, 'ansinh_chunk_overdue_seconds')).toBe(0);
});

test('the worker tells of its chunks and of the bank', async () => {
  const text = await scrape(workerMetrics);
  expect(valueOf(text, 'ansinh_chunk_attempt_duration_seconds_count{outcome="accepted"}')).toBe(3);
  expect(valueOf(text, 'ansinh_bank_call_duration_seconds_count{operation="send",outcome="answered"}')).toBe(
    3,
  );
  expect(valueOf(text, 'ansinh_database_pool_connections{state="idle"}')).toBeGreaterThanOrEqual(0);
});

test('a chunk that is due, and no worker is there', async () => {
  await rig.stopWorkers();
  const other = await rig.approvedBatch(40);
  await rig.transmit(other);
  await until('it is seen', async () => {
    const text = await scrape(apiMetrics);
    const seen = {
      overdue: valueOf(text, 'ansinh_chunk_overdue_seconds')!,
      hints: valueOf(text, 'ansinh_queue_hints{queue="disbursements-transmit",state="waiting"}'),
    };
    return { done: seen.overdue > 2 && seen.hints === 1, value: seen };
  });
});

test('for how long the registry was not read; one that never was counts since 1970', async () => {
  const seconds = async () => valueOf(await scrape(apiMetrics), 'ansinh_registry_unread_seconds')!;
  await rig.rows(`UPDATE registry_cursor SET read_at = now() - interval '2 hours'`);
  await until('it is told', async () => {
    const value = await seconds();
    return { done: value > 7_199 && value < 86_400, value };
  });
  await rig.rows('UPDATE registry_cursor SET read_at = NULL');
  await until('it is told', async () => {
    const value = await seconds();
    return { done: value > 50 * 365 * 86_400, value };
  });
});

test('exceptions by age', async () => {
  const statement = randomUUID();
  await rig.rows(
    `INSERT INTO statement (id, fund_id, kind, document_id, digest, imported_by) VALUES ($1, $2, 'k', 'd', 'x', 'test')`,
    [statement, batch.fundId],
  );
  for (const [days, amount] of [
    [0, 5],
    [2, 7],
    [10, 11],
    [20, 13],
  ]) {
    await rig.rows(
      `INSERT INTO payment_exception (id, fund_id, code, end_to_end_id, direction, observed_amount, reference, statement_id, at)
       VALUES ($1, $2, 'UNKNOWN_PAYMENT', $3, 'debit', $4, $3, $5, now() - $6 * interval '1 day')`,
      [randomUUID(), batch.fundId, `e-${days}`, amount, statement, days],
    );
  }
  const text = await scrapeUntil('ansinh_exceptions_open{age="over7d"}', 2);
  expect(valueOf(text, 'ansinh_exceptions_open{age="under1d"}')).toBe(1);
  expect(valueOf(text, 'ansinh_exceptions_open{age="from1dTo3d"}')).toBe(1);
  expect(valueOf(text, 'ansinh_exceptions_open{age="from3dTo7d"}')).toBe(0);
  expect(valueOf(text, 'ansinh_exceptions_open_dong{age="over7d"}')).toBe(24);
});

test('requests are counted by the template of their route, never by an address with a number in it', async () => {
  await fetch(`${api.url}/v1/batches/${'1'.repeat(12)}`);
  await fetch(`${api.url}/v1/${'2'.repeat(12)}?payeeId=${'3'.repeat(12)}`);
  const text = await scrape(apiMetrics);
  const count = 'ansinh_http_request_duration_seconds_count';
  expect(valueOf(text, `${count}{method="GET",route="/v1/batches/:id",status="401"}`)).toBe(1);
  expect(valueOf(text, `${count}{method="GET",route="none",status="404"}`)).toBe(1);
  // Of a line all but its value: a sum of seconds may well have twelve zeros.
  const labels = text.replaceAll(/\} \S+$/gm, '}');
  expect(labels).not.toMatch(/(\d)\1{11}/);
});

test('where the rows cannot be read, their gauges are absent and everything else is there', async () => {
  expect(readMoney).not.toMatch(/\bpayment(_line|_outcome)?\b/);
  await rig.harness.dataSource.transaction(async (tx) => {
    await tx.query('LOCK TABLE chunk IN ACCESS EXCLUSIVE MODE');
    await scrapeUntil('ansinh_in_flight_dong', undefined);
    const text = await scrapeUntil('ansinh_reading_failures_total{source="money"}', 1);
    expect(valueOf(text, 'ansinh_reading_failures_total{source="queue"}')).toBe(0);
    expect(text).toMatch(/^ansinh_queue_hints\{/m);
    expect(text).toMatch(/^process_cpu_seconds_total /m);
  });
});

test('on the port of the service there are no metrics, and on theirs is nothing else', async () => {
  expect((await fetch(`${api.url}/metrics`)).status).toBe(404);
  expect((await fetch(apiMetrics.replace('/metrics', '/health/live'))).status).toBe(404);
});

describe('the files of ops/ ask for what is emitted', () => {
  interface Rule {
    alert: string;
    expr: string;
    labels: { severity: string };
    annotations: Record<string, string>;
  }
  interface Panel {
    title: string;
    targets?: { expr: string; legendFormat: string }[];
  }
  let seen: SeenMetrics;
  let rules: Rule[];
  let panels: Panel[];
  /** Of the operators' handbook, as a link names them. */
  let chapters: string[];

  beforeAll(async () => {
    await scrapeUntil('ansinh_exceptions_open{age="over7d"}', 2);
    await rig.startWorker({ METRICS_PORT: new URL(workerMetrics).port });
    seen = readMetrics(await scrape(workerMetrics), readMetrics(await scrape(apiMetrics)));
    const fileOf = (path: string) => readFile(new URL(`../../../${path}`, import.meta.url), 'utf8');
    chapters = [...(await fileOf('docs/operations.md')).matchAll(/^## (.*)$/gm)].map(([, title]) =>
      title!.toLowerCase().replaceAll(' ', '-'),
    );
    rules = (parse(await fileOf('ops/alerts.yaml')) as { groups: { rules: Rule[] }[] }).groups.flatMap(
      (group) => group.rules,
    );
    panels = (JSON.parse(await fileOf('ops/dashboard.json')) as { panels: Panel[] }).panels;
  });

  test('every alert', () => {
    expect(rules.length).toBeGreaterThan(10);
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
    for (const { alert, expr, labels, annotations } of rules) {
      expect([alert, ...faultsOf(expr, seen)]).toEqual([alert]);
      expect(['page', 'ticket']).toContain(labels.severity);
      const told = [...JSON.stringify(annotations).matchAll(/\$labels\.(\w+)/g)].map(([, label]) => label!);
      const known = labelsOf(expr, seen);
      expect([alert, ...told.filter((label) => !known.includes(label))]).toEqual([alert]);
      expect(annotations).toMatchObject({ summary: expect.any(String), summary_vi: expect.any(String) });
      expect(chapters).toContain(annotations['runbook']?.replace('docs/operations.md#', ''));
    }
  });

  test('every panel', () => {
    const targets = panels.flatMap(({ title, targets = [] }) =>
      targets.map((target) => ({ title, ...target })),
    );
    expect(targets.length).toBeGreaterThan(20);
    for (const { title, expr, legendFormat } of targets) {
      const query = expr.replaceAll('$__rate_interval', '5m');
      expect([title, ...faultsOf(query, seen)]).toEqual([title]);
      const told = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label]) => label!);
      const known = labelsOf(query, seen);
      expect([title, ...told.filter((label) => !known.includes(label))]).toEqual([title]);
    }
  });

  test('every metric of ours is in one of them', () => {
    const asked = [
      ...rules.map(({ expr }) => expr),
      ...panels.flatMap(({ targets = [] }) => targets.map((t) => t.expr)),
    ];
    const ours = [...seen.keys()].filter(
      (name) => name.startsWith('ansinh_') && !/_(sum|count|bucket)$/.test(name),
    );
    expect(ours.length).toBeGreaterThan(10);
    expect(ours.filter((name) => !asked.some((expr) => expr.includes(name)))).toEqual([]);
  });

  test.each([
    ['sum(rate(ansinh_nothing_total[5m]))', 'no metric ansinh_nothing_total'],
    ['max(ansinh_chunks{stat="dead"})', 'no label stat: stat="dead"'],
    ['max(ansinh_chunks{state="died"})', 'no state is ever died: state="died"'],
    ['max by (queue) (ansinh_chunks)', 'no label queue in ansinh_chunks'],
    ['max(ansinh_chunks', 'does not parse at 17: max(ansinh_chunks'],
  ])('a mistake is found: %s', (query, fault) => {
    expect(faultsOf(query, seen)).toContain(fault);
  });
});
