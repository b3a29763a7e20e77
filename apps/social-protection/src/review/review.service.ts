import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { type Actor, scopeOf } from '@ansinh/auth';
import { addWorkingDays, todayInVietnam } from '@ansinh/calendar';
import {
  inTransaction,
  type Page,
  pageOf,
  readCursor,
  type Transaction,
  violatedConstraint,
} from '@ansinh/database';
import { type Command, Commands } from '@ansinh/idempotency';
import { ancestors, communeToday, officeCovers } from '@ansinh/places';
import { ProblemError } from '@ansinh/problem';
import { digestOf } from '../audit/record-digest.js';
import { openGrievanceStates } from '../grievance/grievance.states.js';
import { lawOf } from '../law.js';
import { type Move, moveRecord, stateAfter, writeMove } from '../moves/move-record.js';
import { termOn } from '../terms/terms.js';
import type { MeetVillage, OpenReview, ReviewsQuery, ReviewView, SignReview } from './review.dto.js';
import { reviewProblems } from './review.problems.js';
import { type ReviewMoveKind, reviewRules } from './review.states.js';
import { type LockedReview, lockReview, selectReviews, viewReview } from './review-view.js';

const meeting = 'poverty-meeting';

/** The way of a review: opened for a commune, agreed on by the village, posted, submitted, and recognised by somebody else. */
@Injectable()
export class ReviewService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly commands: Commands,
  ) {}

  /** @throws ProblemError REVIEW_DAY, REVIEW_PLACE, REVIEW_EXISTS */
  async open(input: OpenReview, command: Command): Promise<ReviewView> {
    const { year, placeCode, reviewedOn, area, households } = input;
    const { actor } = command;
    if (reviewedOn > todayInVietnam() || !reviewedOn.startsWith(`${year}-`))
      throw new ProblemError(reviewProblems.day);
    const office = communeToday(placeCode, reviewedOn);
    if (office === null || !officeCovers(actor.office, office)) throw new ProblemError(reviewProblems.place);
    const district = ancestors(placeCode, reviewedOn).find(({ level }) => level === 'district');
    return this.commands.run(command, 'poverty.review.open', async (tx) => {
      const id = uuidv7();
      await insertReview(tx, [
        id,
        year,
        placeCode,
        district?.code ?? null,
        office,
        reviewedOn,
        area,
        households,
      ]);
      await writeMove(tx, 'poverty_review', {
        id,
        number: 1,
        kind: 'opened',
        from: 'none',
        to: 'open',
        actor,
      });
      const after = await digestOf(tx, 'povertyReview', id);
      const facts = { year, placeCode, reviewedOn, households };
      return {
        result: await viewReview(tx, id),
        subject: `poverty-review/${id}`,
        before: null,
        after,
        facts,
      };
    });
  }

  async list({ year, after, limit }: ReviewsQuery, actor: Actor): Promise<Page<ReviewView>> {
    const rows = (await inTransaction(this.dataSource, scopeOf(actor), (tx) =>
      tx.query(
        `${selectReviews} WHERE ($1::uuid IS NULL OR r.id > $1) AND ($2::int IS NULL OR r.year = $2)
         ORDER BY r.id LIMIT $3`,
        [readCursor(after, 'uuid')?.[0] ?? null, year ?? null, limit + 1],
      ),
    )) as ReviewView[];
    return pageOf(rows, limit, ({ id }) => [id]);
  }

  /** @throws ProblemError REVIEW_NOT_FOUND */
  async get(id: string, actor: Actor): Promise<ReviewView> {
    return inTransaction(this.dataSource, scopeOf(actor), (tx) => viewReview(tx, id));
  }

  /**
   * The village's meeting: where enough agree, the result is posted from that day on; else households are looked at again.
   * @throws ProblemError REVIEW_NOT_FOUND, REVIEW_STATE, REVIEW_DAY, REVIEW_MEETING, REVIEW_MEETING_LAW, REVIEW_EMPTY,
   *   REVIEW_TOO_MANY, REVIEW_UNCLASSIFIED
   */
  async meet(id: string, input: MeetVillage, command: Command): Promise<ReviewView> {
    const { heldOn, minutes, present, agreed } = input;
    if (agreed > present) throw new ProblemError(reviewProblems.meeting);
    return this.change(id, command, 'poverty.review.meet', async (tx, review) => {
      requireState(review, 'posted');
      if (heldOn > todayInVietnam() || heldOn < review.reviewedOn) throw new ProblemError(reviewProblems.day);
      await requireClassified(tx, review);
      const said = (await lawOf(tx)).evaluate(meeting, { present, agreed }, heldOn);
      if (said.answer === null) {
        const rows = said.unconfirmed.map(({ row }) => row).join(', ');
        throw new ProblemError(reviewProblems.meetingLaw, { detail: { vi: rows, en: rows } });
      }
      const isAgreed = said.answer === 'agreed';
      const move = { paper: minutes, note: `${agreed}/${present}` };
      if (isAgreed) {
        const until = addWorkingDays(heldOn, termOn('povertyPosting', heldOn)!.workingDays);
        await this.move(tx, review, { ...move, kind: 'posted', set: { posted_until: until } }, command);
      } else await this.move(tx, review, { ...move, kind: 'disagreed' }, command);
      return { heldOn, minutes, present, agreed, answer: said.answer };
    });
  }

  /** A complaint was right, or something else has to be looked at again. @throws ProblemError REVIEW_NOT_FOUND, REVIEW_STATE */
  async reopen(id: string, reason: string, command: Command): Promise<ReviewView> {
    return this.change(id, command, 'poverty.review.reopen', async (tx, review) => {
      await this.move(tx, review, { kind: 'reopened', note: reason, set: { posted_until: null } }, command);
      return { reason };
    });
  }

  /** @throws ProblemError REVIEW_NOT_FOUND, REVIEW_STATE, REVIEW_POSTED, REVIEW_CONTESTED */
  async submit(id: string, command: Command): Promise<ReviewView> {
    return this.change(id, command, 'poverty.review.submit', async (tx, review) => {
      requireState(review, 'submitted');
      if (todayInVietnam() <= review.postedUntil!) throw new ProblemError(reviewProblems.posted);
      await requireUncontested(tx, id);
      const digest = await digestOfHouseholds(tx, id);
      await this.move(tx, review, { kind: 'submitted', set: { digest } }, command);
      return { digest };
    });
  }

  /** @throws ProblemError REVIEW_NOT_FOUND, REVIEW_STATE, REVIEW_DIGEST, REVIEW_OWN */
  async approve(id: string, { digest, decision }: SignReview, command: Command): Promise<ReviewView> {
    return this.change(id, command, 'poverty.review.approve', async (tx, review) => {
      requireState(review, 'approved');
      if (review.digest !== digest) throw new ProblemError(reviewProblems.digest);
      await this.move(tx, review, { kind: 'approved', paper: decision }, command);
      return { digest, decision };
    });
  }

  /** @throws ProblemError REVIEW_NOT_FOUND, REVIEW_STATE */
  async reject(id: string, reason: string, command: Command): Promise<ReviewView> {
    return this.change(id, command, 'poverty.review.reject', async (tx, review) => {
      const set = { digest: null, posted_until: null };
      await this.move(tx, review, { kind: 'rejected', note: reason, set }, command);
      return { reason };
    });
  }

  /** The database refuses an approval by a maker. @throws ProblemError REVIEW_STATE, REVIEW_OWN */
  private async move(
    tx: Transaction,
    review: LockedReview,
    move: Move & { kind: ReviewMoveKind; set?: Record<string, string | null> },
    { actor }: Command,
  ): Promise<void> {
    const to = stateAfter(reviewRules, review.state, move.kind);
    if (to === undefined) throw new ProblemError(reviewProblems.state);
    try {
      await moveRecord(tx, 'poverty_review', review, { ...move, to, actor });
    } catch (error) {
      if (violatedConstraint(error) === 'reviewer_is_not_checker') throw new ProblemError(reviewProblems.own);
      throw error;
    }
  }

  private async change(
    id: string,
    command: Command,
    verb: string,
    work: (tx: Transaction, review: LockedReview) => Promise<Record<string, unknown>>,
  ): Promise<ReviewView> {
    return this.commands.run(command, verb, async (tx) => {
      const review = await lockReview(tx, id);
      const before = await digestOf(tx, 'povertyReview', id);
      const facts = await work(tx, review);
      const after = await digestOf(tx, 'povertyReview', id);
      return { result: await viewReview(tx, id), subject: `poverty-review/${id}`, before, after, facts };
    });
  }
}

