import { Controller, Get, Headers, Param, Post, Query, Req, type StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { CurrentReader, PurposeApi, type Reader } from '@ansinh/access-log';
import { type Actor, CurrentActor, Requires } from '@ansinh/auth';
import { type Command, CurrentCommand } from '@ansinh/idempotency';
import { IdPipe } from '@ansinh/problem';
import { CommandApi, PageQuery, ProblemApi } from '@ansinh/service';
import {
  ListApi,
  type ListHeaders,
  ListUploadApi,
  pageOrWorkbook,
  RemarkedListApi,
  RemarkedListQuery,
  remarkedListRequest,
} from '@ansinh/uploads';
import {
  ListFindingPage,
  SupportListPage,
  SupportListQuery,
  SupportListsQuery,
  SupportListView,
} from './list.dto.js';
import { ListService } from './list.service.js';
import { RemarkedListService } from './remarked-list.service.js';
import { findingSheet, listSheet } from './list-sheets.js';

@ApiTags('lists')
@ApiBearerAuth('bearer')
@Controller('v1/support-lists')
export class ListController {
  constructor(
    private readonly lists: ListService,
    private readonly remarked: RemarkedListService,
  ) {}

  /** Takes a list in whole. A row that cannot be read stays out, with a finding; nobody is decided on half. */
  @Post()
  @Requires('support:apply')
  @CommandApi()
  @ListUploadApi()
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
  @ListApi(SupportListPage)
  listLists(
    @Query() query: SupportListsQuery,
    @Headers() headers: ListHeaders,
    @CurrentActor() actor: Actor,
  ): Promise<SupportListPage | StreamableFile> {
    return pageOrWorkbook(headers, listSheet, (pages) => this.lists.list({ ...query, ...pages }, actor));
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
  @ListApi(ListFindingPage)
  listListFindings(
    @Param('id', IdPipe) id: string,
    @Query() query: PageQuery,
    @Headers() headers: ListHeaders,
    @CurrentActor() actor: Actor,
  ): Promise<ListFindingPage | StreamableFile> {
    return pageOrWorkbook(headers, findingSheet, (pages) =>
      this.lists.findings(id, { ...query, ...pages }, actor),
    );
  }

  /** The list again with a column of remarks; as XLSX by `Accept`, else as CSV. Numbers are masked without a purpose. */
  @Get(':id/list')
  @Requires('support:read')
  @ProblemApi()
  @PurposeApi()
  @RemarkedListApi()
  getRemarkedList(
    @Param('id', IdPipe) id: string,
    @Query() query: RemarkedListQuery,
    @Headers() headers: ListHeaders,
    @CurrentReader() reader: Reader,
  ): Promise<StreamableFile> {
    return this.remarked.open(id, remarkedListRequest(headers, query), reader);
  }
}
