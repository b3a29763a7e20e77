import type { Transaction } from '@ansinh/database';
import { isSetAside, selvesOf, standsFor } from '../person/merged-records.sql.js';
import type { PersonRow } from '../person/person-rows.js';
import { contradictingKinds, type HeldFact } from './contradictions.js';
import type { ContradictingRecord, Contradiction } from './merge.dto.js';

export interface Sided<Value> {
  survivor: Value;
  absorbed: Value;
}

interface FactRecord extends HeldFact {
  id: string;
  basis: string;
}

export interface Membership {
  id: string;
  householdId: string;
  validFrom: string;
  /** Whether others than the two would be left without him. */
  leadsOthers: boolean;
}

/** What the two say of what cannot be twice, with the rows that say it. */
export interface Compared {
  facts: Sided<FactRecord[]>;
  members: Sided<Membership[]>;
  contradictions: Contradiction[];
}

export async function compareRecords(
  tx: Transaction,
  { survivor, absorbed }: Sided<PersonRow>,
): Promise<Compared> {
  const facts = { survivor: await factsOf(tx, survivor.id), absorbed: await factsOf(tx, absorbed.id) };
  const members = {
    survivor: await membershipsOf(tx, survivor.id, absorbed.id),
    absorbed: await membershipsOf(tx, absorbed.id, survivor.id),
  };
  const contradictions: Contradiction[] = contradictingKinds(facts.survivor, facts.absorbed).map((kind) => ({
    kind,
    survivor: facts.survivor.filter((fact) => fact.kind === kind).map(saidByFact),
    absorbed: facts.absorbed.filter((fact) => fact.kind === kind).map(saidByFact),
  }));
  if (survivor.died_on !== absorbed.died_on)
    contradictions.push({ kind: 'death', survivor: saidByDeath(survivor), absorbed: saidByDeath(absorbed) });
  if (members.survivor.length > 0 && members.absorbed.length > 0)
    contradictions.push({
      kind: 'household',
      survivor: members.survivor.map(saidByMembership),
      absorbed: members.absorbed.map(saidByMembership),
    });
  return { facts, members, contradictions };
}

const saidByFact = ({ value, validFrom, validUntil, basis }: FactRecord): ContradictingRecord => ({
  value,
  validFrom,
  validUntil,
  basis,
});
const saidByDeath = ({ died_on }: PersonRow): ContradictingRecord[] => [
  { value: died_on, validFrom: died_on, validUntil: null, basis: null },
];
const saidByMembership = ({ householdId, validFrom }: Membership): ContradictingRecord => ({
  value: householdId,
  validFrom,
  validUntil: null,
  basis: null,
});

/** Those that hold, in the order of recording. */
async function factsOf(tx: Transaction, id: string): Promise<FactRecord[]> {
  return (await tx.query(
    `SELECT id, kind, value, basis, valid_from::text AS "validFrom", valid_until::text AS "validUntil"
     FROM person_fact WHERE person_id = ${selvesOf('$1::uuid')} AND NOT ${isSetAside('fact_id', 'person_fact', '$1::uuid')}
     ORDER BY id`,
    [id],
  )) as FactRecord[];
}

/** The household of each side at present. @param other is nobody whom it would be left to */
async function membershipsOf(tx: Transaction, id: string, other: string): Promise<Membership[]> {
  return (await tx.query(
    `SELECT member.id, household_id AS "householdId", valid_from::text AS "validFrom",
       relation = 'head' AND EXISTS (
         SELECT FROM household_member fellow JOIN person self ON self.id = fellow.person_id
         WHERE fellow.household_id = member.household_id AND fellow.valid_until IS NULL
           AND ${standsFor('self')} NOT IN ($1, $2)) AS "leadsOthers"
     FROM household_member member
     WHERE person_id = ${selvesOf('$1::uuid')} AND valid_until IS NULL
       AND NOT ${isSetAside('member_id', 'member', '$1::uuid')}`,
    [id, other],
  )) as Membership[];
}
