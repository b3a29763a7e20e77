import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor, Requires } from '@ansinh/auth';
import { type Command, CurrentCommand } from '@ansinh/idempotency';
import { CommandApi, PageQuery, ProblemApi } from '@ansinh/service';
import { CloseDay, ClosingPage, ClosingView } from './closing.dto.js';
import { ClosingService } from './closing.service.js';

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
  @ApiOkResponse({ type: ClosingPage })
  listDayClosings(@Query() page: PageQuery, @CurrentActor() actor: Actor): Promise<ClosingPage> {
    return this.closings.list(page, actor);
  }
}
