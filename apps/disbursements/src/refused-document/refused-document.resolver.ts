import { Args, Context, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { type Actor, type AuthenticatedRequest, CurrentActor, Requires } from '@ansinh/auth';
import { type Connection, connectionOf, found, pageQuery } from '@ansinh/graphql';
import type { FundView } from '../fund/fund.dto.js';
import { FundModel } from '../fund/fund.model.js';
import { fundProblems } from '../fund/fund.problems.js';
import { Loaders } from '../graphql/loaders.js';
import type { RefusedDocumentView } from './refused-document.dto.js';
import {
  RefusedDocumentArgs,
  RefusedDocumentConnection,
  RefusedDocumentModel,
} from './refused-document.model.js';
import { RefusedDocumentService } from './refused-document.service.js';

@Resolver(() => RefusedDocumentModel)
export class RefusedDocumentResolver {
  constructor(
    private readonly service: RefusedDocumentService,
    private readonly loaders: Loaders,
  ) {}

  @Query(() => RefusedDocumentConnection, { description: 'Oldest first' })
  @Requires('batch:read')
  async refusedDocuments(
    @Args() args: RefusedDocumentArgs,
    @CurrentActor() actor: Actor,
  ): Promise<Connection<RefusedDocumentView>> {
    return connectionOf(await this.service.list(actor, pageQuery(args)), ({ id }) => [id], args.after);
  }

  @ResolveField(() => FundModel)
  @Requires('batch:read')
  async fund(
    @Parent() { fundId }: RefusedDocumentView,
    @Context('req') request: AuthenticatedRequest,
  ): Promise<FundView> {
    return found(await this.loaders.funds.of(request).load(fundId), fundProblems.notFound);
  }
}
