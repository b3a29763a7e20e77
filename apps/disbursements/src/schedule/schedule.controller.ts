import { Body, Controller, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor, Requires } from '@ansinh/auth';
import { type Command, CurrentCommand } from '@ansinh/idempotency';
import { IdPipe } from '@ansinh/problem';
import { CommandApi, PageQuery, ProblemApi } from '@ansinh/service';
import { ReasonInput } from '../batch/batch.dto.js';
import {
  CreateSchedule,
  ResumeSchedule,
  SchedulePage,
  ScheduleView,
  SetSchedule,
  UpcomingBatches,
  UpcomingQuery,
} from './schedule.dto.js';
import { ScheduleService } from './schedule.service.js';
import { UpcomingService } from './upcoming.service.js';

@ApiTags('schedules')
@ApiBearerAuth('bearer')
@Controller('v1')
export class ScheduleController {
  constructor(
    private readonly schedules: ScheduleService,
    private readonly upcoming: UpcomingService,
  ) {}

  /** The draft of each month is opened by the worker, and nothing more: lists, approvals and sending are people's. */
  @Post('schedules')
  @Requires('schedule:write')
  @CommandApi()
  @ApiCreatedResponse({ type: ScheduleView })
  createSchedule(@Body() input: CreateSchedule, @CurrentCommand() command: Command): Promise<ScheduleView> {
    return this.schedules.create(input, command);
  }

  @Get('schedules')
  @Requires('batch:read')
  @ProblemApi()
  @ApiOkResponse({ type: SchedulePage })
  listSchedules(@Query() query: PageQuery, @CurrentActor() actor: Actor): Promise<SchedulePage> {
    return this.schedules.list(query, actor);
  }

  @Put('schedules/:id')
  @Requires('schedule:write')
  @ProblemApi()
  @ApiOkResponse({ type: ScheduleView })
  setSchedule(
    @Param('id', IdPipe) id: string,
    @Body() input: SetSchedule,
    @CurrentCommand() command: Command,
  ): Promise<ScheduleView> {
    return this.schedules.set(id, input, command);
  }

  @Post('schedules/:id/pause')
  @HttpCode(200)
  @Requires('schedule:write')
  @CommandApi()
  @ApiOkResponse({ type: ScheduleView })
  pauseSchedule(
    @Param('id', IdPipe) id: string,
    @Body() input: ReasonInput,
    @CurrentCommand() command: Command,
  ): Promise<ScheduleView> {
    return this.schedules.pause(id, input.reason, command);
  }

  @Post('schedules/:id/resumption')
  @HttpCode(200)
  @Requires('schedule:write')
  @CommandApi()
  @ApiOkResponse({ type: ScheduleView })
  resumeSchedule(
    @Param('id', IdPipe) id: string,
    @Body() input: ResumeSchedule,
    @CurrentCommand() command: Command,
  ): Promise<ScheduleView> {
    return this.schedules.resume(id, input.catchUp, command);
  }

  /** Months of schedules with what is due when, on working days; and whatever is late. */
  @Get('upcoming-batches')
  @Requires('batch:read')
  @ProblemApi()
  @ApiOkResponse({ type: UpcomingBatches })
  listUpcomingBatches(@Query() query: UpcomingQuery, @CurrentActor() actor: Actor): Promise<UpcomingBatches> {
    return this.upcoming.list(query, actor);
  }
}
