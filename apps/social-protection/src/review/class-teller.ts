import { createHash } from 'node:crypto';
import { Inject, Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import type { HouseholdClasses, RegistryClient } from '@ansinh/client';
import { inTransaction } from '@ansinh/database';
import type { Chore } from '@ansinh/service';

export const registryClient = Symbol('registry');

/** Households of one request: a second of the registry's work at the most. */
const householdsPerStep = 500;

interface ReviewToTell {
  id: string;
  /** Number of the move by which it was recognised, or corrected: what was corrected is told by its own decision. */
  approval: number;
  isCorrected: boolean;
  year: number;
  officeCode: string;
  /** The decision, and who made it. */
  basis: string;
  actorId: string;
  actorName: string;
  /** The last household that was told. */
  after: string | null;
}

interface HouseholdToTell {
  id: string;
  personKey: string;
  class: 'poor' | 'nearPoor' | 'notPoor';
}

/**
 * Tells the registry what an approved review found, in the name of who recognised it. How far it came stands in a row: whoever is
 * killed between an answer and its note tells the same households again, which the registry leaves as they are.
 */
@Injectable()
export class ClassTeller implements OnModuleDestroy {
  private readonly logger = new Logger('class-teller');
  readonly chore: Chore = { pauseMs: 5_000, work: () => this.tellDue() };
  private isStopping = false;

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(registryClient) private readonly registry: RegistryClient | null,
  ) {}

  onModuleDestroy(): void {
    this.isStopping = true;
  }

  async tellDue(): Promise<void> {
    if (!this.registry) return;
    for (const review of await this.reviewsToTell()) {
      try {
        let after = review.after;
        do after = await this.step(this.registry, { ...review, after });
        while (after !== null && !this.isStopping);
      } catch (error) {
        // The next round goes on with it; other reviews need not wait for that.
        this.logger.error(error, `the registry is not told of review ${review.id}`);
      }
    }
  }

  private async reviewsToTell(): Promise<ReviewToTell[]> {
    return (await inTransaction(this.dataSource, 'system', (tx) =>
      tx.query(
        `SELECT r.id, move.number AS approval, move.kind = 'corrected' AS "isCorrected", r.year, r.office_code AS "officeCode", move.paper AS basis,
           move.actor_id AS "actorId", move.actor_name AS "actorName", told.last_household AS after
         FROM poverty_review r
         JOIN poverty_review_move move ON move.record_id = r.id AND move.kind IN ('approved', 'corrected')
         LEFT JOIN review_telling told ON told.review_id = r.id AND told.approval = move.number
         WHERE r.state = 'approved' AND told.finished_at IS NULL ORDER BY move.at, r.id`,
      ),
    )) as ReviewToTell[];
  }

  /** @returns the household that was told last; null when there is no other */
  private async step(registry: RegistryClient, review: ReviewToTell): Promise<string | null> {
    const households = await this.nextHouseholds(review);
    const last = households.at(-1)?.id ?? null;
    const answer =
      last === null
        ? null
        : await registry.householdClasses.record(classesOf(review, households), {
            idempotencyKey: keyOf(review),
            onBehalfOf: { id: review.actorId, office: review.officeCode, name: review.actorName },
          });
    const isOver = households.length < householdsPerStep;
    await inTransaction(this.dataSource, 'system', (tx) =>
      tx.query(
        // Where another worker has noted this step, nothing is counted twice.
        `INSERT INTO review_telling AS told (review_id, approval, last_household, told, unknown, finished_at)
         VALUES ($1, $2, $4, $5, $6, CASE WHEN $7 THEN clock_timestamp() END)
         ON CONFLICT (review_id, approval) DO UPDATE SET last_household = coalesce($4, told.last_household),
           told = told.told + $5, unknown = told.unknown + $6, finished_at = excluded.finished_at
         WHERE told.last_household IS NOT DISTINCT FROM $3`,
        [
          review.id,
          review.approval,
          review.after,
          last,
          households.length - (answer?.unknown.length ?? 0),
          answer?.unknown.length ?? 0,
          isOver,
        ],
      ),
    );
    return isOver ? null : last;
  }

  private async nextHouseholds({
    id,
    approval,
    isCorrected,
    after,
  }: ReviewToTell): Promise<HouseholdToTell[]> {
    return (await inTransaction(this.dataSource, 'system', (tx) =>
      tx.query(
        `SELECT id, person_key AS "personKey", class FROM reviewed_household
         WHERE review_id = $1 AND is_current AND since_move IS NOT DISTINCT FROM $4::int
           AND ($2::uuid IS NULL OR id > $2) ORDER BY id LIMIT $3`,
        [id, after, householdsPerStep, isCorrected ? approval : null],
      ),
    )) as HouseholdToTell[];
  }
}

const classesOf = (
  { year, basis }: ReviewToTell,
  households: readonly HouseholdToTell[],
): HouseholdClasses => ({
  year,
  basis,
  households: households.map(({ personKey, class: found }) => ({
    personKey,
    class: found === 'notPoor' ? 'neither' : found,
  })),
});

/** The same for the same step, so that a repeated request is answered as the first was. */
const keyOf = ({ id, approval, after }: ReviewToTell) =>
  createHash('sha256').update(`${id} ${approval} ${after}`).digest('hex');
