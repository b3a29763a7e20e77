import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor, Requires } from '@ansinh/auth';
import { type Command, CurrentCommand } from '@ansinh/idempotency';
import { IdPipe } from '@ansinh/problem';
import { CommandApi, ProblemApi } from '@ansinh/service';
import {
  CapitalPlanFilter,
  CapitalPlanPage,
  CapitalPlanView,
  CreateCapitalPlan,
  PlanCapital,
} from './capital.dto.js';
import { CapitalService } from './capital.service.js';

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
  @ApiOkResponse({ type: CapitalPlanPage })
  listCapitalPlans(
    @Query() filter: CapitalPlanFilter,
    @CurrentActor() actor: Actor,
  ): Promise<CapitalPlanPage> {
    return this.capital.list(filter, actor);
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
}
