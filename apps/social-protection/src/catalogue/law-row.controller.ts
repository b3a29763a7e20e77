import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
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
import { IdPipe } from '@ansinh/problem';
import { CommandApi, ProblemApi } from '@ansinh/service';
import { EnterLawRow, LawRowsQuery, OwnLawRow, OwnLawRowList, RejectLawRow } from './law.dto.js';
import { LawRowService } from './law-row.service.js';

@ApiTags('law')
@ApiBearerAuth('bearer')
@Controller('v1/law')
export class LawRowController {
  constructor(
    private readonly rows: LawRowService,
    private readonly confirmations: LawConfirmationService,
  ) {}

  /** Values that the province itself has set by a resolution of its council. */
  @Get('parameter-rows')
  @Requires('support:read')
  @ProblemApi()
  @ApiOkResponse({ type: OwnLawRowList })
  async listLawRows(@Query() query: LawRowsQuery, @CurrentActor() actor: Actor): Promise<OwnLawRowList> {
    return { items: await this.rows.list(query, actor) };
  }

  /** It counts when somebody else has approved it, from the day from which it applies. */
  @Post('parameter-rows')
  @Requires('law:write')
  @CommandApi()
  @ApiCreatedResponse({ type: OwnLawRow })
  enterLawRow(@Body() input: EnterLawRow, @CurrentCommand() command: Command): Promise<OwnLawRow> {
    return this.rows.enter(input, command);
  }

  @Post('parameter-rows/:id/approval')
  @Requires('law:approve')
  @CommandApi()
  @ApiCreatedResponse({ type: OwnLawRow })
  approveLawRow(@Param('id', IdPipe) id: string, @CurrentCommand() command: Command): Promise<OwnLawRow> {
    return this.rows.approve(id, command);
  }

  @Post('parameter-rows/:id/rejection')
  @Requires('law:approve')
  @CommandApi()
  @ApiCreatedResponse({ type: OwnLawRow })
  rejectLawRow(
    @Param('id', IdPipe) id: string,
    @Body() { reason }: RejectLawRow,
    @CurrentCommand() command: Command,
  ): Promise<OwnLawRow> {
    return this.rows.reject(id, reason, command);
  }

  /** Rows of law that were read in no text: nothing is granted on them. */
  @Get('awaiting-rows')
  @Requires('support:read')
  @ProblemApi()
  @ApiOkResponse({ type: AwaitingRowList })
  async listAwaitingRows(@CurrentActor() actor: Actor): Promise<AwaitingRowList> {
    return { items: await this.confirmations.awaiting(actor) };
  }

  @Get('confirmations')
  @Requires('support:read')
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
