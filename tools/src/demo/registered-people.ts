import { createWriteStream } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Client } from '@ansinh/client';
import { isCitizenNumber, searchForm } from '@ansinh/identity';
import { findPlace, listPlaces, placeToday } from '@ansinh/places';
import { generateRows, Random, sampleName, type SampleRow } from '@ansinh/samples';

/** How many people the registry knows, and of how many it knows something else than the list says. */
export interface RegisteredPeople {
  people: number;
  dead: number;
  moved: number;
  renamed: number;
}

/** Parts of the people. */
const share = { dead: 0.001, moved: 0.004, renamed: 0.002 };
/** Before the month that the sample list pays for, and the day that its places are those of. */
const day = { before: '2020-01-01', died: '2022-01-15', moved: '2022-02-01', ofPlaces: '2022-03-01' };
const lookMs = 100;

/**
 * Writes the people of a sample list for the registry, a line of JSON each, as its seed reads them. Most are as the list has
 * them; a few have died, live in another commune, or bear another name.
 */
export async function writeRegisteredPeople(
  path: string,
  options: { rows: number; seed: number },
): Promise<RegisteredPeople> {
  const counts = { people: 0, dead: 0, moved: 0, renamed: 0 };
  const random = new Random(options.seed + 1);
  const communes = listPlaces(day.ofPlaces).filter(
    ({ level, offices }) => level === 'commune' && offices.includes('27'),
  );
  const codes = communes.map(({ code }) => code);
  function* lines() {
    const seen = new Set<string>();
    for (const row of generateRows(options)) {
      if (!isSomebody(row) || seen.has(row.payeeId)) continue;
      seen.add(row.payeeId);
      counts.people += 1;
      yield `${JSON.stringify(personOf(row, { random, codes, counts }))}\n`;
    }
  }
  await pipeline(Readable.from(lines()), createWriteStream(path, { mode: 0o600 }));
  return counts;
}

/** Rows with a flaw are in the list by mistake: their people are those of the rows that they are in conflict with, or nobody. */
const isSomebody = ({ flaw, payeeId }: SampleRow) => flaw === null && isCitizenNumber(payeeId);

function personOf(
  row: SampleRow,
  { random, codes, counts }: { random: Random; codes: string[]; counts: RegisteredPeople },
) {
  const { payeeId: citizenNumber, payeeName: name, placeCode } = row;
  const person = { citizenNumber, name, placeCode, residentFrom: day.before, diedOn: null as string | null };
  const chance = random.next();
  if (chance < share.dead) {
    counts.dead += 1;
    return { ...person, diedOn: day.died };
  }
  if (chance < share.dead + share.moved) {
    counts.moved += 1;
    return { ...person, placeCode: otherCommune(random, codes, placeCode), residentFrom: day.moved };
  }
  if (chance < share.dead + share.moved + share.renamed) {
    counts.renamed += 1;
    return { ...person, name: otherName(random, name) };
  }
  return person;
}

function otherName(random: Random, name: string): string {
  for (;;) {
    const other = sampleName(random, 'female');
    if (searchForm(other) !== searchForm(name)) return other;
  }
}

/** One that is another one today as well. */
function otherCommune(random: Random, codes: string[], code: string): string {
  const today = (of: string) => placeToday(findPlace(of, day.ofPlaces)!)?.code ?? null;
  for (;;) {
    const other = random.pick(codes);
    if (today(other) !== null && today(other) !== today(code)) return other;
  }
}

/**
 * Waits until the worker has read the registry to its end after this moment. Twice: the first time may have been read
 * before it, and noted after it.
 */
export async function awaitRegistryRead(client: Client, signal: AbortSignal): Promise<void> {
  let since = new Date().toISOString();
  for (let times = 0; times < 2;) {
    const { readAt } = await client.registryReading();
    if (readAt !== null && readAt > since) {
      since = readAt;
      times += 1;
    } else await sleep(lookMs, undefined, { signal });
  }
}
