import { Controller, Get, Headers, Query, type StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor, Requires } from '@ansinh/auth';
import { ProblemApi } from '@ansinh/service';
import { ListApi, type ListHeaders, pageOrWorkbook } from '@ansinh/uploads';
import { FundReportPage, FundReportQuery } from './fund-report.dto.js';
import { FundReportService } from './fund-report.service.js';
import { fundReportSheet } from './fund-report-sheet.js';

@ApiTags('capital')
@ApiBearerAuth('bearer')
@Controller('v1/fund-reports')
export class FundReportController {
  constructor(private readonly reports: FundReportService) {}

  /** By the days on which money came and went, whenever it became known. */
  @Get()
  @Requires('loan:read')
  @ProblemApi()
  @ListApi(FundReportPage)
  listFundReports(
    @Query() query: FundReportQuery,
    @Headers() headers: ListHeaders,
    @CurrentActor() actor: Actor,
  ): Promise<FundReportPage | StreamableFile> {
    return pageOrWorkbook(headers, fundReportSheet, (pages) =>
      this.reports.list({ ...query, ...pages }, actor),
    );
  }
}
