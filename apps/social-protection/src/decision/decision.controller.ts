import {
  Body,
  Controller,
  Get,
  Headers,
  HttpCode,
  Param,
  Post,
  Query,
  type StreamableFile,
} from '@nestjs/common';
import { ApiBearerAuth, ApiExtraModels, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor, Requires } from '@ansinh/auth';
import { IdPipe } from '@ansinh/problem';
import { ProblemApi } from '@ansinh/service';
import { ListApi, type ListHeaders, pageOrWorkbook } from '@ansinh/uploads';
import {
  DecisionPage,
  DecisionsQuery,
  DecisionView,
  ExplainedDecision,
  ExplainedDecisions,
  FindDecisions,
} from './decision.dto.js';
import { DecisionService } from './decision.service.js';
import { decisionSheet } from './decision-sheet.js';

@ApiTags('decisions')
@ApiBearerAuth('bearer')
@ApiExtraModels(DecisionView)
@Controller('v1/support-decisions')
export class DecisionController {
  constructor(private readonly decisions: DecisionService) {}

  @Get()
  @Requires('support:read')
  @ProblemApi()
  @ListApi(DecisionPage)
  listDecisions(
    @Query() query: DecisionsQuery,
    @Headers() headers: ListHeaders,
    @CurrentActor() actor: Actor,
  ): Promise<DecisionPage | StreamableFile> {
    return pageOrWorkbook(headers, decisionSheet, (pages) =>
      this.decisions.list({ ...query, ...pages }, actor),
    );
  }

  @Get(':id')
  @Requires('support:read')
  @ProblemApi()
  @ApiOkResponse({ type: ExplainedDecision })
  getDecision(@Param('id', IdPipe) id: string, @CurrentActor() actor: Actor): Promise<ExplainedDecision> {
    return this.decisions.get(id, actor);
  }

  /** What was decided of one person, and why. It changes nothing; the number stands in the body and not in an address. */
  @Post('lookup')
  @HttpCode(200)
  @Requires('support:read')
  @ProblemApi()
  @ApiOkResponse({ type: ExplainedDecisions })
  findDecisions(@Body() input: FindDecisions, @CurrentActor() actor: Actor): Promise<ExplainedDecisions> {
    return this.decisions.ofNumber(input, actor);
  }
}
