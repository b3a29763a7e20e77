import { Controller, Get, Param, Post, Query, Req } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiBody,
  ApiConsumes,
  ApiCreatedResponse,
  ApiOkResponse,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { type Actor, CurrentActor, Requires } from '@ansinh/auth';
import { type Command, CurrentCommand } from '@ansinh/idempotency';
import { IdPipe } from '@ansinh/problem';
import { CommandApi, PageQuery, ProblemApi } from '@ansinh/service';
import { listTypes } from '@ansinh/uploads';
import {
  ListFindingPage,
  SupportListPage,
  SupportListQuery,
  SupportListsQuery,
  SupportListView,
} from './list.dto.js';
import { ListService } from './list.service.js';

@ApiTags('lists')
@ApiBearerAuth('bearer')
@Controller('v1/support-lists')
export class ListController {
  constructor(private readonly lists: ListService) {}

  /** Takes a list in whole. A row that cannot be read stays out, with a finding; nobody is decided on half. */
  @Post()
  @Requires('support:apply')
  @CommandApi()
  @ApiConsumes(listTypes.csv, listTypes.ndjson, listTypes.xlsx)
  @ApiBody({ schema: { type: 'string', format: 'binary' } })
  @ApiCreatedResponse({ type: SupportListView })
  bringList(
    @Req() request: FastifyRequest,
    @Query() head: SupportListQuery,
    @CurrentCommand() command: Command,
  ): Promise<SupportListView> {
    return this.lists.bring(request, head, command);
  }

  @Get()
  @Requires('support:read')
  @ProblemApi()
  @ApiOkResponse({ type: SupportListPage })
  listLists(@Query() query: SupportListsQuery, @CurrentActor() actor: Actor): Promise<SupportListPage> {
    return this.lists.list(query, actor);
  }

  @Get(':id')
  @Requires('support:read')
  @ProblemApi()
  @ApiOkResponse({ type: SupportListView })
  getList(@Param('id', IdPipe) id: string, @CurrentActor() actor: Actor): Promise<SupportListView> {
    return this.lists.get(id, actor);
  }

  @Get(':id/findings')
  @Requires('support:read')
  @ProblemApi()
  @ApiOkResponse({ type: ListFindingPage })
  listListFindings(
    @Param('id', IdPipe) id: string,
    @Query() query: PageQuery,
    @CurrentActor() actor: Actor,
  ): Promise<ListFindingPage> {
    return this.lists.findings(id, query, actor);
  }
}
