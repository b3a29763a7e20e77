import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { type Actor, scopeOf } from '@ansinh/auth';
import { inTransaction } from '@ansinh/database';
import { findPlace } from '@ansinh/places';
import { declaredFacts, indicators } from './household-row.js';
import type { Deprivation, PovertyRate } from './rate.dto.js';

/** What the approved reviews of a year come to. Everything is counted from the rows, for what the caller sees. */
@Injectable()
export class RateService {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** Of communes, then districts, where there were any, then of all. */
  async ofYear(year: number, actor: Actor): Promise<PovertyRate[]> {
    const rows = (await inTransaction(this.dataSource, scopeOf(actor), (tx) =>
      tx.query(
        `SELECT CASE WHEN grouping(place_code) = 0 THEN 'commune' WHEN grouping(district_code) = 0 THEN 'district' ELSE 'all' END AS level,
           CASE WHEN grouping(place_code) = 0 THEN place_code WHEN grouping(district_code) = 0 THEN district_code END AS "placeCode",
           sum(households)::int AS households, sum(poor)::int AS poor, sum(near_poor)::int AS "nearPoor",
           sum(poor_people)::int AS "poorPeople",
           round(sum(poor) * 100::numeric / sum(households), 2)::text AS "poorPercent",
           round(sum(near_poor) * 100::numeric / sum(households), 2)::text AS "nearPoorPercent",
           max(reviewed_on)::text AS "reviewedOn"
         FROM (
           SELECT r.place_code, r.district_code, r.households, r.reviewed_on, found.*
           FROM poverty_review r CROSS JOIN LATERAL (
             SELECT count(*) FILTER (WHERE class = 'poor') AS poor, count(*) FILTER (WHERE class = 'nearPoor') AS near_poor,
               coalesce(sum(members) FILTER (WHERE class = 'poor'), 0) AS poor_people
             FROM reviewed_household WHERE review_id = r.id AND is_current) found
           WHERE r.year = $1 AND r.state = 'approved') counted
         GROUP BY GROUPING SETS ((district_code, place_code), (district_code), ())
         HAVING count(*) > 0 AND (grouping(district_code) = 1 OR grouping(place_code) = 0 OR district_code IS NOT NULL)
         ORDER BY grouping(place_code), grouping(district_code), 2`,
        [year],
      ),
    )) as (Omit<PovertyRate, 'placeName'> & { reviewedOn: string })[];
    return rows.map(({ reviewedOn, ...rate }) => ({
      ...rate,
      placeName: rate.placeCode && (findPlace(rate.placeCode, reviewedOn)?.name ?? null),
    }));
  }

  /** How many poor and near-poor households lack what, every indicator of the form. */
  async deprivations(year: number, actor: Actor): Promise<Deprivation[]> {
    const rows = (await inTransaction(this.dataSource, scopeOf(actor), (tx) =>
      tx.query(
        `SELECT indicator, count(h.id) FILTER (WHERE h.class = 'poor')::int AS poor,
           count(h.id) FILTER (WHERE h.class = 'nearPoor')::int AS "nearPoor"
         FROM unnest($2::text[]) WITH ORDINALITY AS asked (indicator, number)
         LEFT JOIN (reviewed_household h JOIN poverty_review r ON r.id = h.review_id AND r.state = 'approved')
           ON h.year = $1 AND h.is_current AND h.deprived_of @> ARRAY[indicator]
         GROUP BY indicator, number ORDER BY number`,
        [year, indicators],
      ),
    )) as Omit<Deprivation, 'name'>[];
    return rows.map((row) => ({ ...row, name: declaredFacts['deprivedOf']!.values![row.indicator]! }));
  }
}
