import { Controller, Get, Headers, Param, Query, type StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor, Requires } from '@ansinh/auth';
import { languageOf } from '@ansinh/language';
import { IdPipe } from '@ansinh/problem';
import { ProblemApi } from '@ansinh/service';
import { asksForWorkbook, ListApi, type ListHeaders, pageOrWorkbook } from '@ansinh/uploads';
import { householdSheet } from './household-sheet.js';
import { HouseholdService } from './household.service.js';
import { rateWorkbook } from './rate-workbook.js';
import { RateService } from './rate.service.js';
import { DeprivationList, PovertyRateList, YearQuery } from './rate.dto.js';
import { ExplainedHousehold, HouseholdsQuery, ReviewedHouseholdPage } from './review.dto.js';

@ApiTags('poverty reviews')
@ApiBearerAuth('bearer')
@Controller('v1')
export class PovertyController {
  constructor(
    private readonly households: HouseholdService,
    private readonly rates: RateService,
  ) {}

  @Get('reviewed-households')
  @Requires('support:read')
  @ProblemApi()
  @ListApi(ReviewedHouseholdPage)
  listReviewedHouseholds(
    @Query() query: HouseholdsQuery,
    @Headers() headers: ListHeaders,
    @CurrentActor() actor: Actor,
  ): Promise<ReviewedHouseholdPage | StreamableFile> {
    return pageOrWorkbook(headers, householdSheet, (pages) =>
      this.households.list({ ...query, ...pages }, actor),
    );
  }

  @Get('reviewed-households/:id')
  @Requires('support:read')
  @ProblemApi()
  @ApiOkResponse({ type: ExplainedHousehold })
  getReviewedHousehold(
    @Param('id', IdPipe) id: string,
    @CurrentActor() actor: Actor,
  ): Promise<ExplainedHousehold> {
    return this.households.get(id, actor);
  }

  /** As a page, or as a workbook by `Accept`. It names nobody. */
  @Get('poverty-rates')
  @Requires('support:read')
  @ProblemApi()
  @ListApi(PovertyRateList)
  async listPovertyRates(
    @Query() { year }: YearQuery,
    @Headers() headers: ListHeaders,
    @CurrentActor() actor: Actor,
  ): Promise<PovertyRateList | StreamableFile> {
    const items = await this.rates.ofYear(year, actor);
    if (!asksForWorkbook(headers)) return { items };
    return rateWorkbook(year, items, languageOf(headers['accept-language']));
  }

  @Get('poverty-deprivations')
  @Requires('support:read')
  @ProblemApi()
  @ApiOkResponse({ type: DeprivationList })
  async listDeprivations(
    @Query() { year }: YearQuery,
    @CurrentActor() actor: Actor,
  ): Promise<DeprivationList> {
    return { items: await this.rates.deprivations(year, actor) };
  }
}