/** @throws ProblemError REVIEW_STATE */
function requireState({ state }: LockedReview, kind: ReviewMoveKind): void {
  if (stateAfter(reviewRules, state, kind) === undefined) throw new ProblemError(reviewProblems.state);
}

/** @throws ProblemError REVIEW_EXISTS */
async function insertReview(tx: Transaction, values: unknown[]): Promise<void> {
  try {
    await tx.query(
      `INSERT INTO poverty_review (id, year, place_code, district_code, office_code, reviewed_on, area, households, state)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'open')`,
      values,
    );
  } catch (error) {
    if (violatedConstraint(error) === 'poverty_review_once') throw new ProblemError(reviewProblems.once);
    throw error;
  }
}

/** @throws ProblemError REVIEW_EMPTY, REVIEW_TOO_MANY, REVIEW_UNCLASSIFIED */
async function requireClassified(tx: Transaction, { id, households }: LockedReview): Promise<void> {
  const { reviewed, unclassified } = await viewReview(tx, id);
  if (reviewed === 0) throw new ProblemError(reviewProblems.empty);
  if (reviewed > households) throw new ProblemError(reviewProblems.tooMany);
  if (unclassified > 0) throw new ProblemError(reviewProblems.unclassified);
}

/** @throws ProblemError REVIEW_CONTESTED */
async function requireUncontested(tx: Transaction, id: string): Promise<void> {
  const open = (await tx.query(
    `SELECT FROM grievance g JOIN reviewed_household h ON h.id = g.household_id
     WHERE h.review_id = $1 AND g.state = ANY ($2) LIMIT 1`,
    [id, openGrievanceStates],
  )) as object[];
  if (open.length > 0) throw new ProblemError(reviewProblems.contested);
}

/** Of the number of all households and of every class that counts, in the order of the heads' keys. */
export async function digestOfHouseholds(tx: Transaction, id: string): Promise<string> {
  const [row] = (await tx.query(
    `SELECT encode(sha256(convert_to(r.households::text, 'UTF8')
       || (SELECT string_agg(uuid_send(person_key) || h.digest, ''::bytea ORDER BY person_key)
           FROM reviewed_household h WHERE h.review_id = r.id AND is_current)), 'hex') AS digest
     FROM poverty_review r WHERE id = $1`,
    [id],
  )) as { digest: string }[];
  return row!.digest;
}
