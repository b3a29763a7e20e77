import { Controller, Get, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor, Requires } from '@ansinh/auth';
import { ProblemApi } from '@ansinh/service';
import { AccessLogQuery, AccessPage } from './access-log.dto.js';
import { AccessLogService } from './access-log.service.js';

@ApiTags('privacy')
@ApiBearerAuth('bearer')
@Controller('v1/access-log')
export class AccessLogController {
  constructor(private readonly log: AccessLogService) {}

  @Get()
  @Requires('audit:read')
  @ProblemApi()
  @ApiOkResponse({ type: AccessPage })
  listAccesses(@Query() query: AccessLogQuery, @CurrentActor() actor: Actor): Promise<AccessPage> {
    return this.log.list(query, actor);
  }
}
