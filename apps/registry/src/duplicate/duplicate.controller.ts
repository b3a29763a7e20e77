import { Body, Controller, Get, Headers, Param, Post, Query, type StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { CurrentReader, type Reader } from '@ansinh/access-log';
import { type Actor, CurrentActor, Requires } from '@ansinh/auth';
import { type Command, CurrentCommand } from '@ansinh/idempotency';
import { IdPipe } from '@ansinh/problem';
import { CommandApi, type PageQuery, ProblemApi } from '@ansinh/service';
import type { ListHeaders } from '@ansinh/uploads';
import { ListApi, ListExportService } from '../export/list-export.service.js';
import {
  DuplicatePage,
  DuplicateRunView,
  DuplicatesOfPerson,
  DuplicatesQuery,
  JudgePair,
  PairJudged,
} from './duplicate.dto.js';
import { DuplicateRunService } from './duplicate-run.service.js';
import { DuplicateService } from './duplicate.service.js';
import { pairColumnsOfList } from './pair-columns.js';

@ApiTags('duplicates')
@ApiBearerAuth('bearer')
@Controller('v1')
export class DuplicateController {
  constructor(
    private readonly duplicates: DuplicateService,
    private readonly runs: DuplicateRunService,
    private readonly exports: ListExportService,
  ) {}

  @Get('people/:id/duplicates')
  @Requires('registry:read')
  @ProblemApi()
  @ApiOkResponse({ type: DuplicatesOfPerson })
  async listDuplicatesOfPerson(
    @Param('id', IdPipe) id: string,
    @CurrentActor() actor: Actor,
  ): Promise<DuplicatesOfPerson> {
    return { items: await this.duplicates.ofPerson(id, actor) };
  }

  @Get('duplicates')
  @Requires('registry:read')
  @ProblemApi()
  @ListApi(DuplicatePage)
  async listDuplicates(
    @Query() query: DuplicatesQuery,
    @Headers() headers: ListHeaders,
    @CurrentReader() reader: Reader,
  ): Promise<DuplicatePage | StreamableFile> {
    const page = (pages: PageQuery) => this.duplicates.list({ ...query, ...pages }, reader.actor);
    const list = {
      name: 'duplicates',
      sheet: { vi: 'Hồ sơ nghi trùng', en: 'Duplicates' },
      columns: pairColumnsOfList,
      page,
    };
    return (await this.exports.asked(headers, list, reader)) ?? page(query);
  }

  @Post('duplicates/:id/verdicts')
  @Requires('registry:merge')
  @CommandApi()
  @ApiCreatedResponse({ type: PairJudged })
  judgePair(
    @Param('id', IdPipe) id: string,
    @Body() input: JudgePair,
    @CurrentCommand() command: Command,
  ): Promise<PairJudged> {
    return this.duplicates.judge(id, input, command);
  }

  @Post('duplicate-runs')
  @Requires('registry:merge')
  @CommandApi()
  @ApiCreatedResponse({ type: DuplicateRunView })
  startDuplicateRun(@CurrentCommand() command: Command): Promise<DuplicateRunView> {
    return this.runs.start(command);
  }

  @Get('duplicate-runs/:id')
  @Requires('registry:read')
  @ProblemApi()
  @ApiOkResponse({ type: DuplicateRunView })
  getDuplicateRun(@Param('id', IdPipe) id: string, @CurrentActor() actor: Actor): Promise<DuplicateRunView> {
    return this.runs.get(id, actor);
  }

  /** Searches the next commune. Called until `searched` is `communes`; each call is one transaction. */
  @Post('duplicate-runs/:id/chunks')
  @Requires('registry:merge')
  @CommandApi()
  @ApiCreatedResponse({ type: DuplicateRunView })
  searchDuplicates(
    @Param('id', IdPipe) id: string,
    @CurrentCommand() command: Command,
  ): Promise<DuplicateRunView> {
    return this.runs.searchNext(id, command);
  }
}
