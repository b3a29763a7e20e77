import { Body, Controller, Get, Headers, Param, Post, Query, type StreamableFile } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiExtraModels,
  ApiOkResponse,
  ApiTags,
  getSchemaPath,
} from '@nestjs/swagger';
import { type Actor, CurrentActor, Requires } from '@ansinh/auth';
import { type Command, CurrentCommand } from '@ansinh/idempotency';
import { IdPipe } from '@ansinh/problem';
import { languageOf } from '@ansinh/language';
import { CommandApi, download, ProblemApi } from '@ansinh/service';
import { ChangePage, ChangesQuery } from './change.dto.js';
import { ChangeService } from './change.service.js';
import { RejectRun, RunPage, RunsQuery, RunSummary, RunView, SignRun, StartRun } from './run.dto.js';
import { RunService } from './run.service.js';
import { SummaryService } from './summary.service.js';

const xlsx = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

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
  @ApiOkResponse({ type: RunPage })
  listRuns(@Query() query: RunsQuery, @CurrentActor() actor: Actor): Promise<RunPage> {
    return this.runs.list(query, actor);
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
  @ApiExtraModels(ChangePage)
  @ApiOkResponse({
    content: {
      'application/json': { schema: { $ref: getSchemaPath(ChangePage) } },
      [xlsx]: { schema: { type: 'string', format: 'binary' } },
    },
  })
  async listChanges(
    @Param('id', IdPipe) id: string,
    @Query() query: ChangesQuery,
    @Headers() headers: { accept?: string; 'accept-language'?: string },
    @CurrentActor() actor: Actor,
  ): Promise<ChangePage | StreamableFile> {
    if (!headers.accept?.includes(xlsx)) return this.changes.list(id, query, actor);
    const language = languageOf(headers['accept-language']);
    return download(
      { type: xlsx, fileName: 'changes.xlsx' },
      await this.changes.workbook(id, query, language, actor),
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
