import { Args, Context, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { type Actor, type AuthenticatedRequest, CurrentActor, Requires } from '@ansinh/auth';
import { type Connection, connectionOf, pageQuery } from '@ansinh/graphql';
import type { BatchView } from '../batch/batch.dto.js';
import { BatchModel } from '../batch/batch.model.js';
import { Loaders } from '../graphql/loaders.js';
import type { ExceptionView } from './exception.dto.js';
import {
  BatchExceptionArgs,
  ExceptionArgs,
  PaymentExceptionConnection,
  PaymentExceptionModel,
} from './exception.model.js';
import { ExceptionService } from './exception.service.js';

const keyOf = ({ at, id }: ExceptionView) => [at, id];

@Resolver(() => PaymentExceptionModel)
export class ExceptionResolver {
  constructor(
    private readonly service: ExceptionService,
    private readonly loaders: Loaders,
  ) {}

  @Query(() => PaymentExceptionConnection, { description: 'Oldest first' })
  @Requires('batch:read')
  async exceptions(
    @Args() args: ExceptionArgs,
    @CurrentActor() actor: Actor,
  ): Promise<Connection<ExceptionView>> {
    return connectionOf(await this.service.list(actor, pageQuery(args)), keyOf, args.after);
  }

  @ResolveField(() => BatchModel, { nullable: true })
  @Requires('batch:read')
  async batch(
    @Parent() { batchId }: ExceptionView,
    @Context('req') request: AuthenticatedRequest,
  ): Promise<BatchView | null> {
    return batchId === null ? null : this.loaders.batches.of(request).load(batchId);
  }
}

@Resolver(() => BatchModel)
export class BatchExceptionsResolver {
  constructor(private readonly loaders: Loaders) {}

  @ResolveField(() => PaymentExceptionConnection, { nullable: true, description: 'Oldest first' })
  @Requires('batch:read')
  async exceptions(
    @Parent() batch: BatchView,
    @Args() args: BatchExceptionArgs,
    @Context('req') request: AuthenticatedRequest,
  ): Promise<Connection<ExceptionView> | null> {
    const loader = this.loaders.exceptionsOfBatch.of(request);
    const page = await loader.load({ parentId: batch.id, query: pageQuery(args) });
    return page && connectionOf(page, keyOf, args.after);
  }
}
