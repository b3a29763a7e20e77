import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor, Requires } from '@ansinh/auth';
import { type Command, CurrentCommand } from '@ansinh/idempotency';
import { IdPipe } from '@ansinh/problem';
import { CommandApi, IfMatch, IfMatchApi, ProblemApi, Tagged } from '@ansinh/service';
import {
  MergeList,
  MergePeople,
  MergeProposal,
  MergeProposalQuery,
  MergeUndone,
  PeopleMerged,
  UndoMerge,
} from './merge.dto.js';
import { MergeService } from './merge.service.js';

@ApiTags('people')
@ApiBearerAuth('bearer')
@Controller('v1/people/:id')
export class MergeController {
  constructor(private readonly merges: MergeService) {}

  @Get('merge-proposal')
  @Requires('registry:read')
  @ProblemApi()
  @ApiOkResponse({ type: MergeProposal })
  proposeMerge(
    @Param('id', IdPipe) id: string,
    @Query() { absorbedId }: MergeProposalQuery,
    @CurrentActor() actor: Actor,
  ): Promise<MergeProposal> {
    return this.merges.propose(id, absorbedId, actor);
  }

  @Get('merges')
  @Requires('registry:read')
  @ProblemApi()
  @ApiOkResponse({ type: MergeList })
  async listMerges(@Param('id', IdPipe) id: string, @CurrentActor() actor: Actor): Promise<MergeList> {
    return { items: await this.merges.list(id, actor) };
  }

  /** The record of the address stays; the other one is merged into it. */
  @Post('merges')
  @Requires('registry:merge')
  @CommandApi()
  @IfMatchApi()
  @Tagged()
  @ApiCreatedResponse({ type: PeopleMerged })
  mergePeople(
    @Param('id', IdPipe) id: string,
    @Body() input: MergePeople,
    @IfMatch() version: number,
    @CurrentCommand() command: Command,
  ): Promise<PeopleMerged> {
    return this.merges.merge(id, version, input, command);
  }

  /** Both records are again what they were; what was recorded in between stays with the one that stayed. */
  @Post('merges/:merge/undoing')
  @Requires('registry:merge')
  @CommandApi()
  @IfMatchApi()
  @Tagged()
  @ApiCreatedResponse({ type: MergeUndone })
  undoMerge(
    @Param('id', IdPipe) id: string,
    @Param('merge', IdPipe) merge: string,
    @Body() { reason }: UndoMerge,
    @IfMatch() version: number,
    @CurrentCommand() command: Command,
  ): Promise<MergeUndone> {
    return this.merges.undo(id, merge, version, reason, command);
  }
}
