import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBearerAuth, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Requires } from '@ansinh/auth';
import { type Command, CurrentCommand } from '@ansinh/idempotency';
import { CommandApi, ProblemApi } from '@ansinh/service';
import { RecoveryNote, RecoveryStatus } from './recovery.dto.js';
import { RecoveryService } from './recovery.service.js';

/** The books belong to the service as a whole, not to an office. */
@ApiTags('recovery')
@ApiBearerAuth('bearer')
@Controller('v1/recovery')
export class RecoveryController {
  constructor(private readonly recoveries: RecoveryService) {}

  @Get()
  @Requires('verify:read')
  @ProblemApi()
  @ApiOkResponse({ type: RecoveryStatus })
  getRecovery(): Promise<RecoveryStatus> {
    return this.recoveries.status();
  }

  /** Nothing is sent until it is ended. The worker asks the bank for every open message, then reads all its documents. */
  @Post()
  @HttpCode(202)
  @Requires('recovery:run')
  @CommandApi()
  @ApiAcceptedResponse({ type: RecoveryStatus })
  beginRecovery(@Body() { note }: RecoveryNote, @CurrentCommand() command: Command): Promise<RecoveryStatus> {
    return this.recoveries.begin(note, command);
  }

  /** Opens the way to the bank again. Batches that were being sent stay paused until a person resumes each. */
  @Post('end')
  @HttpCode(200)
  @Requires('recovery:run')
  @CommandApi()
  @ApiOkResponse({ type: RecoveryStatus })
  endRecovery(@Body() { note }: RecoveryNote, @CurrentCommand() command: Command): Promise<RecoveryStatus> {
    return this.recoveries.end(note, command);
  }
}
