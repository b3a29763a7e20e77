import { Body, Controller, Get, Headers, Post, Query, type StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor, Requires } from '@ansinh/auth';
import { type Command, CurrentCommand } from '@ansinh/idempotency';
import { CommandApi, PageQuery, ProblemApi } from '@ansinh/service';
import { ListApi, type ListHeaders, pageOrWorkbook } from '@ansinh/uploads';
import { CloseDay, ClosingPage, ClosingView } from './closing.dto.js';
import { ClosingService } from './closing.service.js';
import { closingSheet } from './closing-sheet.js';

@ApiTags('closings')
@ApiBearerAuth('bearer')
@Controller('v1/day-closings')
export class ClosingController {
  constructor(private readonly closings: ClosingService) {}

  @Post()
  @Requires('loan:service')
  @CommandApi()
  @ApiCreatedResponse({ type: ClosingView })
  closeLoanDay(@Body() { day }: CloseDay, @CurrentCommand() command: Command): Promise<ClosingView> {
    return this.closings.start(day, command);
  }

  /** The latest day is on top. */
  @Get()
  @Requires('loan:read')
  @ProblemApi()
  @ListApi(ClosingPage)
  listDayClosings(
    @Query() page: PageQuery,
    @Headers() headers: ListHeaders,
    @CurrentActor() actor: Actor,
  ): Promise<ClosingPage | StreamableFile> {
    return pageOrWorkbook(headers, closingSheet, (pages) => this.closings.list({ ...page, ...pages }, actor));
  }
}
