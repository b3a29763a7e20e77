import { Args, Context, ID, Query, ResolveReference, Resolver } from '@nestjs/graphql';
import { type Actor, type AuthenticatedRequest, CurrentActor, Requires } from '@ansinh/auth';
import {
  byReference,
  type Connection,
  connectionOf,
  type EntityReference,
  found,
  pageQuery,
  RequestLoader,
} from '@ansinh/graphql';
import type { DossierFilter, DossierView } from './dossier.dto.js';
import { DossierArgs, DossierConnection, DossierModel } from './dossier.model.js';
import { dossierProblems } from './dossier.problems.js';
import { dossierKey, DossierService } from './dossier.service.js';

@Resolver(() => DossierModel)
export class DossierResolver {
  private readonly dossiersById: RequestLoader<string, DossierView>;

  constructor(private readonly service: DossierService) {
    this.dossiersById = new RequestLoader((ids, actor) => service.byIds(ids, actor));
  }

  @Query(() => DossierConnection, { description: 'What is due first is on top' })
  @Requires('dossier:read')
  async dossiers(@Args() args: DossierArgs, @CurrentActor() actor: Actor): Promise<Connection<DossierView>> {
    const page = await this.service.list(pageQuery(args) as DossierFilter, actor);
    return connectionOf(page, dossierKey, args.after);
  }

  @Query(() => DossierModel, { nullable: true })
  @Requires('dossier:read')
  async dossier(
    @Args('id', { type: () => ID }) id: string,
    @Context('req') request: AuthenticatedRequest,
  ): Promise<DossierView> {
    return found(await byReference(this.dossiersById, { id }, request), dossierProblems.notFound);
  }

  @ResolveReference()
  @Requires('dossier:read')
  async reference(
    reference: EntityReference,
    { req }: { req: AuthenticatedRequest },
  ): Promise<DossierView | null> {
    return byReference(this.dossiersById, reference, req);
  }
}
