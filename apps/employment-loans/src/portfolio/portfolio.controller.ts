import { Controller, Get, Headers, Query, type StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor, Requires } from '@ansinh/auth';
import { languageOf } from '@ansinh/language';
import { ProblemApi } from '@ansinh/service';
import { asksForWorkbook, ListApi, type ListHeaders, workbook } from '@ansinh/uploads';
import { PortfolioQuery, PortfolioView } from './portfolio.dto.js';
import { PortfolioService } from './portfolio.service.js';
import { portfolioSheet } from './portfolio-sheet.js';

@ApiTags('servicing')
@ApiBearerAuth('bearer')
@Controller('v1/loan-portfolio')
export class PortfolioController {
  constructor(private readonly portfolio: PortfolioService) {}

  /** What is out at the end of a day, and how it stands. The lines are all of them: as many as places, products and groups have. */
  @Get()
  @Requires('loan:read')
  @ProblemApi()
  @ListApi(PortfolioView)
  async getLoanPortfolio(
    @Query() query: PortfolioQuery,
    @Headers() headers: ListHeaders,
    @CurrentActor() actor: Actor,
  ): Promise<PortfolioView | StreamableFile> {
    const view = await this.portfolio.asOf(query, actor);
    if (!asksForWorkbook(headers)) return view;
    return workbook(portfolioSheet, [view.items], languageOf(headers['accept-language']));
  }
}
