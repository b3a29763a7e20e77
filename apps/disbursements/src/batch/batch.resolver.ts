import {
  Args,
  Context,
  ID,
  Mutation,
  Parent,
  Query,
  ResolveField,
  ResolveReference,
  Resolver,
} from '@nestjs/graphql';
import { type Actor, type AuthenticatedRequest, CurrentActor, Requires } from '@ansinh/auth';
import {
  byReference,
  type Connection,
  connectionOf,
  type EntityReference,
  found,
  pageQuery,
} from '@ansinh/graphql';
import { type Command, CurrentCommand } from '@ansinh/idempotency';
import { IdPipe } from '@ansinh/problem';
import { ApprovalService } from '../approval/approval.service.js';
import type { FundView } from '../fund/fund.dto.js';
import { FundModel } from '../fund/fund.model.js';
import { Loaders } from '../graphql/loaders.js';
import { TransmissionService } from '../transmission/transmission.service.js';
import type { BatchView, FindingCount } from './batch.dto.js';
import { batchNumberOf } from './batch-code.js';
import { ApprovalArgs, BatchArgs, BatchConnection, BatchModel, FindingCountModel } from './batch.model.js';
import { batchProblems } from './batch.problems.js';
import { BatchService } from './batch.service.js';

const keyOf = ({ code }: BatchView) => [batchNumberOf(code)];

@Resolver(() => BatchModel)
export class BatchResolver {
  constructor(
    private readonly service: BatchService,
    private readonly approvals: ApprovalService,
    private readonly transmissions: TransmissionService,
    private readonly loaders: Loaders,
  ) {}

  @Query(() => BatchModel, { nullable: true })
  @Requires('batch:read')
  async batch(
    @Args('id', { type: () => ID }, IdPipe) id: string,
    @Context('req') request: AuthenticatedRequest,
  ): Promise<BatchView> {
    return found(await this.loaders.batches.of(request).load(id), batchProblems.notFound);
  }

  @Query(() => BatchConnection, { description: 'Newest first' })
  @Requires('batch:read')
  async batches(@Args() args: BatchArgs, @CurrentActor() actor: Actor): Promise<Connection<BatchView>> {
    return connectionOf(await this.service.list(actor, pageQuery(args)), keyOf, args.after);
  }

  @Mutation(() => BatchModel)
  @Requires('batch:submit')
  submitBatch(
    @Args('id', { type: () => ID }, IdPipe) id: string,
    @CurrentCommand() command: Command,
  ): Promise<BatchView> {
    return this.approvals.submit(id, command);
  }

  @Mutation(() => BatchModel)
  @Requires('batch:approve')
  approveBatch(@Args() { id, digest }: ApprovalArgs, @CurrentCommand() command: Command): Promise<BatchView> {
    return this.approvals.approve(id, digest, command);
  }

  @Mutation(() => BatchModel, { description: 'Starts the sending, and resumes it' })
  @Requires('batch:transmit')
  transmitBatch(
    @Args('id', { type: () => ID }, IdPipe) id: string,
    @CurrentCommand() command: Command,
  ): Promise<BatchView> {
    return this.transmissions.transmit(id, command);
  }

  @Mutation(() => BatchModel)
  @Requires('batch:transmit')
  pauseBatch(
    @Args('id', { type: () => ID }, IdPipe) id: string,
    @CurrentCommand() command: Command,
  ): Promise<BatchView> {
    return this.transmissions.pause(id, command);
  }

  @ResolveReference()
  @Requires('batch:read')
  reference(reference: EntityReference, { req }: { req: AuthenticatedRequest }): Promise<BatchView | null> {
    return byReference(this.loaders.batches, reference, req);
  }

  @ResolveField(() => FundModel, { nullable: true })
  @Requires('fund:read')
  fund(@Parent() batch: BatchView, @Context('req') request: AuthenticatedRequest): Promise<FundView | null> {
    return this.loaders.funds.of(request).load(batch.fundId);
  }

  @ResolveField(() => [FindingCountModel])
  @Requires('batch:read')
  findingCounts(@Parent() batch: BatchView): (FindingCount & { code: string })[] {
    return Object.entries(batch.findings).map(([code, count]) => ({ code, ...count }));
  }
}

/** The way down from a fund to its batches stands here: a fund knows nothing of batches. */
@Resolver(() => FundModel)
export class FundBatchesResolver {
  constructor(private readonly loaders: Loaders) {}

  @ResolveField(() => BatchConnection, { nullable: true, description: 'Newest first' })
  @Requires('batch:read')
  async batches(
    @Parent() fund: FundView,
    @Args() args: BatchArgs,
    @Context('req') request: AuthenticatedRequest,
  ): Promise<Connection<BatchView> | null> {
    const page = await this.loaders.batchesOfFund
      .of(request)
      .load({ parentId: fund.id, query: pageQuery(args) });
    return page && connectionOf(page, keyOf, args.after);
  }
}
