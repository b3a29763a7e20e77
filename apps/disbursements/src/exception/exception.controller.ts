import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor, Requires } from '@ansinh/auth';
import { type Command, CurrentCommand } from '@ansinh/idempotency';
import { IdPipe } from '@ansinh/problem';
import { CommandApi, ProblemApi } from '@ansinh/service';
import {
  AssignmentInput,
  ExceptionPage,
  ExceptionQuery,
  ExceptionView,
  ResolutionInput,
} from './exception.dto.js';
import { ExceptionService } from './exception.service.js';

@ApiTags('exceptions')
@ApiBearerAuth('bearer')
@Controller('v1')
export class ExceptionController {
  constructor(private readonly exceptions: ExceptionService) {}

  @Get('exceptions')
  @Requires('batch:read')
  @ProblemApi()
  @ApiOkResponse({ type: ExceptionPage })
  listExceptions(@Query() query: ExceptionQuery, @CurrentActor() actor: Actor): Promise<ExceptionPage> {
    return this.exceptions.list(actor, query);
  }

  @Get('batches/:id/exceptions')
  @Requires('batch:read')
  @ProblemApi()
  @ApiOkResponse({ type: ExceptionPage })
  listBatchExceptions(
    @Param('id', IdPipe) batchId: string,
    @Query() query: ExceptionQuery,
    @CurrentActor() actor: Actor,
  ): Promise<ExceptionPage> {
    return this.exceptions.ofBatch(batchId, query, actor);
  }

  @Post('exceptions/:id/assignment')
  @HttpCode(200)
  @Requires('exception:resolve')
  @CommandApi()
  @ApiOkResponse({ type: ExceptionView })
  assignException(
    @Param('id', IdPipe) id: string,
    @Body() input: AssignmentInput,
    @CurrentCommand() command: Command,
  ): Promise<ExceptionView> {
    return this.exceptions.assign(id, input, command);
  }

  @Post('exceptions/:id/resolution')
  @HttpCode(200)
  @Requires('exception:resolve')
  @CommandApi()
  @ApiOkResponse({ type: ExceptionView })
  resolveException(
    @Param('id', IdPipe) id: string,
    @Body() input: ResolutionInput,
    @CurrentCommand() command: Command,
  ): Promise<ExceptionView> {
    return this.exceptions.resolve(id, input, command);
  }
}
