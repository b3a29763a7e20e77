import { v7 as uuidv7 } from 'uuid';
import { recordAudits, worker } from '@ansinh/audit';
import { todayInVietnam } from '@ansinh/calendar';
import type { Transaction } from '@ansinh/database';
import { digestsOf } from '../audit/record-digest.js';
import { beginToState } from '../beneficiary/stating.js';
import { factsOfRegister } from '../list/list-columns.js';
import { type MonthlyProgrammeCode, monthlyCodes } from '../programme/programmes.js';
import { type Compared, type Judged, judgeTold } from './judge-told.js';

/** Of one transaction: a second at the most. The rest is compared by the next one. */
const beneficiariesPerStep = 2_000;

type ComparedRow = Omit<Compared, 'asksDeath'> & {
  programme: MonthlyProgrammeCode;
  name: string;
  placeCode: string;
  eventId: string;
  eventType: string;
};

/** What is written of a judgement. */
interface Written {
  of: ComparedRow;
  id: string;
  judged: Judged & { notice: NonNullable<Judged['notice']> };
  statementId: string | null;
  moveId: string | null;
}

/**
 * Holds the next beneficiaries against what the registry says of their people, and writes what comes of it by a few statements. Nothing is
 * paid or stopped here: what is stated is seen by the next month, which sets it beside what was paid.
 * Lock order: what is stated, beneficiaries, audit head. Whom somebody changes meanwhile is compared by a later step.
 */
export async function comparePeople(tx: Transaction): Promise<void> {
  await compareAgain(tx);
  const [waiting] = (await tx.query('SELECT FROM beneficiary_uncompared LIMIT 1')) as object[];
  if (!waiting) return;
  await compareOtherSelves(tx);
  for (const programme of monthlyCodes) await beginToState(tx, programme);
  const locked = (await tx.query(
    `SELECT id FROM beneficiary WHERE id IN (SELECT beneficiary_id FROM beneficiary_uncompared ORDER BY 1 LIMIT $1)
     ORDER BY id FOR UPDATE SKIP LOCKED`,
    [beneficiariesPerStep],
  )) as { id: string }[];
  const ids = locked.map(({ id }) => id);
  const rows = (await tx.query(selectCompared, [ids, worker.actorId])) as ComparedRow[];
  const today = todayInVietnam();
  const judged = rows.flatMap((of) =>
    judgeTold({ ...of, asksDeath: asksDeath(of.programme) }, today).map((each) => ({ of, each })),
  );
  await supersede(tx, judged);
  const written = judged.flatMap(({ of, each: { aspect, notice } }): Written[] =>
    notice
      ? [
          {
            of,
            id: uuidv7(),
            judged: { aspect, notice },
            statementId: notice.statement ? uuidv7() : null,
            moveId: notice.moveTo ? uuidv7() : null,
          },
        ]
      : [],
  );
  const before = await digestsOf(tx, 'beneficiary', idsOf(written));
  if (written.length > 0) await write(tx, written);
  await noteTold(tx, rows);
  await tx.query('DELETE FROM beneficiary_uncompared WHERE beneficiary_id = ANY ($1::uuid[])', [ids]);
  const after = await digestsOf(tx, 'beneficiary', idsOf(written));
  if (written.length > 0)
    await recordAudits(
      tx,
      written.map((one) => auditOf(one, before, after)),
    );
}

/** Once a month is approved, whoever stands in its register by two numbers: both may have been granted something by it. */
async function compareAgain(tx: Transaction): Promise<void> {
  await tx.query(
    `WITH run AS (DELETE FROM run_uncompared RETURNING run_id)
     INSERT INTO beneficiary_uncompared
     SELECT b.id FROM run JOIN support_run ON support_run.id = run.run_id JOIN beneficiary b ON b.programme = support_run.programme
     JOIN registry_notice notice ON notice.kind = 'samePerson' AND b.id IN (notice.beneficiary_id, notice.other_id)
     ORDER BY 1 ON CONFLICT DO NOTHING`,
  );
}

/** With somebody of two numbers the other one: what is open of him may be answered by what was stated of this one. */
async function compareOtherSelves(tx: Transaction): Promise<void> {
  const isWaiting = (id: string) =>
    `EXISTS (SELECT FROM beneficiary_uncompared WHERE beneficiary_id = notice.${id})`;
  await tx.query(
    `INSERT INTO beneficiary_uncompared
     SELECT other_id FROM registry_notice notice WHERE kind = 'samePerson' AND ${isWaiting('beneficiary_id')}
     UNION SELECT beneficiary_id FROM registry_notice notice WHERE kind = 'samePerson' AND ${isWaiting('other_id')}
     ORDER BY 1 ON CONFLICT DO NOTHING`,
  );
}

