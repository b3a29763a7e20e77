import { Body, Controller, Get, Headers, Param, Post, Query, type StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor, Requires } from '@ansinh/auth';
import { type Command, CurrentCommand } from '@ansinh/idempotency';
import { IdPipe } from '@ansinh/problem';
import { CommandApi, ProblemApi } from '@ansinh/service';
import { ListApi, type ListHeaders, pageOrWorkbook } from '@ansinh/uploads';
import { ChangePage, ChangesQuery } from './change.dto.js';
import { changeSheet, ChangeService } from './change.service.js';
import { RejectRun, RunPage, RunsQuery, RunSummary, RunView, SignRun, StartRun } from './run.dto.js';
import { RunService } from './run.service.js';
import { SummaryService } from './summary.service.js';
import { runSheet } from './run-sheet.js';

@ApiTags('runs')
@ApiBearerAuth('bearer')
@Controller('v1/support-runs')
export class RunController {
  constructor(
    private readonly runs: RunService,
    private readonly summaries: SummaryService,
    private readonly changes: ChangeService,
  ) {}

  @Post()
  @Requires('support:decide')
  @CommandApi()
  @ApiCreatedResponse({ type: RunView })
  startRun(@Body() input: StartRun, @CurrentCommand() command: Command): Promise<RunView> {
    return this.runs.start(input, command);
  }

  @Get()
  @Requires('support:read')
  @ProblemApi()
  @ListApi(RunPage)
  listRuns(
    @Query() query: RunsQuery,
    @Headers() headers: ListHeaders,
    @CurrentActor() actor: Actor,
  ): Promise<RunPage | StreamableFile> {
    return pageOrWorkbook(headers, runSheet, (pages) => this.runs.list({ ...query, ...pages }, actor));
  }

  @Get(':id')
  @Requires('support:read')
  @ProblemApi()
  @ApiOkResponse({ type: RunView })
  getRun(@Param('id', IdPipe) id: string, @CurrentActor() actor: Actor): Promise<RunView> {
    return this.runs.get(id, actor);
  }

  /** What the decisions come to, and what is different from those before: looked at before anybody approves. */
  @Get(':id/summary')
  @Requires('support:read')
  @ProblemApi()
  @ApiOkResponse({ type: RunSummary })
  summariseRun(@Param('id', IdPipe) id: string, @CurrentActor() actor: Actor): Promise<RunSummary> {
    return this.summaries.of(id, actor);
  }

  /** Who is new, gets another amount or none, and what past months turn out to be short or too much; as XLSX by `Accept`. */
  @Get(':id/changes')
  @Requires('support:read')
  @ProblemApi()
  @ListApi(ChangePage)
  listChanges(
    @Param('id', IdPipe) id: string,
    @Query() query: ChangesQuery,
    @Headers() headers: ListHeaders,
    @CurrentActor() actor: Actor,
  ): Promise<ChangePage | StreamableFile> {
    return pageOrWorkbook(headers, changeSheet, (pages) =>
      this.changes.list(id, { ...query, ...pages }, actor),
    );
  }

  /** Decides the next rows. Called until `taken` is `rows`; each call is one transaction. */
  @Post(':id/chunks')
  @Requires('support:decide')
  @CommandApi()
  @ApiCreatedResponse({ type: RunView })
  decideChunk(@Param('id', IdPipe) id: string, @CurrentCommand() command: Command): Promise<RunView> {
    return this.runs.decide(id, command);
  }

  @Post(':id/submission')
  @Requires('support:decide')
  @CommandApi()
  @ApiCreatedResponse({ type: RunView })
  submitRun(@Param('id', IdPipe) id: string, @CurrentCommand() command: Command): Promise<RunView> {
    return this.runs.submit(id, command);
  }

  @Post(':id/approval')
  @Requires('support:approve')
  @CommandApi()
  @ApiCreatedResponse({ type: RunView })
  approveRun(
    @Param('id', IdPipe) id: string,
    @Body() { digest }: SignRun,
    @CurrentCommand() command: Command,
  ): Promise<RunView> {
    return this.runs.approve(id, digest, command);
  }

  /** Nobody is entitled by it any more, and its lists wait for another run. */
  @Post(':id/rejection')
  @Requires('support:approve')
  @CommandApi()
  @ApiCreatedResponse({ type: RunView })
  rejectRun(
    @Param('id', IdPipe) id: string,
    @Body() { reason }: RejectRun,
    @CurrentCommand() command: Command,
  ): Promise<RunView> {
    return this.runs.reject(id, reason, command);
  }
}
