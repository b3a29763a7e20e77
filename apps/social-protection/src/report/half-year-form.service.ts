import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { type Actor, scopeOf } from '@ansinh/auth';
import { addDays, todayInVietnam } from '@ansinh/calendar';
import { findPlace, type Place, placeToday } from '@ansinh/places';
import { ProblemError } from '@ansinh/problem';
import { isLate, reportDueOn } from '../terms/terms.js';
import {
  confidence,
  type Counted,
  fill,
  type FilledForm,
  formProgrammes,
  layoutNote,
  notesOnTop,
  onTopNote,
  recipientNote,
  legalBasis,
  type Numbers,
  recipientOf,
  replaced,
} from './forms.js';
import { countOf, halfYearOf } from './half-year-count.js';
import type {
  HalfYearForm,
  HalfYearForms,
  HalfYearFormsQuery,
  HalfYearNumbers,
  HalfYearUnit,
} from './half-year-form.dto.js';
import { halfYearFormProblems } from './half-year-form.problems.js';
import { notesOnMonths } from './half-year-months.js';
import { keyOf, type TreeOfDay, treeOf, type Unit, unitsBelow, unitsUnder } from './half-year-places.js';

/** The forms 10a to 10d of a unit for a half-year (Decree 20/2021 article 36, Circular 02/2021/TT-BLĐTBXH article 6). */
@Injectable()
export class HalfYearFormService {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /**
   * By the tree as it was on the last day of the half-year. Without a place, of the caller's own unit.
   * @throws ProblemError HALF_YEAR_PLACE, HALF_YEAR_BEFORE_LAW
   */
  async ofUnit({ year, half, placeCode }: HalfYearFormsQuery, actor: Actor): Promise<HalfYearForms> {
    const { first, end } = halfYearOf({ year, half });
    const tree = treeOf(end);
    const unit = unitFor(tree, findPlace(placeCode ?? ownCode(actor.office, end), end), actor);
    if (!unit) throw new ProblemError(halfYearFormProblems.place);
    const { place } = unit;
    const due = reportDueOn(place.level, first);
    if (!due) throw new ProblemError(halfYearFormProblems.beforeLaw);
    const keys = new Set(unitsUnder(tree, unit).map(({ key }) => key));
    const offices = [...new Set(tree.codes.filter((code) => keys.has(code.unit)).map(({ today }) => today))];
    // That the unit is the caller's was looked at.
    const counted = await countOf(
      this.dataSource,
      actor,
      { first, end },
      { offices, programmes: formProgrammes },
    );
    const rows = counted.rows.filter((row) => keys.has(row.unit));
    const recipient = recipientOf(place.level, end);
    return {
      placeCode: place.code,
      placeName: place.name,
      level: place.level,
      year,
      half,
      from: first,
      through: end,
      reportsTo: recipient.to,
      dueBefore: due.before,
      isLate: isLate(due, todayInVietnam()),
      legalBasis: `${legalBasis}; ${due.legalBasis}`,
      confidence,
      notes: [
        layoutNote,
        onTopNote,
        ...(recipient.confidence === 'memory' ? [recipientNote] : []),
        ...(end < replaced.on ? [] : [replaced.note]),
        ...notesOnTop(rows),
        ...notesOnMonths(
          { tree, unit, rows, approved: counted.approved },
          { now: end.slice(0, 7), before: addDays(first, -1).slice(0, 7) },
        ),
      ],
      forms: fill(rows).map(shown),
      units: unitsBelow(tree, unit.key).flatMap((below) => sumsOf(tree, below, rows)),
    };
  }
}

/** An office that was merged is what came of it: both codes of the province are one since July 2025. */
function ownCode(office: string, end: string): string {
  const place = findPlace(office);
  return findPlace(office, end) || !place ? office : (placeToday(place)?.code ?? office);
}

/**
 * The unit, where it is the caller's: his own, one under it as of the day, or a commune of then that he holds today. A code may have
 * been another commune's before July 2025: that of then is looked for at who has its people now.
 */
function unitFor({ units }: TreeOfDay, place: Place | undefined, actor: Actor): Unit | undefined {
  if (!place) return undefined;
  const { office } = actor;
  const isAll = findPlace(office)?.level === 'province' && scopeOf(actor).offices.includes(place.code);
  const holder = place.level === 'commune' ? (placeToday(place)?.code ?? place.code) : place.code;
  const isOwn = isAll || holder === office || place.offices.slice(1).includes(office);
  return isOwn ? units.get(keyOf(place)) : undefined;
}

/** A unit below with its part in each form. One that was not there on the day is shown where it has people. */
function sumsOf(tree: TreeOfDay, unit: Unit, rows: readonly Counted[]): HalfYearUnit[] {
  const { place, isOfThen } = unit;
  const keys = new Set(unitsUnder(tree, unit).map(({ key }) => key));
  const own = rows.filter((row) => keys.has(row.unit));
  if (!isOfThen && own.length === 0) return [];
  const sums = fill(own).map(({ code, sum }) => ({ form: code, ...written(sum) }));
  return [{ placeCode: place.code, placeName: place.name, level: place.level, isOfThen, sums }];
}

function shown({ code, title, sections, sum }: FilledForm): HalfYearForm {
  return {
    code,
    title,
    sections: sections.map((section) => ({
      ...section,
      lines: section.lines.map(({ numbers, ...line }) => ({ ...line, numbers: numbers && written(numbers) })),
      sum: written(section.sum),
    })),
    sum: written(sum),
  };
}

function written({ owed, deducted, paid, ...counts }: Numbers): HalfYearNumbers {
  return { ...counts, owed: String(owed), deducted: String(deducted), paid: String(paid) };
}