/** By what was told the next news is known. Of who died nobody was asked where he lives. */
async function noteTold(tx: Transaction, rows: readonly ComparedRow[]): Promise<void> {
  const told = rows.map(({ id, told: { diedOn, ...residence }, toldBefore }) => ({
    ...(diedOn === null ? residence : toldBefore),
    id,
    diedOn,
  }));
  await tx.query(
    `INSERT INTO beneficiary_told (beneficiary_id, died_on, place_code, resident_from)
     SELECT * FROM jsonb_to_recordset($1::jsonb) AS told (id uuid, "diedOn" date, "placeCode" text, "residentFrom" date)
     ON CONFLICT (beneficiary_id) DO UPDATE
     SET died_on = EXCLUDED.died_on, place_code = EXCLUDED.place_code, resident_from = EXCLUDED.resident_from`,
    [JSON.stringify(told)],
  );
}

const idsOf = (written: readonly Written[]) => [...new Set(written.map(({ of }) => of.id))];

const asksDeath = (programme: MonthlyProgrammeCode) => factsOfRegister(programme).includes('diedOn');

/** Something else is told of it since, or it is as the register has it: nobody has to decide on what was told before. */
async function supersede(
  tx: Transaction,
  judged: readonly { of: ComparedRow; each: Judged }[],
): Promise<void> {
  await tx.query(
    `INSERT INTO registry_notice_answer (notice_id, answer, actor_id, actor_name)
     SELECT notice.id, 'superseded', $3, $4 FROM unnest($1::uuid[], $2::text[]) AS told (beneficiary_id, aspect)
     JOIN registry_notice notice USING (beneficiary_id, aspect)
     WHERE notice.is_open AND NOT EXISTS (SELECT FROM registry_notice_answer WHERE notice_id = notice.id)`,
    [judged.map(({ of }) => of.id), judged.map(({ each }) => each.aspect), worker.actorId, worker.actorName],
  );
}

async function write(tx: Transaction, written: readonly Written[]): Promise<void> {
  const told = written.map(({ of, id, judged: { aspect, notice }, statementId, moveId }) => ({
    id,
    beneficiary: of.id,
    name: of.name,
    office: of.officeCode,
    aspect,
    kind: notice.kind,
    diedOn: notice.diedOn,
    placeCode: notice.placeCode,
    residentFrom: notice.residentFrom,
    otherId: notice.otherId,
    isOpen: notice.isOpen,
    statementId,
    appliesFrom: notice.statement?.appliesFrom,
    facts: notice.statement?.facts,
    moveId,
    fromPlace: of.placeCode,
    toOffice: notice.moveTo?.officeCode,
    eventId: of.eventId,
    eventType: of.eventType,
    basis: `Sổ dân cư: sự kiện ${of.eventId} (${of.eventType})`,
  }));
  const parameters = [JSON.stringify(told)];
  const by = [...parameters, worker.actorId, worker.actorName];
  await tx.query(
    `INSERT INTO beneficiary_statement (id, beneficiary_id, applies_from, facts, basis, recorded_by, recorded_by_name)
     SELECT "statementId", beneficiary, "appliesFrom", facts, basis, $2, $3 FROM ${toldRows} WHERE "statementId" IS NOT NULL`,
    by,
  );
  await tx.query(
    `INSERT INTO beneficiary_move (id, beneficiary_id, from_place_code, to_place_code, moved_on, basis, recorded_by, recorded_by_name)
     SELECT "moveId", beneficiary, "fromPlace", "placeCode", "residentFrom", basis, $2, $3 FROM ${toldRows} WHERE "moveId" IS NOT NULL`,
    by,
  );
  await tx.query(
    `INSERT INTO registry_notice (id, beneficiary_id, name, office_code, aspect, kind, died_on, place_code, resident_from, other_id,
       statement_id, move_id, is_open, event_id, event_type)
     SELECT id, beneficiary, name, office, aspect, kind, "diedOn", "placeCode", "residentFrom", "otherId",
       "statementId", "moveId", "isOpen", "eventId", "eventType" FROM ${toldRows}`,
    parameters,
  );
  await tx.query(
    `UPDATE beneficiary b SET place_code = "placeCode", office_code = "toOffice" FROM ${toldRows}
     WHERE b.id = beneficiary AND "moveId" IS NOT NULL`,
    parameters,
  );
}

function auditOf(
  { of, judged: { notice } }: Written,
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): Parameters<typeof recordAudits>[1][number] {
  const { kind, diedOn, placeCode, residentFrom, otherId } = notice;
  return {
    ...worker,
    office: of.officeCode,
    verb: `beneficiary.told.${kind}`,
    subject: `beneficiary/${of.id}`,
    before: before.get(of.id) ?? null,
    after: after.get(of.id) ?? null,
    requestId: of.eventId,
    facts: { diedOn, placeCode, residentFrom, otherId },
  };
}

