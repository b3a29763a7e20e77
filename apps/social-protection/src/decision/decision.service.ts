import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { type Actor, scopeOf } from '@ansinh/auth';
import { asSystem, inTransaction, type Page, pageOf, readCursor, type Transaction } from '@ansinh/database';
import { pagesByParent } from '@ansinh/graphql';
import { type Decision, explanationText, type Policy } from '@ansinh/policy';
import { ProblemError } from '@ansinh/problem';
import { Sealer } from '@ansinh/sealing';
import { lawsOf } from '../law.js';
import { momentOfMonth } from '../run/decide-members.js';
import { decideAgain } from './decide-rows.js';
import type {
  DecisionsQuery,
  DecisionView,
  ExplainedDecision,
  ExplainedDecisions,
  FindDecisions,
} from './decision.dto.js';
import { decisionProblems } from './decision.problems.js';

const ofPersonMax = 100;

/** Decisions, and why each is what it is. */
@Injectable()
export class DecisionService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly sealer: Sealer,
  ) {}

  async list({ runId, outcome, after, limit }: DecisionsQuery, actor: Actor): Promise<Page<DecisionView>> {
    const rows = (await inTransaction(this.dataSource, scopeOf(actor), (tx) =>
      tx.query(
        `${selectDecisions}
         WHERE d.run_id = $1 AND ($2::text IS NULL OR d.outcome = $2) AND ($3::uuid IS NULL OR d.id > $3)
         ORDER BY d.id LIMIT $4`,
        [runId, outcome ?? null, readCursor(after, 'uuid')?.[0] ?? null, limit + 1],
      ),
    )) as DecisionView[];
    return pageOf(rows, limit, ({ id }) => [id]);
  }

  /** @throws ProblemError SUPPORT_DECISION_NOT_FOUND */
  async get(id: string, actor: Actor): Promise<ExplainedDecision> {
    const found = (await this.byIds([id], actor)).get(id);
    if (!found) throw new ProblemError(decisionProblems.notFound);
    const [explained] = await this.explain([found]);
    return explained!;
  }

  async ofNumber({ number, asOf }: FindDecisions, actor: Actor): Promise<ExplainedDecisions> {
    const rows = await inTransaction(this.dataSource, scopeOf(actor), async (tx) => {
      const keys = [this.sealer.lookupKey('payee', number)];
      const seen = (await tx.query(
        `SELECT of_person.id FROM unnest($1::uuid[]) AS asked (key), LATERAL (${decisionsOfPerson}) of_person`,
        [keys, ...(await beneficiariesOf(tx, keys))],
      )) as { id: string }[];
      return viewsOf(
        tx,
        seen.map(({ id }) => id),
      );
    });
    const made = rows.filter(({ decidedOn }) => asOf === undefined || decidedOn <= asOf);
    return { items: await this.explain(made.slice(0, ofPersonMax)) };
  }

  async byIds(ids: readonly string[], actor: Actor): Promise<Map<string, DecisionView>> {
    const rows = await inTransaction(this.dataSource, scopeOf(actor), async (tx) => {
      const seen = (await tx.query('SELECT id FROM decision WHERE id = ANY ($1::uuid[])', [ids])) as {
        id: string;
      }[];
      return viewsOf(
        tx,
        seen.map(({ id }) => id),
      );
    });
    return new Map(rows.map((row) => [row.id, row]));
  }

  /** Decisions of many people, each a page. */
  async ofPeople(
    keys: readonly string[],
    { after, limit }: { after?: string; limit: number },
    actor: Actor,
  ): Promise<Map<string, Page<DecisionView>>> {
    return inTransaction(this.dataSource, scopeOf(actor), async (tx) => {
      const seen = (await tx.query(
        `SELECT asked.key AS "parentId", found.id FROM unnest($1::uuid[]) AS asked (key)
         LEFT JOIN LATERAL (SELECT id FROM (${decisionsOfPerson}) of_person
           WHERE $4::uuid IS NULL OR id > $4 ORDER BY id LIMIT $5) found ON true
         ORDER BY found.id`,
        [keys, ...(await beneficiariesOf(tx, keys)), readCursor(after, 'uuid')?.[0] ?? null, limit + 1],
      )) as { parentId: string; id: string | null }[];
      const rows = await viewsOf(
        tx,
        seen.flatMap(({ id }) => id ?? []),
      );
      const views = new Map(rows.map((row) => [row.id, row]));
      const found = seen.map(({ parentId, id }) => ({ parentId, child: views.get(id ?? '') }));
      return pagesByParent(found, limit, ({ id }) => [id]);
    });
  }

  /** Made again from the facts that were kept, by the law as it was known on its day and recorded when it was made. */
  async explain(views: readonly DecisionView[]): Promise<ExplainedDecision[]> {
    const lawAt = await inTransaction(this.dataSource, 'system', lawsOf);
    return views.map((view) => {
      const decision = madeAgain(lawAt, view);
      const explanation = { vi: explanationText(decision, 'vi'), en: explanationText(decision, 'en') };
      return { ...view, explanation, isReproduced: decision.digest === view.digest };
    });
  }
}

