import { Controller, Get, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor, Requires } from '@ansinh/auth';
import { ProblemApi } from '@ansinh/service';
import { BankReportQuery, BankReports } from './bank-report.dto.js';
import { BankReportService } from './bank-report.service.js';

@ApiTags('bank files')
@ApiBearerAuth('bearer')
@Controller('v1/bank-reports')
export class BankReportController {
  constructor(private readonly reports: BankReportService) {}

  @Get()
  @Requires('loan:read')
  @ProblemApi()
  @ApiOkResponse({ type: BankReports })
  listBankReports(@Query() { year }: BankReportQuery, @CurrentActor() actor: Actor): Promise<BankReports> {
    return this.reports.ofYear(year, actor);
  }
}
