import { Controller, Get, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor, Requires } from '@ansinh/auth';
import { FollowQuery, ProblemApi } from '@ansinh/service';
import { LoanEventPage } from './event.dto.js';
import { EventService } from './event.service.js';

@ApiTags('events')
@ApiBearerAuth('bearer')
@Controller('v1/events')
export class EventController {
  constructor(private readonly events: EventService) {}

  /** Instalments that fall due in 15 days, or are overdue, and loans that closed: each once. */
  @Get()
  @Requires('loan:read')
  @ProblemApi()
  @ApiOkResponse({ type: LoanEventPage })
  listLoanEvents(@Query() query: FollowQuery, @CurrentActor() actor: Actor): Promise<LoanEventPage> {
    return this.events.list(query, actor);
  }
}