const toldRows = `jsonb_to_recordset($1::jsonb) AS told (id uuid, beneficiary uuid, name text, office text, aspect text, kind text,
  "diedOn" date, "placeCode" text, "residentFrom" date, "otherId" uuid, "isOpen" boolean, "statementId" uuid, "appliesFrom" date,
  facts jsonb, "moveId" uuid, "fromPlace" text, "toOffice" text, "eventId" text, "eventType" text, basis text)`;

/** A number of before counts as long as nobody else has it, or had it. */
const isHeld = (told: string) => `(NOT ${told}.is_former OR NOT EXISTS (SELECT FROM registry_person holder
  WHERE holder.person_key = ${told}.person_key AND holder.person_id <> ${told}.person_id))`;

/** $2: who records what the registry tells. */
const lastStated = (beneficiary: string, fact: string) => `
  (SELECT jsonb_build_object('value', facts->>'${fact}', 'isTold', recorded_by = $2) FROM beneficiary_statement
   WHERE beneficiary_id = ${beneficiary}.id AND facts ? '${fact}' ORDER BY id DESC LIMIT 1)`;

const lastGranted = (beneficiary: string) => `
  coalesce((SELECT CASE d.outcome WHEN 'granted' THEN d.amount ELSE 0 END::text FROM decision d JOIN support_run run ON run.id = d.run_id
   WHERE d.beneficiary_id = ${beneficiary}.id AND run.state = 'approved'
   ORDER BY d.month DESC, d.id DESC LIMIT 1), '0')`;

/** Whether each month is granted, by the last approved decision on it. */
const monthsOf = (beneficiary: string) => `
  SELECT DISTINCT ON (d.month) d.month, d.outcome = 'granted' AS is_granted FROM decision d JOIN support_run run ON run.id = d.run_id
  WHERE d.beneficiary_id = ${beneficiary}.id AND run.state = 'approved' ORDER BY d.month, d.id DESC`;

const bothGrantedFrom = `
  (SELECT min(month) FROM (${monthsOf('b')}) mine JOIN (${monthsOf('other')}) theirs USING (month)
   WHERE mine.is_granted AND theirs.is_granted)`;

/** Those whom the registry knows. $1: beneficiaries. */
const selectCompared = `
SELECT b.id, b.programme, b.name, b.place_code AS "placeCode", b.office_code AS "officeCode", b.first_month::text AS "firstMonth",
  coalesce((SELECT moved_on FROM beneficiary_move WHERE beneficiary_id = b.id ORDER BY id DESC LIMIT 1), b.first_month)::text
    AS "placeSince",
  ${lastStated('b', 'diedOn')} AS death, ${lastStated('b', 'endedFrom')} AS ended, ${lastGranted('b')} AS granted,
  jsonb_build_object('diedOn', p.died_on, 'placeCode', p.place_code, 'residentFrom', p.resident_from) AS told,
  p.event_id AS "eventId", p.event_type AS "eventType",
  (SELECT coalesce(jsonb_agg(jsonb_build_object('id', other.id, 'granted', ${lastGranted('other')}, 'bothFrom', ${bothGrantedFrom},
     'isEnded', coalesce(${lastStated('other', 'endedFrom')}->>'value' IS NOT NULL, false))), '[]')
   FROM registry_person self JOIN beneficiary other ON other.person_key = self.person_key
   WHERE self.person_id = p.person_id AND ${isHeld('self')} AND other.programme = b.programme AND other.id <> b.id) AS others,
  (SELECT jsonb_build_object('diedOn', died_on, 'placeCode', place_code, 'residentFrom', resident_from)
   FROM beneficiary_told WHERE beneficiary_id = b.id) AS "toldBefore",
  (SELECT jsonb_build_object('otherId', other_id, 'endedFrom', stated.facts->>'endedFrom',
     'isSuperseded', EXISTS (SELECT FROM registry_notice_answer WHERE notice_id = notice.id AND answer = 'superseded'))
   FROM registry_notice notice LEFT JOIN beneficiary_statement stated ON stated.id = notice.statement_id
   WHERE notice.beneficiary_id = b.id AND aspect = 'identity' ORDER BY notice.id DESC LIMIT 1) AS "lastIdentity"
FROM beneficiary b
CROSS JOIN LATERAL (
  SELECT * FROM registry_person told WHERE told.person_key = b.person_key AND ${isHeld('told')} ORDER BY is_former LIMIT 1) p
WHERE b.id = ANY ($1::uuid[]) ORDER BY b.id`;
