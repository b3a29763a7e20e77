import { Controller, Get, Headers, Query, type StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor, Requires } from '@ansinh/auth';
import { languageOf } from '@ansinh/language';
import { ProblemApi } from '@ansinh/service';
import { asksForWorkbook, ListApi, type ListHeaders, workbook } from '@ansinh/uploads';
import { HalfYearQuery, HalfYearReport } from './report.dto.js';
import { ReportService } from './report.service.js';
import { reportSheet } from './report-sheet.js';

@ApiTags('reports')
@ApiBearerAuth('bearer')
@Controller('v1/half-year-reports')
export class ReportController {
  constructor(private readonly reports: ReportService) {}

  /** Of the caller's own area, by programme and category. It names nobody. As XLSX by `Accept`. */
  @Get()
  @Requires('support:read')
  @ProblemApi()
  @ListApi(HalfYearReport)
  async getHalfYearReport(
    @Query() query: HalfYearQuery,
    @Headers() headers: ListHeaders,
    @CurrentActor() actor: Actor,
  ): Promise<HalfYearReport | StreamableFile> {
    const items = await this.reports.ofHalfYear(query, actor);
    if (!asksForWorkbook(headers)) return { items };
    const { year, half } = query;
    const named = { ...reportSheet, name: `half-year-${year}-${half}` };
    return workbook(named, [items], languageOf(headers['accept-language']));
  }
}
