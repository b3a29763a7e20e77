import { Controller, Get, Headers, Query, type StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor, Requires } from '@ansinh/auth';
import { ProblemApi } from '@ansinh/service';
import { ListApi, type ListHeaders, pageOrWorkbook } from '@ansinh/uploads';
import { ArrearsFilter, ArrearsPage } from './arrears.dto.js';
import { ArrearsService } from './arrears.service.js';
import { arrearsSheet } from './arrears-sheet.js';

@ApiTags('servicing')
@ApiBearerAuth('bearer')
@Controller('v1/loan-arrears')
export class ArrearsController {
  constructor(private readonly arrears: ArrearsService) {}

  /** What has been past due longest is on top. */
  @Get()
  @Requires('loan:read')
  @ProblemApi()
  @ListApi(ArrearsPage)
  listLoanArrears(
    @Query() filter: ArrearsFilter,
    @Headers() headers: ListHeaders,
    @CurrentActor() actor: Actor,
  ): Promise<ArrearsPage | StreamableFile> {
    return pageOrWorkbook(headers, arrearsSheet, (pages) =>
      this.arrears.list({ ...filter, ...pages }, actor),
    );
  }
}
