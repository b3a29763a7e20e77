import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Requires } from '@ansinh/auth';
import { ProblemApi } from '@ansinh/service';
import { previewOf } from './preview-of.js';
import { PreviewSchedule, ScheduleView } from './schedule-preview.dto.js';

@ApiTags('loans')
@ApiBearerAuth('bearer')
@Controller('v1/loan-schedule-previews')
export class SchedulePreviewController {
  /** Nothing is kept of it. */
  @Post()
  @Requires('loan:read')
  @HttpCode(200)
  @ProblemApi()
  @ApiOkResponse({ type: ScheduleView })
  previewLoanSchedule(@Body() input: PreviewSchedule): ScheduleView {
    return previewOf(input);
  }
}
