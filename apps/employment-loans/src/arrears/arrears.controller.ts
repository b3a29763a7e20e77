import { Controller, Get, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor, Requires } from '@ansinh/auth';
import { ProblemApi } from '@ansinh/service';
import { ArrearsFilter, ArrearsPage } from './arrears.dto.js';
import { ArrearsService } from './arrears.service.js';

@ApiTags('servicing')
@ApiBearerAuth('bearer')
@Controller('v1/loan-arrears')
export class ArrearsController {
  constructor(private readonly arrears: ArrearsService) {}

  /** What has been past due longest is on top. */
  @Get()
  @Requires('loan:read')
  @ProblemApi()
  @ApiOkResponse({ type: ArrearsPage })
  listLoanArrears(@Query() filter: ArrearsFilter, @CurrentActor() actor: Actor): Promise<ArrearsPage> {
    return this.arrears.list(filter, actor);
  }
}
