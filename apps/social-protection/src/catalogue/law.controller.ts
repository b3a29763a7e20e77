import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor, Requires } from '@ansinh/auth';
import { ProblemApi } from '@ansinh/service';
import {
  ExplainLaw,
  LawChangeList,
  LawComparisonQuery,
  LawExplanation,
  LawProgrammeList,
  LawQuery,
  LawView,
} from './law.dto.js';
import { LawService } from './law.service.js';

@ApiTags('law')
@ApiBearerAuth('bearer')
@Controller('v1/law/programmes')
export class LawController {
  constructor(private readonly law: LawService) {}

  @Get()
  @Requires('support:read')
  @ProblemApi()
  @ApiOkResponse({ type: LawProgrammeList })
  listLawProgrammes(): LawProgrammeList {
    return { items: this.law.programmes() };
  }

  /** Rules and values of a programme with their articles, as they are for a day and were known on another. */
  @Get(':code')
  @Requires('support:read')
  @ProblemApi()
  @ApiOkResponse({ type: LawView })
  getLaw(
    @Param('code') code: string,
    @Query() query: LawQuery,
    @CurrentActor() actor: Actor,
  ): Promise<LawView> {
    return this.law.get(code, query, actor);
  }

  /** What began, ended or was rewritten between two days, and which values changed. */
  @Get(':code/comparison')
  @Requires('support:read')
  @ProblemApi()
  @ApiOkResponse({ type: LawChangeList })
  async compareLaw(
    @Param('code') code: string,
    @Query() query: LawComparisonQuery,
    @CurrentActor() actor: Actor,
  ): Promise<LawChangeList> {
    return { items: await this.law.compare(code, query, actor) };
  }

  /** What the law says of facts, and why. Nothing is decided or kept; facts stand in the body and in no address. */
  @Post(':code/explanations')
  @HttpCode(200)
  @Requires('support:read')
  @ProblemApi()
  @ApiOkResponse({ type: LawExplanation })
  explainLaw(
    @Param('code') code: string,
    @Body() input: ExplainLaw,
    @CurrentActor() actor: Actor,
  ): Promise<LawExplanation> {
    return this.law.explain(code, input, actor);
  }
}
