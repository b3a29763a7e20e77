import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor, Requires } from '@ansinh/auth';
import { type Command, CurrentCommand } from '@ansinh/idempotency';
import { IdPipe } from '@ansinh/problem';
import { CommandApi, ProblemApi } from '@ansinh/service';
import { PayoutList, PayoutView, StartPayout } from './payout.dto.js';
import { PayoutService } from './payout.service.js';

@ApiTags('payouts')
@ApiBearerAuth('bearer')
@Controller('v1/support-runs/:id/payouts')
export class PayoutController {
  constructor(private readonly payouts: PayoutService) {}

  /** Puts everything of an approved run that is not paid on a list. Asked again, it takes what came back. */
  @Post()
  @Requires('support:decide')
  @CommandApi()
  @ApiCreatedResponse({ type: PayoutView })
  startPayout(
    @Param('id', IdPipe) id: string,
    @Body() input: StartPayout,
    @CurrentCommand() command: Command,
  ): Promise<PayoutView> {
    return this.payouts.start(id, input, command);
  }

  @Get()
  @Requires('support:read')
  @ProblemApi()
  @ApiOkResponse({ type: PayoutList })
  listPayouts(@Param('id', IdPipe) id: string, @CurrentActor() actor: Actor): Promise<PayoutList> {
    return this.payouts.ofRun(id, actor);
  }
}
