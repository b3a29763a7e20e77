import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { type Actor, scopeOf } from '@ansinh/auth';
import { todayInVietnam } from '@ansinh/calendar';
import { inTransaction, type Page, pageOf, readCursor, type Transaction } from '@ansinh/database';
import { pagesByParent } from '@ansinh/graphql';
import { type Command, Commands, type Effect } from '@ansinh/idempotency';
import type { LoanState } from '@ansinh/loans';
import { findPlace, officeCovers } from '@ansinh/places';
import { problems, ProblemError } from '@ansinh/problem';
import type { Text } from '@ansinh/language';
import type { Policy } from '@ansinh/policy';
import { digestsOf } from '../audit/record-digest.js';
import { lawOf } from '../law/law.js';
import { type FactFault, faultsOf, nameOfFact } from '../law/law-facts.js';
import { applicationOf, isBorrowerRefused, lendingLaw } from '../law/lending-law.js';
import type { ApplyForLoan, LoanFilter, LoanHistory, LoanView, ProjectWorker } from './loan.dto.js';
import { loanProblems } from './loan.problems.js';
import { eachRow, type Refuse, refuseAlone, refuseOfList } from './listed-rows.js';
import { findLoan, loanColumns, type LoanRow, productOn, viewOf } from './loan-rows.js';

@Injectable()
export class LoanService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly commands: Commands,
  ) {}

  /**
   * Takes an application. What it asks for is kept as it was asked for; what is granted comes with the appraisal.
   * @throws ProblemError LOAN_PLACE, LOAN_PRODUCT, LOAN_BORROWER, INVALID_REQUEST
   */
  async apply(input: ApplyForLoan, command: Command): Promise<LoanView> {
    return this.commands.run(
      command,
      'loan.apply',
      async (tx) => (await takeApplications(tx, [input], refuseAlone, command.actor))[0]!,
    );
  }

  /** The applications of a list, all of them or none. @throws ProblemError the same, with the `row` of the list that it stands in */
  async applyAll(rows: readonly ApplyForLoan[], command: Command): Promise<LoanView[]> {
    return this.commands.runMany(command, 'loan.apply', (tx) =>
      takeApplications(tx, rows, refuseOfList, command.actor),
    );
  }

  async get(id: string, actor: Actor): Promise<LoanView> {
    return viewOf(await inTransaction(this.dataSource, scopeOf(actor), (tx) => findLoan(tx, id)));
  }

  async byIds(ids: readonly string[], actor: Actor): Promise<Map<string, LoanView>> {
    const rows = (await inTransaction(this.dataSource, scopeOf(actor), (tx) =>
      tx.query(`SELECT ${loanColumns} FROM loan WHERE id = ANY($1::uuid[])`, [ids]),
    )) as LoanRow[];
    return new Map(rows.map((row) => [row.id, viewOf(row)]));
  }

  /** The oldest is on top. */
  async list(filter: LoanFilter, actor: Actor): Promise<Page<LoanView>> {
    const after = readCursor(filter.after, 'uuid')?.[0] ?? null;
    const rows = (await inTransaction(this.dataSource, scopeOf(actor), (tx) =>
      tx.query(
        `SELECT ${loanColumns} FROM loan
         WHERE ($1::uuid IS NULL OR id > $1) AND ($2::text IS NULL OR state = $2)
           AND ($3::text IS NULL OR product_code = $3) AND ($4::text IS NULL OR place_code = $4)
           AND ($5::text IS NULL OR code = $5)
         ORDER BY id LIMIT $6`,
        [
          after,
          filter.state ?? null,
          filter.productCode ?? null,
          filter.placeCode ?? null,
          filter.code ?? null,
          filter.limit + 1,
        ],
      ),
    )) as LoanRow[];
    return pageOf(rows.map(viewOf), filter.limit, ({ id }) => [id]);
  }

  /** A page of the loans of each borrower, the newest first. */
  async ofBorrowers(
    column: 'person_id' | 'employer_id',
    ids: readonly string[],
    { limit, after }: { limit: number; after?: string },
    actor: Actor,
  ): Promise<Map<string, Page<LoanView>>> {
    const rows = (await inTransaction(this.dataSource, scopeOf(actor), (tx) =>
      tx.query(
        `SELECT parent.id AS parent_id, child.* FROM unnest($1::uuid[]) AS parent (id)
         LEFT JOIN LATERAL (
           SELECT ${loanColumns} FROM loan
           WHERE ${column} = parent.id AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3) child ON true
         ORDER BY child.id DESC`,
        [ids, readCursor(after, 'uuid')?.[0] ?? null, limit + 1],
      ),
    )) as (LoanRow & { parent_id: string })[];
    const found = rows.map(({ parent_id: parentId, ...row }) => ({
      parentId,
      child: row.id === null ? undefined : viewOf(row),
    }));
    return pagesByParent(found, limit, ({ id }) => [id]);
  }

  /** Everything that was decided about a loan, whose jobs it is for, and what went out. */
  async history(id: string, actor: Actor): Promise<LoanHistory> {
    return inTransaction(this.dataSource, scopeOf(actor), async (tx) => {
      await findLoan(tx, id);
      const moves = (await tx.query(
        `SELECT number, kind, to_state AS state, at, decision, decided_on::text AS decided_on, note, actor_name
         FROM loan_move WHERE loan_id = $1 ORDER BY number`,
        [id],
      )) as MoveRow[];
      const workers = (await tx.query(
        `SELECT person_id AS "personId", name, kind FROM loan_worker WHERE loan_id = $1 ORDER BY name, person_id`,
        [id],
      )) as ProjectWorker[];
      const counted = (await tx.query(
        'SELECT person_id AS id FROM loan_job WHERE loan_id = $1 ORDER BY person_id',
        [id],
      )) as { id: string }[];
      const disbursements = (await tx.query(
        `SELECT number, amount, state, settled_on::text AS "settledOn", reason
         FROM disbursement WHERE loan_id = $1 ORDER BY number`,
        [id],
      )) as LoanHistory['disbursements'];
      return { moves: moves.map(moveView), workers, counted: counted.map((job) => job.id), disbursements };
    });
  }
}

