import { Args, Context, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { type AuthenticatedRequest, Requires } from '@ansinh/auth';
import { type Connection, connectionOf, pageQuery } from '@ansinh/graphql';
import type { BatchView } from '../batch/batch.dto.js';
import { BatchModel } from '../batch/batch.model.js';
import { Loaders } from '../graphql/loaders.js';
import type { FindingView } from './finding.dto.js';
import { FindingArgs, FindingConnection } from './finding.model.js';

@Resolver(() => BatchModel)
export class FindingResolver {
  constructor(private readonly loaders: Loaders) {}

  @ResolveField(() => FindingConnection, { nullable: true, description: 'In the order of the rows' })
  @Requires('batch:read')
  async findings(
    @Parent() batch: BatchView,
    @Args() args: FindingArgs,
    @Context('req') request: AuthenticatedRequest,
  ): Promise<Connection<FindingView> | null> {
    const loader = this.loaders.findingsOfBatch.of(request);
    const page = await loader.load({ parentId: batch.id, query: pageQuery(args) });
    return page && connectionOf(page, ({ row, code, column }) => [row, code, column ?? ''], args.after);
  }
}
