import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor, Requires } from '@ansinh/auth';
import { type Command, CurrentCommand } from '@ansinh/idempotency';
import { IdPipe } from '@ansinh/problem';
import { CommandApi, PageQuery, ProblemApi } from '@ansinh/service';
import {
  BalanceQuery,
  BalanceView,
  CreateAllotment,
  CreateFund,
  FundPage,
  FundView,
  ReverseAllotment,
} from './fund.dto.js';
import { FundService } from './fund.service.js';

@ApiTags('funds')
@ApiBearerAuth('bearer')
@Controller('v1/funds')
export class FundController {
  constructor(private readonly funds: FundService) {}

  @Post()
  @Requires('fund:write')
  @CommandApi()
  @ApiCreatedResponse({ type: FundView })
  createFund(@Body() input: CreateFund, @CurrentCommand() command: Command): Promise<FundView> {
    return this.funds.create(input, command);
  }

  @Get()
  @Requires('fund:read')
  @ProblemApi()
  @ApiOkResponse({ type: FundPage })
  listFunds(@Query() query: PageQuery, @CurrentActor() actor: Actor): Promise<FundPage> {
    return this.funds.list(actor, query);
  }

  @Get(':id')
  @Requires('fund:read')
  @ProblemApi()
  @ApiOkResponse({ type: FundView })
  getFund(@Param('id', IdPipe) id: string, @CurrentActor() actor: Actor): Promise<FundView> {
    return this.funds.get(id, actor);
  }

  @Post(':id/allotments')
  @Requires('fund:write')
  @CommandApi()
  @ApiCreatedResponse({ type: BalanceView })
  allotFund(
    @Param('id', IdPipe) id: string,
    @Body() input: CreateAllotment,
    @CurrentCommand() command: Command,
  ): Promise<BalanceView> {
    return this.funds.allot(id, input, command);
  }

  @Post(':id/reversals')
  @Requires('fund:write')
  @CommandApi()
  @ApiCreatedResponse({ type: BalanceView })
  reverseAllotment(
    @Param('id', IdPipe) id: string,
    @Body() input: ReverseAllotment,
    @CurrentCommand() command: Command,
  ): Promise<BalanceView> {
    return this.funds.reverseAllotment(id, input, command);
  }

  @Get(':id/balance')
  @Requires('fund:read')
  @ProblemApi()
  @ApiOkResponse({ type: BalanceView })
  getFundBalance(
    @Param('id', IdPipe) id: string,
    @Query() query: BalanceQuery,
    @CurrentActor() actor: Actor,
  ): Promise<BalanceView> {
    return this.funds.balance(id, query.at, actor);
  }
}
