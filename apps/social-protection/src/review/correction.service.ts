import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { type Actor, scopeOf } from '@ansinh/auth';
import { asSystem, inTransaction, type Transaction, violatedConstraint } from '@ansinh/database';
import { type Command, Commands } from '@ansinh/idempotency';
import { isCitizenNumber, normaliseName } from '@ansinh/identity';
import { ProblemError } from '@ansinh/problem';
import { Sealer } from '@ansinh/sealing';
import { digestOf } from '../audit/record-digest.js';
import { beginToState } from '../beneficiary/stating.js';
import { instant } from '../instant.sql.js';
import { lawOf } from '../law.js';
import { type Move, moveRecord, stateAfter, writeMove } from '../moves/move-record.js';
import { classify, enterHouseholds } from './enter-households.js';
import { ofForm } from './household.service.js';
import type { CorrectionList, CorrectionView, ProposeCorrection } from './review.dto.js';
import { reviewProblems } from './review.problems.js';
import { type CorrectionMoveKind, correctionRules } from './review.states.js';
import { digestOfHouseholds } from './review.service.js';
import { lockReview, viewReview } from './review-view.js';

/** Whose law asks whether a household is poor. */
const programme = 'monthly-allowance';

/** Households of approved reviews, corrected one by one: proposed by one, approved by another; what was found before stays to be read. */
@Injectable()
export class CorrectionService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly commands: Commands,
    private readonly sealer: Sealer,
  ) {}

  /** @throws ProblemError REVIEW_NOT_FOUND, REVIEW_STATE, REVIEW_FORM, REVIEW_UNCLASSIFIED, REVIEWED_ELSEWHERE */
  async propose(
    reviewId: string,
    { reason, paper, ...input }: ProposeCorrection,
    command: Command,
  ): Promise<CorrectionView> {
    if (!isCitizenNumber(input.citizenNumber)) throw new ProblemError(reviewProblems.form);
    const key = this.sealer.lookupKey('payee', input.citizenNumber);
    return this.commands.run(command, 'poverty.correction.propose', async (tx) => {
      const { actor } = command;
      const review = await lockReview(tx, reviewId);
      if (review.state !== 'approved') throw new ProblemError(reviewProblems.state);
      const { year, officeCode, reviewedOn, area } = review;
      const of = { reviewId, year, officeCode, reviewedOn, area, actor, sealer: this.sealer };
      const taking = { ...of, listId: null, policy: await lawOf(tx), isCorrection: true };
      const decision = ofForm(() => classify(input.facts, taking));
      if (decision.outcome !== 'granted') throw new ProblemError(reviewProblems.unclassified);
      const household = { ...input, name: normaliseName(input.name), row: null, key, decision };
      const {
        ids: [householdId],
      } = await enterHouseholds(tx, taking, [household]);
      if (householdId === undefined) throw new ProblemError(reviewProblems.elsewhere);
      const id = uuidv7();
      await tx.query(
        `INSERT INTO review_correction (id, review_id, household_id, replaces_id, reason, paper, state)
         SELECT $1, $2, $3, (SELECT id FROM reviewed_household WHERE review_id = $2 AND person_key = $4 AND is_current), $5, $6, 'proposed'`,
        [id, reviewId, householdId, key, reason, paper],
      );
      const first = { number: 1, kind: 'proposed', from: 'none', to: 'proposed', paper, note: reason };
      await writeMove(tx, 'review_correction', { id, actor, ...first });
      const after = await digestOf(tx, 'reviewCorrection', id);
      const [result] = await viewsOf(tx, 'c.id = $1', id);
      return {
        result: result!,
        subject: `review-correction/${id}`,
        before: null,
        after,
        facts: { reviewId },
      };
    });
  }

  /** @throws ProblemError REVIEW_NOT_FOUND */
  async ofReview(reviewId: string, actor: Actor): Promise<CorrectionList> {
    return inTransaction(this.dataSource, scopeOf(actor), async (tx) => {
      await viewReview(tx, reviewId);
      return { items: await viewsOf(tx, 'c.review_id = $1', reviewId) };
    });
  }

  /**
   * From now on the household counts as corrected: in rates, and to the registry, which is told by another move of the review. Where the
   * class of before was stated of the head in the register, for months from the review's on, the right one is stated from the same months
   * on, and the next month shows what was paid too much, or is short.
   * @throws ProblemError REVIEW_CORRECTION_NOT_FOUND, REVIEW_CORRECTION_STATE, REVIEW_CORRECTION_OUTDATED, REVIEW_OWN,
   *   REVIEWED_ELSEWHERE, REVIEW_TOO_MANY
   */
  async approve(id: string, decision: string, command: Command): Promise<CorrectionView> {
    return this.move(id, { kind: 'approved', paper: decision }, command, async (tx, correction) => {
      const { reviewId, householdId, replacesId } = correction;
      const review = await lockReview(tx, reviewId);
      const number = review.moves + 1;
      const move = { kind: 'corrected', to: 'approved', paper: decision, actor: command.actor };
      await moveRecord(tx, 'poverty_review', review, move);
      const [gone] = (await tx.query(
        'UPDATE reviewed_household SET is_current = false WHERE id = $1 AND is_current RETURNING id',
        [replacesId],
      )) as [object[], number];
      if (replacesId !== null && gone.length === 0) throw new ProblemError(reviewProblems.correctionOutdated);
      await countFrom(tx, householdId, number);
      const { reviewed, households } = await viewReview(tx, reviewId);
      if (reviewed > households) throw new ProblemError(reviewProblems.tooMany);
      await tx.query('UPDATE poverty_review SET digest = $2 WHERE id = $1', [
        reviewId,
        await digestOfHouseholds(tx, reviewId),
      ]);
      const restated = await restate(tx, correction, decision, command.actor);
      return { reviewId, householdId, replacesId, restated };
    });
  }

  /** @throws ProblemError REVIEW_CORRECTION_NOT_FOUND, REVIEW_CORRECTION_STATE */
  async end(
    id: string,
    kind: 'rejected' | 'withdrawn',
    reason: string,
    command: Command,
  ): Promise<CorrectionView> {
    return this.move(id, { kind, note: reason }, command, () => Promise.resolve({ reason }));
  }

  private async move(
    id: string,
    move: Move & { kind: CorrectionMoveKind },
    command: Command,
    work: (tx: Transaction, correction: LockedCorrection) => Promise<Record<string, unknown>>,
  ): Promise<CorrectionView> {
    return this.commands.run(command, `poverty.correction.${move.kind}`, async (tx) => {
      const [correction] = (await tx.query(
        `SELECT id, review_id AS "reviewId", household_id AS "householdId", replaces_id AS "replacesId", reason, state, moves
         FROM review_correction WHERE id = $1 FOR UPDATE`,
        [id],
      )) as LockedCorrection[];
      if (!correction) throw new ProblemError(reviewProblems.correctionNotFound);
      const to = stateAfter(correctionRules, correction.state, move.kind);
      if (to === undefined) throw new ProblemError(reviewProblems.correctionState);
      const before = await digestOf(tx, 'reviewCorrection', id);
      try {
        await moveRecord(tx, 'review_correction', correction, { ...move, to, actor: command.actor });
      } catch (error) {
        if (violatedConstraint(error) === 'corrector_is_not_checker')
          throw new ProblemError(reviewProblems.own);
        throw error;
      }
      const facts = await work(tx, correction);
      const after = await digestOf(tx, 'reviewCorrection', id);
      const [result] = await viewsOf(tx, 'c.id = $1', id);
      return { result: result!, subject: `review-correction/${id}`, before, after, facts };
    });
  }
}