interface MoveRow {
  number: number;
  kind: string;
  state: LoanState;
  at: Date;
  decision: string | null;
  decided_on: string | null;
  note: string | null;
  actor_name: string;
}

const moveView = ({ decision, decided_on, note, at, actor_name, ...move }: MoveRow) => ({
  ...move,
  at: at.toISOString(),
  decision: decision === null ? null : { number: decision, on: decided_on!, note: note ?? undefined },
  actorName: actor_name,
});

/** Somebody of the register, and one only: a loan is found again by who owes it. */
function requireBorrower({ borrower: { kind, personId, employerId } }: ApplyForLoan): void {
  const isWorker = kind === 'worker';
  if ((personId === undefined) !== (employerId === undefined) && (!isWorker || personId)) return;
  throw new ProblemError(problems.invalidRequest, {
    errors: [
      {
        pointer: '/borrower/personId',
        code: 'BORROWER',
        detail: {
          vi: 'Người vay là một cá nhân hoặc một cơ sở trong sổ; người lao động là cá nhân.',
          en: 'The borrower is one person or one employer of the register; a worker is a person.',
        },
      },
    ],
  });
}

/** @throws ProblemError INVALID_REQUEST for facts that the law does not ask of this product, or asks and does not get */
function requireFacts({ productCode, facts }: ApplyForLoan): void {
  const faults = faultsOf(productCode, facts);
  if (faults.length === 0) return;
  throw new ProblemError(problems.invalidRequest, {
    errors: faults.map(({ code, fact, index }) => ({
      pointer: index === null ? '/facts' : `/facts/${index}/${code === 'FACT_VALUE' ? 'value' : 'fact'}`,
      code,
      detail: factDetails[code](nameOfFact(fact)),
    })),
  });
}

const factDetails: Record<FactFault, (name: Text) => Text> = {
  FACT_MISSING: ({ vi, en }) => ({ vi: `Hồ sơ thiếu: ${vi}.`, en: `The application does not tell: ${en}.` }),
  FACT_NOT_ASKED: ({ vi, en }) => ({
    vi: `Chương trình này không xét: ${vi}.`,
    en: `This product does not ask for: ${en}.`,
  }),
  FACT_VALUE: ({ vi, en }) => ({
    vi: `Giá trị không hợp lệ: ${vi}.`,
    en: `The value makes no sense: ${en}.`,
  }),
};

