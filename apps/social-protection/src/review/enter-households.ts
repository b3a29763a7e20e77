import { v7 as uuidv7 } from 'uuid';
import { asSystem, type Transaction } from '@ansinh/database';
import { type Decision, explain, FormError, type Policy, readFacts } from '@ansinh/policy';
import type { Actor } from '@ansinh/auth';
import type { Sealer } from '@ansinh/sealing';
import {
  areaFact,
  declaredFacts,
  findingOfForm,
  type Household,
  type HouseholdFinding,
  povertyClass,
} from './household-row.js';

/** What households are taken in by. */
export interface Taking {
  reviewId: string;
  year: number;
  officeCode: string;
  reviewedOn: string;
  area: string;
  listId: string | null;
  policy: Policy;
  sealer: Sealer;
  actor: Actor;
  /** Of an approved review: it does not count before somebody has approved it. */
  isCorrection?: boolean;
}

export interface ClassifiedHousehold extends Household {
  key: string;
  decision: Decision;
}

/** By the law of the day of the review. @throws RangeError for facts that the law does not ask for, FormError */
export function classify(
  facts: Record<string, unknown>,
  { policy, area, reviewedOn }: Pick<Taking, 'policy' | 'area' | 'reviewedOn'>,
): Decision {
  const read = readFacts(declaredFacts, { ...facts, [areaFact]: area });
  return policy.evaluate(povertyClass, read, reviewedOn);
}

/** As `classify`, with what is wrong with the form as a finding. */
export function classifyRow(
  household: Household,
  taking: Taking,
): { classified: ClassifiedHousehold } | { finding: HouseholdFinding } {
  try {
    const key = taking.sealer.lookupKey('payee', household.citizenNumber);
    return { classified: { ...household, key, decision: classify(household.facts, taking) } };
  } catch (error) {
    if (!(error instanceof FormError)) throw error;
    return { finding: findingOfForm(error) };
  }
}

/** Ids of the records that were made, and the households that count in another review of the year, and were left out. */
export interface EnteredHouseholds {
  ids: string[];
  elsewhere: ClassifiedHousehold[];
}

/** Takes households in by three statements, however many they are: another row of a household takes the place of its former one. */
export async function enterHouseholds(
  tx: Transaction,
  taking: Taking,
  households: readonly ClassifiedHousehold[],
): Promise<EnteredHouseholds> {
  const elsewhere = await reviewedElsewhere(tx, taking, households);
  const own = households.filter(({ key }) => !elsewhere.has(key));
  if (!taking.isCorrection)
    await tx.query(
      `UPDATE reviewed_household SET is_current = false
     WHERE review_id = $1 AND person_key = ANY ($2::uuid[]) AND is_current`,
      [taking.reviewId, own.map(({ key }) => key)],
    );
  const rows = own.map((household) => rowOf(taking, household));
  const column = <Key extends keyof Row>(key: Key) => rows.map((row) => row[key]);
  await tx.query(
    `INSERT INTO reviewed_household (id, review_id, year, office_code, list_id, row_no, person_key, name, sealed, members,
       facts, outcome, class, points_b1, points_b2, deprived_of, digest, recorded_by, recorded_by_name, is_current)
     SELECT id, $1, $2, $3, $4, row_no, person_key, name, sealed, members, facts, outcome, class, points_b1, points_b2,
       ARRAY(SELECT jsonb_array_elements_text(facts -> 'deprivedOf')), digest, $5, $6, $19
     FROM unnest($7::uuid[], $8::int[], $9::uuid[], $10::text[], $11::bytea[], $12::smallint[], $13::jsonb[], $14::text[],
       $15::text[], $16::int[], $17::int[], $18::bytea[])
       AS given (id, row_no, person_key, name, sealed, members, facts, outcome, class, points_b1, points_b2, digest)`,
    [
      taking.reviewId,
      taking.year,
      taking.officeCode,
      taking.listId,
      taking.actor.id,
      taking.actor.name,
      ...(
        [
          'id',
          'row',
          'key',
          'name',
          'sealed',
          'members',
          'facts',
          'outcome',
          'class',
          'pointsB1',
          'pointsB2',
          'digest',
        ] as const
      ).map(column),
      !taking.isCorrection,
    ],
  );
  return { ids: column('id'), elsewhere: households.filter(({ key }) => elsewhere.has(key)) };
}

/** Whose review it is, another office is not told; that there is one has to be. */
async function reviewedElsewhere(
  tx: Transaction,
  { reviewId, year }: Taking,
  households: readonly ClassifiedHousehold[],
): Promise<Set<string>> {
  const rows = (await asSystem(tx, () =>
    tx.query(
      `SELECT person_key AS key FROM reviewed_household
       WHERE year = $1 AND person_key = ANY ($2::uuid[]) AND is_current AND review_id <> $3`,
      [year, households.map(({ key }) => key), reviewId],
    ),
  )) as { key: string }[];
  return new Set(rows.map(({ key }) => key));
}

type Row = ReturnType<typeof rowOf>;

function rowOf(
  { sealer }: Taking,
  { row, key, citizenNumber, name, members, facts, decision }: ClassifiedHousehold,
) {
  const id = uuidv7();
  return {
    id,
    row,
    key,
    name,
    sealed: sealer.seal(citizenNumber, householdPlace(id)),
    members,
    facts: JSON.stringify(facts),
    outcome: decision.outcome,
    class: decision.answer,
    pointsB1: pointsOf(decision, 'pointsB1'),
    pointsB2: pointsOf(decision, 'pointsB2'),
    digest: Buffer.from(decision.digest, 'hex'),
  };
}

/** Where the number of its head is sealed for. */
export const householdPlace = (id: string) => `reviewed_household/${id}`;

/** Points as a rule of the law read them; null where none asked for them. */
function pointsOf(decision: Decision, measure: string): number | null {
  const asked = explain(decision)
    .rules.flatMap(({ conditions }) => conditions)
    .flatMap(function leaves(condition): (typeof condition)[] {
      return condition.kind === 'comparison' ? [condition] : condition.parts.flatMap(leaves);
    });
  const actual = asked.find(({ fact }) => fact === measure)?.actual;
  return typeof actual === 'number' ? actual : null;
}
