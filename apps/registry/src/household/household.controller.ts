import { Body, Controller, Get, Headers, Param, Post, Query, type StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { CurrentReader, type Reader } from '@ansinh/access-log';
import { type Actor, CurrentActor, Requires } from '@ansinh/auth';
import { type Command, CurrentCommand } from '@ansinh/idempotency';
import { IdPipe } from '@ansinh/problem';
import { CommandApi, type PageQuery, ProblemApi, Tagged } from '@ansinh/service';
import type { ListHeaders } from '@ansinh/uploads';
import { ListApi, ListExportService } from '../export/list-export.service.js';
import { householdColumnsOfList } from './household-columns.js';
import {
  ChooseHead,
  ClassifyHousehold,
  FormHousehold,
  HouseholdPage,
  HouseholdsQuery,
  HouseholdView,
  JoinHousehold,
  LeaveHousehold,
} from './household.dto.js';
import { HouseholdService } from './household.service.js';

@ApiTags('households')
@ApiBearerAuth('bearer')
@Controller('v1/households')
export class HouseholdController {
  constructor(
    private readonly households: HouseholdService,
    private readonly exports: ListExportService,
  ) {}

  @Post()
  @Requires('registry:write')
  @CommandApi()
  @Tagged()
  @ApiCreatedResponse({ type: HouseholdView })
  formHousehold(@Body() input: FormHousehold, @CurrentCommand() command: Command): Promise<HouseholdView> {
    return this.households.form(input, command);
  }

  @Get()
  @Requires('registry:read')
  @ProblemApi()
  @ListApi(HouseholdPage)
  async listHouseholds(
    @Query() query: HouseholdsQuery,
    @Headers() headers: ListHeaders,
    @CurrentReader() reader: Reader,
  ): Promise<HouseholdPage | StreamableFile> {
    const list = {
      name: 'households',
      sheet: { vi: 'Hộ gia đình', en: 'Households' },
      columns: householdColumnsOfList,
      page: (pages: PageQuery) => this.households.list({ ...query, ...pages }, reader.actor),
    };
    return (await this.exports.asked(headers, list, reader)) ?? this.households.list(query, reader.actor);
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

  @Post(':id/head')
  @Requires('registry:write')
  @CommandApi()
  @Tagged()
  @ApiCreatedResponse({ type: HouseholdView })
  chooseHead(
    @Param('id', IdPipe) id: string,
    @Body() input: ChooseHead,
    @CurrentCommand() command: Command,
  ): Promise<HouseholdView> {
    return this.households.chooseHead(id, input, command);
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
