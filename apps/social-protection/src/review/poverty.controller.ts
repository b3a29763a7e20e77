import { Controller, Get, Headers, Param, Query, type StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiExtraModels, ApiOkResponse, ApiTags, getSchemaPath } from '@nestjs/swagger';
import { type Actor, CurrentActor, Requires } from '@ansinh/auth';
import { languageOf } from '@ansinh/language';
import { IdPipe } from '@ansinh/problem';
import { ProblemApi } from '@ansinh/service';
import { listTypes } from '@ansinh/uploads';
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
  @ApiOkResponse({ type: ReviewedHouseholdPage })
  listReviewedHouseholds(
    @Query() query: HouseholdsQuery,
    @CurrentActor() actor: Actor,
  ): Promise<ReviewedHouseholdPage> {
    return this.households.list(query, actor);
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
  @ApiExtraModels(PovertyRateList)
  @ApiOkResponse({
    content: {
      'application/json': { schema: { $ref: getSchemaPath(PovertyRateList) } },
      [listTypes.xlsx]: { schema: { type: 'string', format: 'binary' } },
    },
  })
  async listPovertyRates(
    @Query() { year }: YearQuery,
    @Headers() headers: { accept?: string; 'accept-language'?: string },
    @CurrentActor() actor: Actor,
  ): Promise<PovertyRateList | StreamableFile> {
    const items = await this.rates.ofYear(year, actor);
    if (!headers.accept?.includes(listTypes.xlsx)) return { items };
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
