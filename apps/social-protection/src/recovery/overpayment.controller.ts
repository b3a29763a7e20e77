import { Controller, Get, Headers, Query, type StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor, Requires } from '@ansinh/auth';
import { ProblemApi } from '@ansinh/service';
import { ListApi, type ListHeaders, pageOrWorkbook } from '@ansinh/uploads';
import { OverpaymentService } from './overpayment.service.js';
import { OverpaymentPage, OverpaymentsQuery } from './recovery.dto.js';
import { overpaymentSheet } from './recovery-sheets.js';

@ApiTags('recoveries')
@ApiBearerAuth('bearer')
@Controller('v1/overpayments')
export class OverpaymentController {
  constructor(private readonly overpayments: OverpaymentService) {}

  /** Who still owes what was paid too much, month by month: also of whom nothing is granted any more. */
  @Get()
  @Requires('support:read')
  @ProblemApi()
  @ListApi(OverpaymentPage)
  listOverpayments(
    @Query() query: OverpaymentsQuery,
    @Headers() headers: ListHeaders,
    @CurrentActor() actor: Actor,
  ): Promise<OverpaymentPage | StreamableFile> {
    return pageOrWorkbook(headers, overpaymentSheet, (pages) =>
      this.overpayments.list({ ...query, ...pages }, actor),
    );
  }
}
