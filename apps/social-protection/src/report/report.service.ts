import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { type Actor, scopeOf } from '@ansinh/auth';
import { isMonthly, programmeCodes } from '../programme/programmes.js';
import { sumOf } from './forms.js';
import { countOf, halfYearOf } from './half-year-count.js';
import type { HalfYearLine, HalfYearQuery } from './report.dto.js';

/** A half-year of an office by programme and category, of those programmes too that no form asks for: counted as the forms are. */
@Injectable()
export class ReportService {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  async ofHalfYear(query: HalfYearQuery, actor: Actor): Promise<HalfYearLine[]> {
    const { offices } = scopeOf(actor);
    const asked = { offices, programmes: programmeCodes };
    const { rows } = await countOf(this.dataSource, actor, halfYearOf(query), asked);
    // Units, ages and degrees of disability are all one here.
    const alike = Map.groupBy(rows, ({ programme, categories }) => [programme, ...categories].join(' '));
    return [...alike.entries()]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([, of]) => {
        const [{ programme, categories }] = of as [(typeof of)[0]];
        const { before, people, times, owed, deducted, paid } = sumOf(of);
        return {
          programme,
          categories: [...categories],
          before: isMonthly(programme) ? before : null,
          people: isMonthly(programme) ? people : times,
          owed: String(owed),
          deducted: String(deducted),
          paid: String(paid),
        };
      });
  }
}
