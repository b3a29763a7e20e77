import { Controller, Get, Headers, Param, Post, Query, Req, type StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { CurrentReader, PurposeApi, type Reader } from '@ansinh/access-log';
import { type Actor, CurrentActor, Requires } from '@ansinh/auth';
import { type Command, CurrentCommand } from '@ansinh/idempotency';
import { IdPipe } from '@ansinh/problem';
import { CommandApi, PageQuery, ProblemApi } from '@ansinh/service';
import {
  type ListHeaders,
  ListUploadApi,
  RemarkedListApi,
  RemarkedListQuery,
  remarkedListRequest,
} from '@ansinh/uploads';
import { ListApi, ListExportService } from '../export/list-export.service.js';
import { ImportPage, ImportQuery, ImportView } from './import.dto.js';
import { importColumnsOfList } from './import-list-columns.js';
import { ImportService } from './import.service.js';
import { RemarkedImportService } from './remarked-import.service.js';

@ApiTags('imports')
@ApiBearerAuth('bearer')
@Controller('v1/imports')
export class ImportController {
  constructor(
    private readonly imports: ImportService,
    private readonly lists: RemarkedImportService,
    private readonly exports: ListExportService,
  ) {}

  /** Takes a list in and checks it: a dry run, which changes nothing of the registry. */
  @Post()
  @Requires('registry:import')
  @CommandApi()
  @ListUploadApi()
  @ApiCreatedResponse({ type: ImportView })
  checkImport(
    @Req() request: FastifyRequest,
    @Query() { kind }: ImportQuery,
    @CurrentCommand() command: Command,
  ): Promise<ImportView> {
    return this.imports.check(request, kind, command);
  }

  /** Lists of the office, the newest first; those that were swept among them. */
  @Get()
  @Requires('registry:import')
  @ProblemApi()
  @ListApi(ImportPage)
  async listImports(
    @Query() query: PageQuery,
    @Headers() headers: ListHeaders,
    @CurrentReader() reader: Reader,
  ): Promise<ImportPage | StreamableFile> {
    const page = (pages: PageQuery) => this.imports.list(pages, reader.actor);
    const sheet = { vi: 'Lần nhập danh sách', en: 'Imports' };
    const list = { name: 'imports', sheet, columns: importColumnsOfList, page };
    return (await this.exports.asked(headers, list, reader)) ?? page(query);
  }

  @Get(':id')
  @Requires('registry:import')
  @ProblemApi()
  @ApiOkResponse({ type: ImportView })
  getImport(@Param('id', IdPipe) id: string, @CurrentActor() actor: Actor): Promise<ImportView> {
    return this.imports.get(id, actor);
  }

  /**
   * Enters the next rows that nothing blocks. Called until `applied` is `rows`; each call is one transaction. Of people two calls at a
   * time enter different rows.
   */
  @Post(':id/chunks')
  @Requires('registry:import')
  @CommandApi()
  @ApiCreatedResponse({ type: ImportView })
  applyImport(@Param('id', IdPipe) id: string, @CurrentCommand() command: Command): Promise<ImportView> {
    return this.imports.apply(id, command);
  }

  /** The list again with a column of remarks; as XLSX by `Accept`, else as CSV. Numbers are masked without a purpose. */
  @Get(':id/list')
  @Requires('registry:import')
  @ProblemApi()
  @PurposeApi()
  @RemarkedListApi()
  getImportList(
    @Param('id', IdPipe) id: string,
    @Query() query: RemarkedListQuery,
    @Headers() headers: ListHeaders,
    @CurrentReader() reader: Reader,
  ): Promise<StreamableFile> {
    return this.lists.open(id, remarkedListRequest(headers, query), reader);
  }
}
