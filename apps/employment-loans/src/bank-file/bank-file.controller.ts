import {
  Controller,
  Get,
  Headers,
  HttpCode,
  Param,
  Post,
  Query,
  Req,
  type StreamableFile,
} from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
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
  remarkedListRequest,
} from '@ansinh/uploads';
import {
  BankFilePage,
  BankFileQuery,
  BankFilesQuery,
  BankFileView,
  GroupPage,
  RemarkedFileQuery,
} from './bank-file.dto.js';
import { BankFileService } from './bank-file.service.js';
import { bankFileSheet, groupSheet } from './bank-file-sheets.js';
import { RemarkedFileService } from './remarked-file.service.js';

@ApiTags('bank files')
@ApiBearerAuth('bearer')
@Controller('v1/bank-files')
export class BankFileController {
  constructor(
    private readonly files: BankFileService,
    private readonly remarked: RemarkedFileService,
  ) {}

  /** Takes a file in and looks at it: a dry run, which changes no loan. */
  @Post()
  @Requires('loan:service')
  @CommandApi()
  @ListUploadApi()
  @ApiCreatedResponse({ type: BankFileView })
  bringBankFile(
    @Req() request: FastifyRequest,
    @Query() query: BankFileQuery,
    @CurrentCommand() command: Command,
  ): Promise<BankFileView> {
    return this.files.bring(request, query, command);
  }

  @Get()
  @Requires('loan:read')
  @ProblemApi()
  @ListApi(BankFilePage)
  listBankFiles(
    @Query() query: BankFilesQuery,
    @Headers() headers: ListHeaders,
    @CurrentActor() actor: Actor,
  ): Promise<BankFilePage | StreamableFile> {
    return pageOrWorkbook(headers, bankFileSheet, (pages) => this.files.list({ ...query, ...pages }, actor));
  }

  @Get(':id')
  @Requires('loan:read')
  @ProblemApi()
  @ApiOkResponse({ type: BankFileView })
  getBankFile(@Param('id', IdPipe) id: string, @CurrentActor() actor: Actor): Promise<BankFileView> {
    return this.files.get(id, actor);
  }

  /** Called until `isFinished`; each call is one transaction. */
  @Post(':id/chunks')
  @Requires('loan:service')
  @HttpCode(200)
  @CommandApi()
  @ApiOkResponse({ type: BankFileView })
  applyBankFile(@Param('id', IdPipe) id: string, @CurrentCommand() command: Command): Promise<BankFileView> {
    return this.files.apply(id, command);
  }

  @Get(':id/groups')
  @Requires('loan:read')
  @ProblemApi()
  @ListApi(GroupPage)
  listBankFileGroups(
    @Param('id', IdPipe) id: string,
    @Query() page: PageQuery,
    @Headers() headers: ListHeaders,
    @CurrentActor() actor: Actor,
  ): Promise<GroupPage | StreamableFile> {
    return pageOrWorkbook(headers, groupSheet, (pages) =>
      this.files.groups(id, { ...page, ...pages }, actor),
    );
  }

  /** The file again with a column of remarks; as XLSX by `Accept`, else as CSV. */
  @Get(':id/list')
  @Requires('loan:read')
  @ProblemApi()
  @RemarkedListApi()
  getBankFileList(
    @Param('id', IdPipe) id: string,
    @Query() query: RemarkedFileQuery,
    @Headers() headers: ListHeaders,
    @CurrentActor() actor: Actor,
  ): Promise<StreamableFile> {
    return this.remarked.open(id, remarkedListRequest(headers, query), actor);
  }
}
