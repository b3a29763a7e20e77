import { Body, Controller, Get, Headers, Param, Post, Query, type StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor, Requires } from '@ansinh/auth';
import { type Command, CurrentCommand } from '@ansinh/idempotency';
import { IdPipe } from '@ansinh/problem';
import { CommandApi, ProblemApi } from '@ansinh/service';
import { ListApi, type ListHeaders, pageOrWorkbook } from '@ansinh/uploads';
import {
  AnswerNotice,
  RegistryNoticePage,
  RegistryNoticesQuery,
  RegistryNoticeView,
} from './registry-notice.dto.js';
import { RegistryNoticeService } from './registry-notice.service.js';
import { registryNoticeSheet } from './registry-notice-sheet.js';

@ApiTags('registry')
@ApiBearerAuth('bearer')
@Controller('v1/registry-notices')
export class RegistryNoticeController {
  constructor(private readonly notices: RegistryNoticeService) {}

  @Get()
  @Requires('support:read')
  @ProblemApi()
  @ListApi(RegistryNoticePage)
  listRegistryNotices(
    @Query() query: RegistryNoticesQuery,
    @Headers() headers: ListHeaders,
    @CurrentActor() actor: Actor,
  ): Promise<RegistryNoticePage | StreamableFile> {
    return pageOrWorkbook(headers, registryNoticeSheet, (pages) =>
      this.notices.list({ ...query, ...pages }, actor),
    );
  }

  /** Of one that is open: what an official made of it. */
  @Post(':id/answer')
  @Requires('support:apply')
  @CommandApi()
  @ApiCreatedResponse({ type: RegistryNoticeView })
  answerRegistryNotice(
    @Param('id', IdPipe) id: string,
    @Body() input: AnswerNotice,
    @CurrentCommand() command: Command,
  ): Promise<RegistryNoticeView> {
    return this.notices.answer(id, input, command);
  }
}