interface LockedCorrection {
  id: string;
  reviewId: string;
  householdId: string;
  replacesId: string | null;
  reason: string;
  state: string;
  moves: number;
}

/** @throws ProblemError REVIEWED_ELSEWHERE where the head counts by another record by now */
async function countFrom(tx: Transaction, householdId: string, number: number): Promise<void> {
  try {
    await tx.query('UPDATE reviewed_household SET is_current = true, since_move = $2 WHERE id = $1', [
      householdId,
      number,
    ]);
  } catch (error) {
    if (violatedConstraint(error) === 'reviewed_household_once')
      throw new ProblemError(reviewProblems.elsewhere);
    throw error;
  }
}

/** The class that a review found, as the law of allowances names it. @param household alias, as SQL */
const classInRegister = (household: string) =>
  `CASE ${household}.class WHEN 'notPoor' THEN 'other' ELSE ${household}.class END`;

/** Months that were decided by the class of before are looked at again by the next run. @returns beneficiaries of whom it is stated */
async function restate(
  tx: Transaction,
  { householdId, replacesId }: LockedCorrection,
  decision: string,
  actor: Actor,
): Promise<string[]> {
  await beginToState(tx, programme);
  // The head may have his allowance in another office than that of the review.
  const stated = (await asSystem(tx, () =>
    tx.query(
      `INSERT INTO beneficiary_statement (id, beneficiary_id, applies_from, facts, basis, recorded_by, recorded_by_name)
       SELECT uuidv7(), b.id, made.applies_from, jsonb_build_object('household', made.class), $3, $4, $5
       FROM reviewed_household household
       JOIN poverty_review review ON review.id = household.review_id
       JOIN reviewed_household before ON before.id = $2 AND before.class <> household.class
       JOIN beneficiary b ON b.programme = $6 AND b.person_key = household.person_key
       -- What a later review found stands: from its month on the register says what it said.
       CROSS JOIN LATERAL (
         SELECT date_trunc('month', review.reviewed_on)::date AS month, date_trunc('month', min(later.reviewed_on))::date AS until
         FROM reviewed_household newer JOIN poverty_review later ON later.id = newer.review_id AND later.state = 'approved'
         WHERE newer.person_key = household.person_key AND newer.is_current AND later.reviewed_on > review.reviewed_on) counts
       -- Each month goes by the statement from the latest month before it.
       CROSS JOIN LATERAL (
         SELECT DISTINCT ON (applies_from) applies_from, facts->>'household' AS class,
           lead(applies_from) OVER (ORDER BY applies_from, id) AS until
         FROM beneficiary_statement WHERE beneficiary_id = b.id AND facts ? 'household' ORDER BY applies_from, id DESC) stated
       CROSS JOIN LATERAL (
         SELECT greatest(stated.applies_from, counts.month) AS applies_from, ${classInRegister('household')} AS class
         UNION ALL SELECT counts.until, stated.class WHERE counts.until < coalesce(stated.until, 'infinity')) made
       WHERE household.id = $1 AND stated.class = ${classInRegister('before')} AND coalesce(stated.until, 'infinity') > counts.month
         AND stated.applies_from < coalesce(counts.until, 'infinity')
       RETURNING beneficiary_id AS id`,
      [householdId, replacesId, `Đính chính kết quả rà soát: ${decision}`, actor.id, actor.name, programme],
    ),
  )) as { id: string }[];
  return [...new Set(stated.map(({ id }) => id))];
}

const viewsOf = async (tx: Transaction, condition: string, id: string) =>
  (await tx.query(
    `SELECT c.id, c.review_id AS "reviewId", c.household_id AS "householdId", c.replaces_id AS "replacesId", c.reason, c.paper, c.state,
       household.name, before.class AS "classBefore", household.class,
       (SELECT jsonb_agg(jsonb_build_object('kind', kind, 'paper', paper, 'note', note, 'by', actor_name,
          'at', ${instant('at')}) ORDER BY number) FROM review_correction_move WHERE record_id = c.id) AS moves
     FROM review_correction c JOIN reviewed_household household ON household.id = c.household_id
     LEFT JOIN reviewed_household before ON before.id = c.replaces_id WHERE ${condition} ORDER BY c.id`,
    [id],
  )) as CorrectionView[];
