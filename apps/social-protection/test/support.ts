import { taxCodeFault } from '@ansinh/identity';
import type { PlayedClient } from '@ansinh/testing';
import type { SupportListView } from '../src/list/list.dto.js';
import type { RunView } from '../src/run/run.dto.js';

let last = 0;
let lastCode = 230_200_000;

/** A citizen number that no other test of the file has. */
export function newNumber(): string {
  last += 1;
  return `027190${String(last).padStart(6, '0')}`;
}

/** A tax code with its check digit, of no other employer. */
export function newTaxCode(): string {
  for (;;) {
    lastCode += 1;
    for (let digit = 0; digit < 10; digit += 1) {
      const code = `${lastCode}${digit}`;
      if (taxCodeFault(code) === null) return code;
    }
  }
}

type Row = Record<string, string>;

const person = (number: string): Row => ({
  citizenNumber: number,
  name: 'Nguyễn Thị Hoà',
  bankBin: '970405',
  account: `26${number.slice(-8)}`,
});

/** A worker whose employer stopped work for three weeks. */
export const stopped = (number = newNumber(), over: Row = {}): Row => ({
  ...person(number),
  stoppedFrom: '2021-06-01',
  stoppedUntil: '2021-06-21',
  isStoppageByArticle99: 'có',
  ...over,
});

/** A worker of an enterprise who rents. */
export const renting = (number = newNumber(), over: Row = {}): Row => ({
  ...person(number),
  hasRequested: 'có',
  isRenting: 'có',
  contractKind: 'không xác định thời hạn',
  contractSignedOn: '01/02/2021',
  workStartedOn: '2021-02-01',
  ...over,
});

/** A household of a town by the forms of 2022: 175 points, the line itself, and deprived of what is told. */
export const household = (number = newNumber(), over: Row = {}): Row => ({
  citizenNumber: number,
  name: 'Nguyễn Thị Hoà',
  members: '1',
  characteristics: 'size1;regionRedRiver;motorbike2;electricityFrom150',
  deprivedOf: 'không',
  ...over,
});

export function csv(rows: Row[]): string {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return [names, ...rows.map((row) => names.map((name) => row[name] ?? ''))]
    .map((cells) => `${cells.join(',')}\n`)
    .join('');
}

export const covidHead = (taxCode: string, over: Row = {}): Row => ({
  programme: 'covid-support',
  choice: 'policy5',
  taxCode,
  employerName: 'Công ty Đồng Tâm',
  employerType: 'enterprise',
  placeCode: '09163',
  receivedOn: '2021-09-01',
  ...over,
});

export const rentHead = (taxCode: string, over: Row = {}): Row =>
  covidHead(taxCode, {
    programme: 'rent-support',
    choice: 'working',
    months: '2022-04',
    receivedOn: '2022-05-10',
    ...over,
  });

export function bring(client: PlayedClient, head: Row, rows: Row[], key?: string) {
  return client.upload(
    `/v1/support-lists?${new URLSearchParams(head).toString()}`,
    csv(rows),
    'text/csv',
    key,
  );
}

export async function brought(client: PlayedClient, head: Row, rows: Row[]): Promise<SupportListView> {
  return (await bring(client, head, rows).expect(201)).body as SupportListView;
}

/** What the insurance office answers about rows: that they were insured by the employer in a month, or what is told. */
export function confirm(client: PlayedClient, taxCode: string, rows: Row[], month: string, isInsured = 'có') {
  const answers = rows.map(({ citizenNumber }) => ({
    citizenNumber: citizenNumber!,
    taxCode,
    month,
    isInsured,
  }));
  return client.upload('/v1/insurance-lists', csv(answers), 'text/csv');
}

/** A run over lists, decided to its end. */
export async function decided(
  client: PlayedClient,
  programme: string,
  lists: string[],
  decidedOn = '2022-06-01',
): Promise<RunView> {
  const started = await client.post('/v1/support-runs', { programme, decidedOn, lists }).expect(201);
  let run = started.body as RunView;
  while (run.taken < run.rows) {
    run = (await client.post(`/v1/support-runs/${run.id}/chunks`).expect(201)).body as RunView;
  }
  return run;
}

export async function approved(maker: PlayedClient, checker: PlayedClient, run: RunView): Promise<RunView> {
  await maker.post(`/v1/support-runs/${run.id}/submission`).expect(201);
  const { body } = await checker
    .post(`/v1/support-runs/${run.id}/approval`, { digest: run.digest })
    .expect(201);
  return body as RunView;
}

/** Rows of law that were read in no text: nothing rests on them before a named person confirms them. */
export async function confirmLaw(client: PlayedClient, ...rows: string[]): Promise<void> {
  const { body } = await client.get('/v1/law/awaiting-rows').expect(200);
  for (const { row, digest } of (body as { items: { row: string; digest: string }[] }).items) {
    if (rows.includes(row))
      await client.post('/v1/law/confirmations', { row, digest, basis: 'Công báo' }).expect(201);
  }
}
