import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Public } from '@ansinh/auth';
import { ProblemApi } from '@ansinh/service';
import { TrackDossier, TrackedDossier } from './tracking.dto.js';
import { TrackingService } from './tracking.service.js';

/** A person looks a few times; who guesses needs millions. */
const triesPerMinute = 20;

@ApiTags('tracking')
@Controller('v1/tracking')
export class TrackingController {
  constructor(private readonly tracking: TrackingService) {}

  /** For applicants, by what stands on the receipt. In the body: an address would stay in histories and logs. */
  @Post()
  @HttpCode(200)
  @Public()
  @RouteConfig({ rateLimit: { max: triesPerMinute, timeWindow: 60_000 } })
  @ProblemApi()
  @ApiOkResponse({ type: TrackedDossier })
  trackDossier(@Body() input: TrackDossier): Promise<TrackedDossier> {
    return this.tracking.track(input);
  }
}
