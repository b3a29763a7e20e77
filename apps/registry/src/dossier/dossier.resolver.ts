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
  RequestLoader,
} from '@ansinh/graphql';
import { Loaders } from '../graphql/loaders.js';
import type { PersonSummary } from '../person/person.dto.js';
import { PersonModel } from '../person/person.model.js';
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

@Resolver(() => DossierModel)
export class DossierPersonResolver {
  constructor(private readonly loaders: Loaders) {}

  @ResolveField(() => PersonModel, {
    nullable: true,
    description: 'The applicant, where he is known; null where another office has him',
  })
  @Requires('registry:read')
  person(
    @Parent() { personId }: DossierView,
    @Context('req') request: AuthenticatedRequest,
  ): Promise<PersonSummary | null> {
    return personId === null ? Promise.resolve(null) : this.loaders.people.of(request).load(personId);
  }
}

@Resolver(() => PersonModel)
export class PersonDossiersResolver {
  constructor(private readonly loaders: Loaders) {}

  @ResolveField(() => DossierConnection, { description: 'What he asked of us, the newest first' })
  @Requires('dossier:read')
  async dossiers(
    @Parent() { id }: PersonSummary,
    @Args() args: PageArgs,
    @Context('req') request: AuthenticatedRequest,
  ): Promise<Connection<DossierView>> {
    const loader = this.loaders.dossiersOfPerson.of(request);
    const page = await loader.load({ parentId: id, query: pageQuery(args) });
    return connectionOf(page ?? { items: [], next: null }, (dossier) => [dossier.id], args.after);
  }
}