/** Of `asked.key`: on lists, and on whom the register knows. $2, $3: these and their people, as `beneficiariesOf` gives them. */
const decisionsOfPerson = `
SELECT id FROM decision WHERE person_key = asked.key AND list_id IS NOT NULL
UNION ALL
SELECT d.id FROM unnest($2::uuid[], $3::uuid[]) AS known (id, key) JOIN decision d ON d.beneficiary_id = known.id
WHERE known.key = asked.key`;

/** Wherever they live today: who decided on somebody that has moved sees his decisions as before. */
async function beneficiariesOf(
  tx: Transaction,
  keys: readonly string[],
): Promise<[ids: string[], keys: string[]]> {
  const found = (await asSystem(tx, () =>
    tx.query('SELECT id, person_key AS key FROM beneficiary WHERE person_key = ANY ($1::uuid[])', [keys]),
  )) as { id: string; key: string }[];
  return [found.map(({ id }) => id), found.map(({ key }) => key)];
}

/**
 * Of decisions that were found in the caller's scope. Each is its citizen's, and the office that he belongs to opens it, while the run
 * that it was made in may be the province's.
 */
async function viewsOf(tx: Transaction, seen: readonly string[]): Promise<DecisionView[]> {
  return (await asSystem(tx, () =>
    tx.query(`${selectDecisions} WHERE d.id = ANY ($1::uuid[]) ORDER BY d.id`, [seen]),
  )) as DecisionView[];
}

type MadeBefore = Pick<DecisionView, 'id' | 'programme' | 'decidedOn' | 'month' | 'beneficiaryId' | 'facts'>;

/** By what was law and recorded when it was made. A monthly programme asks for the month, others for the day of the decision. */
export function madeAgain(lawAt: (recordedAt: Date) => Policy, view: MadeBefore): Decision {
  const { programme, decidedOn, month, beneficiaryId, facts } = view;
  const asOf = beneficiaryId !== null ? momentOfMonth(`${month}-01`, decidedOn) : decidedOn;
  return decideAgain(lawAt(madeAt(view)), programme, facts, asOf);
}

/** A UUID of version 7 begins with its instant, in milliseconds. */
function madeAt({ id }: { id: string }): Date {
  return new Date(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16));
}

const selectDecisions = `
SELECT d.id, d.run_id AS "runId", run.programme, run.decided_on::text AS "decidedOn", run.state,
  d.person_key AS "personKey", coalesce(r.name, b.name) AS name,
  d.beneficiary_id AS "beneficiaryId", d.change, d.list_id AS "listId", d.row_no AS row, l.employer_name AS "employerName",
  to_char(d.month, 'YYYY-MM') AS month, d.outcome, d.amount::text AS amount, d.rules, d.because,
  (SELECT coalesce(jsonb_agg(article), '[]') FROM unnest(d.rules) AS rule,
     jsonb_array_elements(run.citations -> rule) AS article) AS articles,
  d.facts, encode(d.digest, 'hex') AS digest
FROM decision d
JOIN support_run run ON run.id = d.run_id
LEFT JOIN support_list l ON l.id = d.list_id
LEFT JOIN list_row r ON r.list_id = d.list_id AND r.row_no = d.row_no
LEFT JOIN beneficiary b ON b.id = d.beneficiary_id`;
