import { Body, Controller, Get, Headers, Param, Post, Query, Req, type StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { type Actor, CurrentActor, Requires } from '@ansinh/auth';
import { type Command, CurrentCommand } from '@ansinh/idempotency';
import { IdPipe } from '@ansinh/problem';
import { CommandApi, PageQuery, ProblemApi } from '@ansinh/service';
import { ListApi, type ListHeaders, ListUploadApi, pageOrWorkbook } from '@ansinh/uploads';
import { HouseholdService } from './household.service.js';
import {
  ExplainedHousehold,
  GiveReviewReason,
  MeetVillage,
  OpenReview,
  RecordHousehold,
  ReviewFindingPage,
  ReviewListQuery,
  ReviewListView,
  ReviewPage,
  ReviewsQuery,
  ReviewView,
  SignReview,
} from './review.dto.js';
import { ReviewService } from './review.service.js';
import { findingSheet } from '../list/list-sheets.js';
import { reviewSheet } from './review-sheet.js';

@ApiTags('poverty reviews')
@ApiBearerAuth('bearer')
@Controller('v1/poverty-reviews')
export class ReviewController {
  constructor(
    private readonly reviews: ReviewService,
    private readonly households: HouseholdService,
  ) {}

  @Post()
  @Requires('review:write')
  @CommandApi()
  @ApiCreatedResponse({ type: ReviewView })
  openReview(@Body() input: OpenReview, @CurrentCommand() command: Command): Promise<ReviewView> {
    return this.reviews.open(input, command);
  }

  @Get()
  @Requires('support:read')
  @ProblemApi()
  @ListApi(ReviewPage)
  listReviews(
    @Query() query: ReviewsQuery,
    @Headers() headers: ListHeaders,
    @CurrentActor() actor: Actor,
  ): Promise<ReviewPage | StreamableFile> {
    return pageOrWorkbook(headers, reviewSheet, (pages) => this.reviews.list({ ...query, ...pages }, actor));
  }

  @Get(':id')
  @Requires('support:read')
  @ProblemApi()
  @ApiOkResponse({ type: ReviewView })
  getReview(@Param('id', IdPipe) id: string, @CurrentActor() actor: Actor): Promise<ReviewView> {
    return this.reviews.get(id, actor);
  }

  /** Takes one household in, and classifies it at once. Another record of the same head takes its place. */
  @Post(':id/households')
  @Requires('review:write')
  @CommandApi()
  @ApiCreatedResponse({ type: ExplainedHousehold })
  recordHousehold(
    @Param('id', IdPipe) id: string,
    @Body() input: RecordHousehold,
    @CurrentCommand() command: Command,
  ): Promise<ExplainedHousehold> {
    return this.households.record(id, input, command);
  }

  /** Takes a list of households in, with a column for each fact that the law of the day asks. */
  @Post(':id/lists')
  @Requires('review:write')
  @CommandApi()
  @ListUploadApi()
  @ApiCreatedResponse({ type: ReviewListView })
  bringHouseholds(
    @Param('id', IdPipe) id: string,
    @Req() request: FastifyRequest,
    @Query() query: ReviewListQuery,
    @CurrentCommand() command: Command,
  ): Promise<ReviewListView> {
    return this.households.bring(id, request, query, command);
  }

  @Get('lists/:list/findings')
  @Requires('support:read')
  @ProblemApi()
  @ListApi(ReviewFindingPage)
  listReviewFindings(
    @Param('list', IdPipe) list: string,
    @Query() query: PageQuery,
    @Headers() headers: ListHeaders,
    @CurrentActor() actor: Actor,
  ): Promise<ReviewFindingPage | StreamableFile> {
    return pageOrWorkbook(headers, findingSheet, (pages) =>
      this.households.findings(list, { ...query, ...pages }, actor),
    );
  }

  /** The village's meeting: where enough agree, the result is posted; else households are looked at again. */
  @Post(':id/meetings')
  @Requires('review:write')
  @CommandApi()
  @ApiCreatedResponse({ type: ReviewView })
  meetVillage(
    @Param('id', IdPipe) id: string,
    @Body() input: MeetVillage,
    @CurrentCommand() command: Command,
  ): Promise<ReviewView> {
    return this.reviews.meet(id, input, command);
  }

  @Post(':id/reopening')
  @Requires('review:write')
  @CommandApi()
  @ApiCreatedResponse({ type: ReviewView })
  reopenReview(
    @Param('id', IdPipe) id: string,
    @Body() { reason }: GiveReviewReason,
    @CurrentCommand() command: Command,
  ): Promise<ReviewView> {
    return this.reviews.reopen(id, reason, command);
  }

  @Post(':id/submission')
  @Requires('review:write')
  @CommandApi()
  @ApiCreatedResponse({ type: ReviewView })
  submitReview(@Param('id', IdPipe) id: string, @CurrentCommand() command: Command): Promise<ReviewView> {
    return this.reviews.submit(id, command);
  }

  /** Recognises the list; the rates of the year count it from then on. */
  @Post(':id/approval')
  @Requires('review:approve')
  @CommandApi()
  @ApiCreatedResponse({ type: ReviewView })
  approveReview(
    @Param('id', IdPipe) id: string,
    @Body() input: SignReview,
    @CurrentCommand() command: Command,
  ): Promise<ReviewView> {
    return this.reviews.approve(id, input, command);
  }

  @Post(':id/rejection')
  @Requires('review:approve')
  @CommandApi()
  @ApiCreatedResponse({ type: ReviewView })
  rejectReview(
    @Param('id', IdPipe) id: string,
    @Body() { reason }: GiveReviewReason,
    @CurrentCommand() command: Command,
  ): Promise<ReviewView> {
    return this.reviews.reject(id, reason, command);
  }
}
