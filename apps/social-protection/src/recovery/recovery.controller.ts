import { Body, Controller, Get, Headers, Param, Post, Query, type StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor, Requires } from '@ansinh/auth';
import { type Command, CurrentCommand } from '@ansinh/idempotency';
import { IdPipe } from '@ansinh/problem';
import { CommandApi, ProblemApi } from '@ansinh/service';
import { ListApi, type ListHeaders, pageOrWorkbook } from '@ansinh/uploads';
import {
  ProposeRecovery,
  RecoveriesQuery,
  RecoveryPage,
  RecoveryReason,
  RecoveryView,
} from './recovery.dto.js';
import { RecoveryService } from './recovery.service.js';
import { recoverySheet } from './recovery-sheets.js';

@ApiTags('recoveries')
@ApiBearerAuth('bearer')
@Controller('v1/recoveries')
export class RecoveryController {
  constructor(private readonly recoveries: RecoveryService) {}

  /** All or part of what is owed: out of months to come, paid back by a receipt, or waived by a decision. */
  @Post()
  @Requires('support:apply')
  @CommandApi()
  @ApiCreatedResponse({ type: RecoveryView })
  proposeRecovery(@Body() input: ProposeRecovery, @CurrentCommand() command: Command): Promise<RecoveryView> {
    return this.recoveries.propose(input, command);
  }

  @Get()
  @Requires('support:read')
  @ProblemApi()
  @ListApi(RecoveryPage)
  listRecoveries(
    @Query() query: RecoveriesQuery,
    @Headers() headers: ListHeaders,
    @CurrentActor() actor: Actor,
  ): Promise<RecoveryPage | StreamableFile> {
    return pageOrWorkbook(headers, recoverySheet, (pages) =>
      this.recoveries.list({ ...query, ...pages }, actor),
    );
  }

  @Get(':id')
  @Requires('support:read')
  @ProblemApi()
  @ApiOkResponse({ type: RecoveryView })
  getRecovery(@Param('id', IdPipe) id: string, @CurrentActor() actor: Actor): Promise<RecoveryView> {
    return this.recoveries.get(id, actor);
  }

  /** By somebody else than who proposed it. What was paid back, or is waived, is booked at once. */
  @Post(':id/approval')
  @Requires('support:approve')
  @CommandApi()
  @ApiCreatedResponse({ type: RecoveryView })
  approveRecovery(
    @Param('id', IdPipe) id: string,
    @CurrentCommand() command: Command,
  ): Promise<RecoveryView> {
    return this.recoveries.approve(id, command);
  }

  @Post(':id/rejection')
  @Requires('support:approve')
  @CommandApi()
  @ApiCreatedResponse({ type: RecoveryView })
  rejectRecovery(
    @Param('id', IdPipe) id: string,
    @Body() { reason }: RecoveryReason,
    @CurrentCommand() command: Command,
  ): Promise<RecoveryView> {
    return this.recoveries.reject(id, reason, command);
  }

  @Post(':id/withdrawal')
  @Requires('support:apply')
  @CommandApi()
  @ApiCreatedResponse({ type: RecoveryView })
  withdrawRecovery(
    @Param('id', IdPipe) id: string,
    @Body() { reason }: RecoveryReason,
    @CurrentCommand() command: Command,
  ): Promise<RecoveryView> {
    return this.recoveries.withdraw(id, reason, command);
  }

  /** No month gives any more; what was not taken is owed still. */
  @Post(':id/end')
  @Requires('support:approve')
  @CommandApi()
  @ApiCreatedResponse({ type: RecoveryView })
  endRecovery(
    @Param('id', IdPipe) id: string,
    @Body() { reason }: RecoveryReason,
    @CurrentCommand() command: Command,
  ): Promise<RecoveryView> {
    return this.recoveries.end(id, reason, command);
  }
}
