import { Args, Context, ID, Parent, Query, ResolveField, ResolveReference, Resolver } from '@nestjs/graphql';
import { type Actor, type AuthenticatedRequest, CurrentActor, Requires } from '@ansinh/auth';
import {
  byReference,
  type Connection,
  connectionOf,
  type EntityReference,
  found,
  PageArgs,
  pageQuery,
} from '@ansinh/graphql';
import { IdPipe } from '@ansinh/problem';
import { Loaders } from '../graphql/loaders.js';
import type { BalanceView, FundView } from './fund.dto.js';
import { FundBalanceArgs, FundBalanceModel, FundConnection, FundModel } from './fund.model.js';
import { fundProblems } from './fund.problems.js';
import { FundService } from './fund.service.js';

@Resolver(() => FundModel)
export class FundResolver {
  constructor(
    private readonly service: FundService,
    private readonly loaders: Loaders,
  ) {}

  @Query(() => FundModel, { nullable: true })
  @Requires('fund:read')
  async fund(
    @Args('id', { type: () => ID }, IdPipe) id: string,
    @Context('req') request: AuthenticatedRequest,
  ): Promise<FundView> {
    return found(await this.loaders.funds.of(request).load(id), fundProblems.notFound);
  }

  @Query(() => FundConnection)
  @Requires('fund:read')
  async funds(@Args() args: PageArgs, @CurrentActor() actor: Actor): Promise<Connection<FundView>> {
    return connectionOf(await this.service.list(actor, pageQuery(args)), ({ code }) => [code], args.after);
  }

  @ResolveReference()
  @Requires('fund:read')
  reference(reference: EntityReference, { req }: { req: AuthenticatedRequest }): Promise<FundView | null> {
    return byReference(this.loaders.funds, reference, req);
  }

  @ResolveField(() => FundBalanceModel, { nullable: true })
  @Requires('fund:read')
  balance(
    @Parent() fund: FundView,
    @Args() args: FundBalanceArgs,
    @Context('req') request: AuthenticatedRequest,
  ): Promise<BalanceView | null> {
    const query = typeof args.at === 'string' ? { at: args.at } : {};
    return this.loaders.balances.of(request).load({ parentId: fund.id, query });
  }
}
