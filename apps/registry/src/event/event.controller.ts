import { Controller, Get, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor, Requires } from '@ansinh/auth';
import { FollowQuery, ProblemApi } from '@ansinh/service';
import { EventPage } from './event.dto.js';
import { EventService } from './event.service.js';

@ApiTags('events')
@ApiBearerAuth('bearer')
@Controller('v1/events')
export class EventController {
  constructor(private readonly events: EventService) {}

  @Get()
  @Requires('registry:follow')
  @ProblemApi()
  @ApiOkResponse({ type: EventPage })
  listEvents(@Query() query: FollowQuery, @CurrentActor() actor: Actor): Promise<EventPage> {
    return this.events.list(query, actor);
  }
}
