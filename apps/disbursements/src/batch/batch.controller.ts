import { Body, Controller, Get, HttpCode, Param, Post, Put, Query, Req } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiExtraModels,
  ApiOkResponse,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { type Actor, CurrentActor, Requires } from '@ansinh/auth';
import { type Command, CurrentCommand } from '@ansinh/idempotency';
import { IdPipe } from '@ansinh/problem';
import { CommandApi, ProblemApi } from '@ansinh/service';
import { ListUploadApi } from '@ansinh/uploads';
import { ApprovalService } from '../approval/approval.service.js';
import { ImportQuery } from '../list-import/list-import.dto.js';
import { ListImportService } from '../list-import/list-import.service.js';
import { TransmissionService } from '../transmission/transmission.service.js';
import {
  ApprovalInput,
  BatchPage,
  BatchQuery,
  BatchView,
  CreateBatch,
  FindingCount,
  ReasonInput,
} from './batch.dto.js';
import { BatchService } from './batch.service.js';

/** The life of a batch; each verb is a resource. */
@ApiTags('batches')
@ApiBearerAuth('bearer')
@ApiExtraModels(FindingCount)
@Controller('v1/batches')
export class BatchController {
  constructor(
    private readonly batches: BatchService,
    private readonly imports: ListImportService,
    private readonly approvals: ApprovalService,
    private readonly transmissions: TransmissionService,
  ) {}

  @Post()
  @Requires('batch:write')
  @CommandApi()
  @ApiCreatedResponse({ type: BatchView })
  createBatch(@Body() input: CreateBatch, @CurrentCommand() command: Command): Promise<BatchView> {
    return this.batches.create(input, command);
  }

  @Get()
  @Requires('batch:read')
  @ProblemApi()
  @ApiOkResponse({ type: BatchPage })
  listBatches(@Query() query: BatchQuery, @CurrentActor() actor: Actor): Promise<BatchPage> {
    return this.batches.list(actor, query);
  }

  @Get(':id')
  @Requires('batch:read')
  @ProblemApi()
  @ApiOkResponse({ type: BatchView })
  getBatch(@Param('id', IdPipe) id: string, @CurrentActor() actor: Actor): Promise<BatchView> {
    return this.batches.get(id, actor);
  }

  /** Replaces the list of the batch by the one in the body, whole or not at all, and has it checked. */
  @Put(':id/payments')
  @HttpCode(202)
  @Requires('batch:write')
  @ProblemApi()
  @ListUploadApi()
  @ApiAcceptedResponse({ type: BatchView })
  importPayments(
    @Param('id', IdPipe) id: string,
    @Query() query: ImportQuery,
    @Req() request: FastifyRequest,
    @CurrentCommand() command: Command,
  ): Promise<BatchView> {
    return this.imports.importList(id, request, query.onBlocking, command);
  }

  /** Has the list checked again, e.g. after the fund was given more money. */
  @Post(':id/check')
  @HttpCode(202)
  @Requires('batch:write')
  @CommandApi()
  @ApiAcceptedResponse({ type: BatchView })
  checkBatch(@Param('id', IdPipe) id: string, @CurrentCommand() command: Command): Promise<BatchView> {
    return this.imports.checkAgain(id, command);
  }

  @Post(':id/submission')
  @HttpCode(200)
  @Requires('batch:submit')
  @CommandApi()
  @ApiOkResponse({ type: BatchView })
  submitBatch(@Param('id', IdPipe) id: string, @CurrentCommand() command: Command): Promise<BatchView> {
    return this.approvals.submit(id, command);
  }

  @Post(':id/approval')
  @HttpCode(200)
  @Requires('batch:approve')
  @CommandApi()
  @ApiOkResponse({ type: BatchView })
  approveBatch(
    @Param('id', IdPipe) id: string,
    @Body() input: ApprovalInput,
    @CurrentCommand() command: Command,
  ): Promise<BatchView> {
    return this.approvals.approve(id, input.digest, command);
  }

  @Post(':id/rejection')
  @HttpCode(200)
  @Requires('batch:approve')
  @CommandApi()
  @ApiOkResponse({ type: BatchView })
  rejectBatch(
    @Param('id', IdPipe) id: string,
    @Body() input: ReasonInput,
    @CurrentCommand() command: Command,
  ): Promise<BatchView> {
    return this.approvals.reject(id, input.reason, command);
  }

  /** Starts the sending, and resumes it: after a pause, or where chunks gave up. */
  @Post(':id/transmission')
  @HttpCode(202)
  @Requires('batch:transmit')
  @CommandApi()
  @ApiAcceptedResponse({ type: BatchView })
  transmitBatch(@Param('id', IdPipe) id: string, @CurrentCommand() command: Command): Promise<BatchView> {
    return this.transmissions.transmit(id, command);
  }

  @Post(':id/pause')
  @HttpCode(200)
  @Requires('batch:transmit')
  @CommandApi()
  @ApiOkResponse({ type: BatchView })
  pauseBatch(@Param('id', IdPipe) id: string, @CurrentCommand() command: Command): Promise<BatchView> {
    return this.transmissions.pause(id, command);
  }

  @Post(':id/cancellation')
  @HttpCode(200)
  @Requires('batch:submit')
  @CommandApi()
  @ApiOkResponse({ type: BatchView })
  cancelBatch(
    @Param('id', IdPipe) id: string,
    @Body() input: ReasonInput,
    @CurrentCommand() command: Command,
  ): Promise<BatchView> {
    return this.batches.cancel(id, input.reason, command);
  }

  @Post(':id/closure')
  @HttpCode(200)
  @Requires('batch:transmit')
  @CommandApi()
  @ApiOkResponse({ type: BatchView })
  closeBatch(@Param('id', IdPipe) id: string, @CurrentCommand() command: Command): Promise<BatchView> {
    return this.batches.close(id, command);
  }
}
