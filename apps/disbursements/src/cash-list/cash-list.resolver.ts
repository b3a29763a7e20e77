import { Args, Context, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { type AuthenticatedRequest, Requires } from '@ansinh/auth';
import { type Connection, connectionOf, pageQuery } from '@ansinh/graphql';
import type { BatchView } from '../batch/batch.dto.js';
import { BatchModel } from '../batch/batch.model.js';
import { Loaders } from '../graphql/loaders.js';
import type { CashListView } from './cash-list.dto.js';
import { CashListArgs, CashListConnection } from './cash-list.model.js';

@Resolver(() => BatchModel)
export class CashListResolver {
  constructor(private readonly loaders: Loaders) {}

  @ResolveField(() => CashListConnection, { nullable: true, description: 'None where a bank pays' })
  @Requires('payment:read')
  async cashLists(
    @Parent() batch: BatchView,
    @Args() args: CashListArgs,
    @Context('req') request: AuthenticatedRequest,
  ): Promise<Connection<CashListView> | null> {
    const loader = this.loaders.cashListsOfBatch.of(request);
    const page = await loader.load({ parentId: batch.id, query: pageQuery(args) });
    return page && connectionOf(page, ({ number }) => [number], args.after);
  }
}
