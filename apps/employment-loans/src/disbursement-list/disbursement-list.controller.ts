import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor, Requires } from '@ansinh/auth';
import { type Command, CurrentCommand } from '@ansinh/idempotency';
import { IdPipe } from '@ansinh/problem';
import { CommandApi, ProblemApi } from '@ansinh/service';
import { DisbursementListView, SendDisbursements, WithdrawList } from './disbursement-list.dto.js';
import { DisbursementListService } from './disbursement-list.service.js';

@ApiTags('disbursements')
@ApiBearerAuth('bearer')
@Controller('v1/disbursement-lists')
export class DisbursementListController {
  constructor(private readonly lists: DisbursementListService) {}

  @Post()
  @Requires('loan:service')
  @CommandApi()
  @ApiCreatedResponse({ type: DisbursementListView })
  sendDisbursements(
    @Body() input: SendDisbursements,
    @CurrentCommand() command: Command,
  ): Promise<DisbursementListView> {
    return this.lists.send(input, command);
  }

  @Get(':id')
  @Requires('loan:read')
  @ProblemApi()
  @ApiOkResponse({ type: DisbursementListView })
  getDisbursementList(
    @Param('id', IdPipe) id: string,
    @CurrentActor() actor: Actor,
  ): Promise<DisbursementListView> {
    return this.lists.get(id, actor);
  }

  @Post(':id/withdrawal')
  @Requires('loan:service')
  @HttpCode(200)
  @CommandApi()
  @ApiOkResponse({ type: DisbursementListView })
  withdrawDisbursementList(
    @Param('id', IdPipe) id: string,
    @Body() input: WithdrawList,
    @CurrentCommand() command: Command,
  ): Promise<DisbursementListView> {
    return this.lists.withdraw(id, input, command);
  }
}