/** @throws ProblemError LOAN_PLACE, LOAN_PRODUCT, LOAN_BORROWER, INVALID_REQUEST */
function requireLendable(input: ApplyForLoan, policy: Policy, actor: Actor): void {
  const today = todayInVietnam();
  const place = findPlace(input.placeCode, today);
  if (place?.level !== 'commune' || !officeCovers(actor.office, input.placeCode))
    throw new ProblemError(loanProblems.placeNotOurs);
  productOn(input.productCode, today);
  requireBorrower(input);
  // Which product is whose; whether the law lends to him, the policy says.
  if ((input.borrower.kind === 'worker') !== (input.productCode !== 'EL-ESTABLISHMENT'))
    throw new ProblemError(loanProblems.borrower);
  requireFacts(input);
  const { productCode, borrower, amount, project, workers, facts } = input;
  const application = applicationOf(
    { product_code: productCode, borrower_kind: borrower.kind, amount, project, law_facts: facts },
    workers.length,
  );
  const { ceiling } = lendingLaw(
    policy,
    { ...application, isConfirmed: undefined, isEligible: undefined },
    today,
  );
  if (isBorrowerRefused(ceiling)) throw new ProblemError(loanProblems.borrower);
}

async function takeApplications(
  tx: Transaction,
  inputs: readonly ApplyForLoan[],
  refuse: Refuse,
  actor: Actor,
): Promise<Effect<LoanView>[]> {
  const policy = await lawOf(tx);
  const applications = eachRow(inputs, refuse, (input): Application => {
    requireLendable(input, policy, actor);
    return { ...input, id: uuidv7() };
  });
  const loans = await insertLoans(tx, applications, actor);
  const after = await digestsOf(tx, 'loan', [...loans.keys()]);
  return applications.map(({ id, amount, termMonths, productCode, workers }) => {
    const loan = loans.get(id)!;
    return {
      result: viewOf(loan),
      subject: `loan/${loan.code}`,
      before: null,
      after: after.get(id)!,
      facts: { productCode, amount, termMonths, workers: workers.length },
    };
  });
}

type Application = ApplyForLoan & { id: string };

/** In the order of the list, which their codes are in as well. */
async function insertLoans(
  tx: Transaction,
  applications: readonly Application[],
  actor: Actor,
): Promise<Map<string, LoanRow>> {
  const of = <T>(value: (application: Application) => T) => applications.map(value);
  const ids = of(({ id }) => id);
  const rows = (await tx.query(
    `INSERT INTO loan (id, product_code, place_code, office_code, borrower_kind, borrower_name, person_id, employer_id,
                       law_facts, amount, term_months, project)
     SELECT id, product_code, place_code, $12, borrower_kind, borrower_name, person_id, employer_id, law_facts, amount,
       term_months, project
     FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::uuid[], $7::uuid[], $8::jsonb[],
         $9::bigint[], $10::int[], $11::jsonb[]) WITH ORDINALITY
       AS asked (id, product_code, place_code, borrower_kind, borrower_name, person_id, employer_id, law_facts, amount,
         term_months, project, place)
     ORDER BY place RETURNING ${loanColumns}`,
    [
      ids,
      of(({ productCode }) => productCode),
      of(({ placeCode }) => placeCode),
      of(({ borrower }) => borrower.kind),
      of(({ borrower }) => borrower.name.normalize('NFC')),
      of(({ borrower }) => borrower.personId ?? null),
      of(({ borrower }) => borrower.employerId ?? null),
      of(({ facts }) => JSON.stringify(facts)),
      of(({ amount }) => amount),
      of(({ termMonths }) => termMonths),
      of(({ project }) => JSON.stringify(project)),
      actor.office,
    ],
  )) as LoanRow[];
  await tx.query(
    `INSERT INTO loan_move (loan_id, number, kind, to_state, actor_id, actor_name)
     SELECT id, 1, 'apply', 'applied', $2, $3 FROM unnest($1::uuid[]) AS id`,
    [ids, actor.id, actor.name],
  );
  const workers = applications.flatMap(({ id, workers: named }) => named.map((each) => ({ id, ...each })));
  await tx.query(
    `INSERT INTO loan_worker (loan_id, person_id, name, kind)
     SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[])`,
    [
      workers.map(({ id }) => id),
      workers.map(({ personId }) => personId),
      workers.map(({ name }) => name.normalize('NFC')),
      workers.map(({ kind }) => kind),
    ],
  );
  return new Map(rows.map((row) => [row.id, row]));
}
