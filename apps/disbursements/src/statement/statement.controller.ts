import { Controller, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiConsumes, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { type Actor, CurrentActor, Requires } from '@ansinh/auth';
import { type Command, CurrentCommand } from '@ansinh/idempotency';
import { IdPipe } from '@ansinh/problem';
import { CommandApi, PageQuery, ProblemApi, streamOf } from '@ansinh/service';
import { streamedTypes } from '../rest.js';
import { ReconciliationService } from './reconciliation.service.js';
import { ReconciliationView, StatementImport, StatementPage } from './statement.dto.js';
import { StatementService } from './statement.service.js';

@ApiTags('statements')
@ApiBearerAuth('bearer')
@Controller('v1')
export class StatementController {
  constructor(
    private readonly statements: StatementService,
    private readonly reconciliations: ReconciliationService,
  ) {}

  @Post('statements')
  @HttpCode(200)
  @Requires('statement:write')
  @CommandApi()
  @ApiConsumes(streamedTypes.xml, streamedTypes.mt940)
  @ApiBody({
    schema: { type: 'string', format: 'binary' },
    description: 'camt.052, camt.053, camt.054, MT940 or pain.002; told by its content',
  })
  @ApiOkResponse({ type: StatementImport })
  importStatement(
    @Req() request: FastifyRequest,
    @CurrentCommand() command: Command,
  ): Promise<StatementImport> {
    return this.statements.upload(streamOf(request, streamedTypes), command);
  }

  @Get('statements')
  @Requires('batch:read')
  @ProblemApi()
  @ApiOkResponse({ type: StatementPage })
  listStatements(@Query() query: PageQuery, @CurrentActor() actor: Actor): Promise<StatementPage> {
    return this.statements.list(actor, query);
  }

  /** approved = paid + returned + refused + in flight, counted three ways. */
  @Get('batches/:id/reconciliation')
  @Requires('batch:read')
  @ProblemApi()
  @ApiOkResponse({ type: ReconciliationView })
  reconcileBatch(@Param('id', IdPipe) id: string, @CurrentActor() actor: Actor): Promise<ReconciliationView> {
    return this.reconciliations.ofBatch(id, actor);
  }
}
