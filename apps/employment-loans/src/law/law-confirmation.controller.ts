import { Body, Controller, Get, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor, Requires } from '@ansinh/auth';
import { type Command, CurrentCommand } from '@ansinh/idempotency';
import {
  AwaitingRowList,
  ConfirmLaw,
  LawConfirmationList,
  LawConfirmationService,
  LawConfirmationView,
} from '@ansinh/law-confirmations';
import { CommandApi, ProblemApi } from '@ansinh/service';

@ApiTags('law')
@ApiBearerAuth('bearer')
@Controller('v1/law')
export class LawConfirmationController {
  constructor(private readonly confirmations: LawConfirmationService) {}

  /** Rows of law that were read in no text: nothing is decided on them. */
  @Get('awaiting-rows')
  @Requires('loan:read')
  @ProblemApi()
  @ApiOkResponse({ type: AwaitingRowList })
  async listAwaitingRows(@CurrentActor() actor: Actor): Promise<AwaitingRowList> {
    return { items: await this.confirmations.awaiting(actor) };
  }

  @Get('confirmations')
  @Requires('loan:read')
  @ProblemApi()
  @ApiOkResponse({ type: LawConfirmationList })
  async listConfirmations(@CurrentActor() actor: Actor): Promise<LawConfirmationList> {
    return { items: await this.confirmations.list(actor) };
  }

  /** A named person says that a row is right as it is. A row that is changed later waits again. */
  @Post('confirmations')
  @Requires('law:approve')
  @CommandApi()
  @ApiCreatedResponse({ type: LawConfirmationView })
  confirmLaw(@Body() input: ConfirmLaw, @CurrentCommand() command: Command): Promise<LawConfirmationView> {
    return this.confirmations.confirm(input, command);
  }
}
