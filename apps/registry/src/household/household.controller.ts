import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor, Requires } from '@ansinh/auth';
import { type Command, CurrentCommand } from '@ansinh/idempotency';
import { IdPipe } from '@ansinh/problem';
import { CommandApi, ProblemApi, Tagged } from '@ansinh/service';
import {
  ClassifyHousehold,
  FormHousehold,
  HouseholdView,
  JoinHousehold,
  LeaveHousehold,
} from './household.dto.js';
import { HouseholdService } from './household.service.js';

@ApiTags('households')
@ApiBearerAuth('bearer')
@Controller('v1/households')
export class HouseholdController {
  constructor(private readonly households: HouseholdService) {}

  @Post()
  @Requires('registry:write')
  @CommandApi()
  @Tagged()
  @ApiCreatedResponse({ type: HouseholdView })
  formHousehold(@Body() input: FormHousehold, @CurrentCommand() command: Command): Promise<HouseholdView> {
    return this.households.form(input, command);
  }

  @Get(':id')
  @Requires('registry:read')
  @ProblemApi()
  @Tagged()
  @ApiOkResponse({ type: HouseholdView })
  getHousehold(@Param('id', IdPipe) id: string, @CurrentActor() actor: Actor): Promise<HouseholdView> {
    return this.households.get(id, actor);
  }

  @Post(':id/members')
  @Requires('registry:write')
  @CommandApi()
  @Tagged()
  @ApiCreatedResponse({ type: HouseholdView })
  joinHousehold(
    @Param('id', IdPipe) id: string,
    @Body() input: JoinHousehold,
    @CurrentCommand() command: Command,
  ): Promise<HouseholdView> {
    return this.households.join(id, input, command);
  }

  @Post(':id/departures')
  @Requires('registry:write')
  @CommandApi()
  @Tagged()
  @ApiCreatedResponse({ type: HouseholdView })
  leaveHousehold(
    @Param('id', IdPipe) id: string,
    @Body() input: LeaveHousehold,
    @CurrentCommand() command: Command,
  ): Promise<HouseholdView> {
    return this.households.leave(id, input, command);
  }

  @Post(':id/classes')
  @Requires('registry:write')
  @CommandApi()
  @Tagged()
  @ApiCreatedResponse({ type: HouseholdView })
  classifyHousehold(
    @Param('id', IdPipe) id: string,
    @Body() input: ClassifyHousehold,
    @CurrentCommand() command: Command,
  ): Promise<HouseholdView> {
    return this.households.classify(id, input, command);
  }
}
