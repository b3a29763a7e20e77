import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor, Requires } from '@ansinh/auth';
import { type Command, CurrentCommand } from '@ansinh/idempotency';
import { IdPipe } from '@ansinh/problem';
import { CommandApi, ProblemApi } from '@ansinh/service';
import { CorrectionService } from './correction.service.js';
import {
  ApproveCorrection,
  CorrectionList,
  CorrectionView,
  GiveReviewReason,
  ProposeCorrection,
} from './review.dto.js';

@ApiTags('poverty reviews')
@ApiBearerAuth('bearer')
@Controller('v1')
export class CorrectionController {
  constructor(private readonly corrections: CorrectionService) {}

  /** A household of an approved review, as it is to be. It does not count before somebody else has approved it. */
  @Post('poverty-reviews/:id/corrections')
  @Requires('review:write')
  @CommandApi()
  @ApiCreatedResponse({ type: CorrectionView })
  proposeCorrection(
    @Param('id', IdPipe) id: string,
    @Body() input: ProposeCorrection,
    @CurrentCommand() command: Command,
  ): Promise<CorrectionView> {
    return this.corrections.propose(id, input, command);
  }

  @Get('poverty-reviews/:id/corrections')
  @Requires('support:read')
  @ProblemApi()
  @ApiOkResponse({ type: CorrectionList })
  listCorrections(@Param('id', IdPipe) id: string, @CurrentActor() actor: Actor): Promise<CorrectionList> {
    return this.corrections.ofReview(id, actor);
  }

  /** By somebody else than who proposed it. Rates follow, the registry is told, and the next month looks again at what was decided by it. */
  @Post('review-corrections/:id/approval')
  @Requires('review:approve')
  @CommandApi()
  @ApiCreatedResponse({ type: CorrectionView })
  approveCorrection(
    @Param('id', IdPipe) id: string,
    @Body() { decision }: ApproveCorrection,
    @CurrentCommand() command: Command,
  ): Promise<CorrectionView> {
    return this.corrections.approve(id, decision, command);
  }

  @Post('review-corrections/:id/rejection')
  @Requires('review:approve')
  @CommandApi()
  @ApiCreatedResponse({ type: CorrectionView })
  rejectCorrection(
    @Param('id', IdPipe) id: string,
    @Body() { reason }: GiveReviewReason,
    @CurrentCommand() command: Command,
  ): Promise<CorrectionView> {
    return this.corrections.end(id, 'rejected', reason, command);
  }

  @Post('review-corrections/:id/withdrawal')
  @Requires('review:write')
  @CommandApi()
  @ApiCreatedResponse({ type: CorrectionView })
  withdrawCorrection(
    @Param('id', IdPipe) id: string,
    @Body() { reason }: GiveReviewReason,
    @CurrentCommand() command: Command,
  ): Promise<CorrectionView> {
    return this.corrections.end(id, 'withdrawn', reason, command);
  }
}
