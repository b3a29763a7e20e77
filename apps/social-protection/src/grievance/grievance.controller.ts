import { Body, Controller, Get, Headers, Param, Post, Query, type StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor, Requires } from '@ansinh/auth';
import { type Command, CurrentCommand } from '@ansinh/idempotency';
import { IdPipe } from '@ansinh/problem';
import { CommandApi, ProblemApi } from '@ansinh/service';
import { ListApi, type ListHeaders, pageOrWorkbook } from '@ansinh/uploads';
import {
  AnswerGrievance,
  CorrectGrievance,
  GrievancePage,
  GrievancesQuery,
  GrievanceView,
  NoteGrievance,
  RaiseGrievance,
} from './grievance.dto.js';
import { GrievanceService } from './grievance.service.js';
import { grievanceSheet } from './grievance-sheet.js';

@ApiTags('grievances')
@ApiBearerAuth('bearer')
@Controller('v1/grievances')
export class GrievanceController {
  constructor(private readonly grievances: GrievanceService) {}

  /** By when it is answered is the law's; where no law was read that says it, the officer names the day. */
  @Post()
  @Requires('grievance:write')
  @CommandApi()
  @ApiCreatedResponse({ type: GrievanceView })
  raiseGrievance(@Body() input: RaiseGrievance, @CurrentCommand() command: Command): Promise<GrievanceView> {
    return this.grievances.raise(input, command);
  }

  @Get()
  @Requires('support:read')
  @ProblemApi()
  @ListApi(GrievancePage)
  listGrievances(
    @Query() query: GrievancesQuery,
    @Headers() headers: ListHeaders,
    @CurrentActor() actor: Actor,
  ): Promise<GrievancePage | StreamableFile> {
    return pageOrWorkbook(headers, grievanceSheet, (pages) =>
      this.grievances.list({ ...query, ...pages }, actor),
    );
  }

  @Get(':id')
  @Requires('support:read')
  @ProblemApi()
  @ApiOkResponse({ type: GrievanceView })
  getGrievance(@Param('id', IdPipe) id: string, @CurrentActor() actor: Actor): Promise<GrievanceView> {
    return this.grievances.get(id, actor);
  }

  /** Who takes it examines it, and so does not answer it. */
  @Post(':id/examination')
  @Requires('grievance:write')
  @CommandApi()
  @ApiCreatedResponse({ type: GrievanceView })
  examineGrievance(
    @Param('id', IdPipe) id: string,
    @CurrentCommand() command: Command,
  ): Promise<GrievanceView> {
    return this.grievances.take(id, command);
  }

  @Post(':id/notes')
  @Requires('grievance:write')
  @CommandApi()
  @ApiCreatedResponse({ type: GrievanceView })
  noteGrievance(
    @Param('id', IdPipe) id: string,
    @Body() { note }: NoteGrievance,
    @CurrentCommand() command: Command,
  ): Promise<GrievanceView> {
    return this.grievances.note(id, note, command);
  }

  @Post(':id/answer')
  @Requires('grievance:answer')
  @CommandApi()
  @ApiCreatedResponse({ type: GrievanceView })
  answerGrievance(
    @Param('id', IdPipe) id: string,
    @Body() input: AnswerGrievance,
    @CurrentCommand() command: Command,
  ): Promise<GrievanceView> {
    return this.grievances.answer(id, input, command);
  }

  /** Names what takes the place of the decision that was wrong. */
  @Post(':id/correction')
  @Requires('grievance:write')
  @CommandApi()
  @ApiCreatedResponse({ type: GrievanceView })
  correctGrievance(
    @Param('id', IdPipe) id: string,
    @Body() { correctedId }: CorrectGrievance,
    @CurrentCommand() command: Command,
  ): Promise<GrievanceView> {
    return this.grievances.correct(id, correctedId, command);
  }

  @Post(':id/withdrawal')
  @Requires('grievance:write')
  @CommandApi()
  @ApiCreatedResponse({ type: GrievanceView })
  withdrawGrievance(
    @Param('id', IdPipe) id: string,
    @Body() { note }: NoteGrievance,
    @CurrentCommand() command: Command,
  ): Promise<GrievanceView> {
    return this.grievances.withdraw(id, note, command);
  }
}
