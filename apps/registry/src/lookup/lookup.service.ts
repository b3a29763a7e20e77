import { createReadStream } from 'node:fs';
import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { FastifyRequest } from 'fastify';
import { DataSource } from 'typeorm';
import { type Reader, recordAccess, requirePurpose } from '@ansinh/access-log';
import { scopeOf } from '@ansinh/auth';
import { todayInVietnam } from '@ansinh/calendar';
import { asSystem, inTransaction, type Scope } from '@ansinh/database';
import { maskCitizenNumber } from '@ansinh/identity';
import { type ListFormat, readList } from '@ansinh/payment-list';
import { ProblemError } from '@ansinh/problem';
import { Sealer } from '@ansinh/sealing';
import { streamOf } from '@ansinh/service';
import { formatOf, listTypes, refusingList, type Spool, spool } from '@ansinh/uploads';
import { numberKeyOf } from '../person/sealed-person.js';
import type { LookupAnswer, LookupQuery } from './lookup.dto.js';
import { birthFit, lookupColumns, nameFit, readSent, type SentPerson } from './lookup-list.js';
import { lookupProblems } from './lookup.problems.js';
import { factsOfPeople, type FoundPerson, peopleByKeys, povertyClassesOf } from './lookup.sql.js';

const rowsMax = 100_000;
const bytesMax = 32 * 1024 ** 2;
/** Numbers asked for in one transaction, and answers held in memory. */
const rowsPerLook = 2_000;

/**
 * What the registry knows of a whole list of people. The list rests on disk: it is read once to count it, and then again
 * while the answers leave. Names and facts are given for a purpose, and the log has one row for the whole.
 */
@Injectable()
export class LookupService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly sealer: Sealer,
  ) {}

  /**
   * The answers in the order of the list. People of other offices are not found.
   * @throws ProblemError ACCESS_PURPOSE_MISSING, LIST_REFUSED, LOOKUP_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE before the first one
   */
  async *lookUp(request: FastifyRequest, { on }: LookupQuery, reader: Reader): AsyncGenerator<LookupAnswer> {
    const purpose = requirePurpose(reader, true);
    const format = formatOf(request.headers['content-type']);
    const list = await spool(streamOf(request, listTypes), bytesMax);
    try {
      const rows = await refusingList(() => countRows(list, format));
      const { office } = reader.actor;
      await inTransaction(this.dataSource, scopeOf(reader.actor), (tx) =>
        recordAccess(tx, reader, purpose, {
          office,
          subject: `people/lookup/${reader.requestId}`,
          rows: { first: 1, last: rows },
          numbers: 0,
        }),
      );
      const day = on ?? todayInVietnam();
      for await (const sent of inLooks(sentIn(list, format))) {
        yield* await this.answers(sent, day, scopeOf(reader.actor));
      }
    } finally {
      await list.remove();
    }
  }

  private async answers(sent: SentPerson[], day: string, scope: Scope): Promise<LookupAnswer[]> {
    const keyed = sent.map((person) => ({
      person,
      key: person.number === null ? null : numberKeyOf(this.sealer, person.number),
    }));
    const keys = [...new Set(keyed.flatMap(({ key }) => key ?? []))];
    const known = await inTransaction(this.dataSource, scope, async (tx) => {
      const people = await peopleByKeys(tx, keys);
      const ids = [...new Set([...people.values()].map(({ id }) => id))];
      // Of people who were seen: under the policies every row would be asked of its person once more.
      return asSystem(tx, async () => ({
        people,
        facts: await factsOfPeople(tx, ids, day),
        classes: await povertyClassesOf(tx, ids, day),
      }));
    });
    return keyed.map(({ person, key }) => {
      const found = key === null ? undefined : known.people.get(key);
      if (!found) return { ...nobody(person), outcome: key === null ? 'malformed' : 'notFound' };
      const facts = known.facts.get(found.id) ?? {};
      return answerOf(person, found, { facts, povertyClass: known.classes.get(found.id) ?? null });
    });
  }
}

async function countRows({ path }: Spool, format: ListFormat): Promise<number> {
  let count = 0;
  for await (const rows of readList(createReadStream(path), format, lookupColumns)) {
    count += rows.length;
    if (count <= rowsMax) continue;
    const [vi, en] = [`Tối đa ${rowsMax} dòng một lần.`, `At most ${rowsMax} rows at a time.`];
    throw new ProblemError(lookupProblems.tooMany, { detail: { vi, en } });
  }
  return count;
}

async function* sentIn({ path }: Spool, format: ListFormat): AsyncGenerator<SentPerson> {
  for await (const rows of readList(createReadStream(path), format, lookupColumns)) {
    for (const row of rows) yield readSent(row);
  }
}

async function* inLooks(people: AsyncIterable<SentPerson>): AsyncGenerator<SentPerson[]> {
  let look: SentPerson[] = [];
  for await (const person of people) {
    look.push(person);
    if (look.length < rowsPerLook) continue;
    yield look;
    look = [];
  }
  if (look.length > 0) yield look;
}

function nobody({ row, shownNumber }: SentPerson): Omit<LookupAnswer, 'outcome'> {
  return {
    row,
    number: maskCitizenNumber(shownNumber.slice(0, 20)),
    personId: null,
    name: null,
    nameFit: null,
    birthYear: null,
    bornOn: null,
    birthFit: null,
    sex: null,
    placeCode: null,
    diedOn: null,
    facts: {},
    povertyClass: null,
  };
}

function answerOf(
  sent: SentPerson,
  found: FoundPerson,
  decisive: Pick<LookupAnswer, 'facts' | 'povertyClass'>,
): LookupAnswer {
  const { id: personId, ...recorded } = found;
  return {
    row: sent.row,
    number: maskCitizenNumber(sent.shownNumber),
    outcome: 'found',
    personId,
    ...recorded,
    nameFit: nameFit(sent.name, found.name),
    birthFit: birthFit(sent.birth, found),
    ...decisive,
  };
}
