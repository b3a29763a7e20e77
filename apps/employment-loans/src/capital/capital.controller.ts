import {
  Body,
  Controller,
  Get,
  Headers,
  HttpCode,
  Param,
  Post,
  Query,
  type StreamableFile,
} from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor, Requires } from '@ansinh/auth';
import { type Command, CurrentCommand } from '@ansinh/idempotency';
import { IdPipe } from '@ansinh/problem';
import { CommandApi, ProblemApi } from '@ansinh/service';
import { ListApi, type ListHeaders, pageOrWorkbook } from '@ansinh/uploads';
import {
  CapitalPlanFilter,
  CapitalPlanPage,
  CapitalPlanView,
  CarryCapitalOver,
  CreateCapitalPlan,
  PlanCapital,
} from './capital.dto.js';
import { CapitalService } from './capital.service.js';
import { capitalSheet } from './capital-sheet.js';

@ApiTags('capital')
@ApiBearerAuth('bearer')
@Controller('v1/capital-plans')
export class CapitalController {
  constructor(private readonly capital: CapitalService) {}

  @Post()
  @Requires('capital:write')
  @CommandApi()
  @ApiCreatedResponse({ type: CapitalPlanView })
  createCapitalPlan(
    @Body() input: CreateCapitalPlan,
    @CurrentCommand() command: Command,
  ): Promise<CapitalPlanView> {
    return this.capital.create(input, command);
  }

  @Get()
  @Requires('loan:read')
  @ProblemApi()
  @ListApi(CapitalPlanPage)
  listCapitalPlans(
    @Query() filter: CapitalPlanFilter,
    @Headers() headers: ListHeaders,
    @CurrentActor() actor: Actor,
  ): Promise<CapitalPlanPage | StreamableFile> {
    return pageOrWorkbook(headers, capitalSheet, (pages) =>
      this.capital.list({ ...filter, ...pages }, actor),
    );
  }

  @Get(':id')
  @Requires('loan:read')
  @ProblemApi()
  @ApiOkResponse({ type: CapitalPlanView })
  getCapitalPlan(@Param('id', IdPipe) id: string, @CurrentActor() actor: Actor): Promise<CapitalPlanView> {
    return this.capital.get(id, actor);
  }

  @Post(':id/decisions')
  @Requires('capital:write')
  @HttpCode(200)
  @CommandApi()
  @ApiOkResponse({ type: CapitalPlanView })
  planCapital(
    @Param('id', IdPipe) id: string,
    @Body() input: PlanCapital,
    @CurrentCommand() command: Command,
  ): Promise<CapitalPlanView> {
    return this.capital.plan(id, input, command);
  }

  /** What was collected in plans of earlier years of the fund, and is not lent again, is available in this one. */
  @Post(':id/carry-overs')
  @Requires('capital:write')
  @HttpCode(200)
  @CommandApi()
  @ApiOkResponse({ type: CapitalPlanView })
  carryCapitalOver(
    @Param('id', IdPipe) id: string,
    @Body() { decision }: CarryCapitalOver,
    @CurrentCommand() command: Command,
  ): Promise<CapitalPlanView> {
    return this.capital.carryOver(id, decision, command);
  }
}
