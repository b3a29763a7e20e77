import { Args, Context, ID, Parent, Query, ResolveField, ResolveReference, Resolver } from '@nestjs/graphql';
import { isUUID } from 'class-validator';
import { type Actor, type AuthenticatedRequest, CurrentActor, Requires } from '@ansinh/auth';
import { type Connection, connectionOf, found, pageQuery } from '@ansinh/graphql';
import { IdPipe } from '@ansinh/problem';
import { Loaders } from '../graphql/loaders.js';
import { PlaceModel } from '../place/place.model.js';
import { PlaceService } from '../place/place.service.js';
import type { PersonSummary } from './person.dto.js';
import { NumberArgs, PeopleArgs, PersonConnection, PersonModel } from './person.model.js';
import { personProblems } from './person.problems.js';
import { PersonSearchService } from './person-search.service.js';
import { PersonService } from './person.service.js';

/** Of the shape of a UUID, and none: every bit of it is of the hash. */
const numberKeyForm = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

@Resolver(() => PersonModel)
export class PersonResolver {
  constructor(
    private readonly service: PersonService,
    private readonly searching: PersonSearchService,
    private readonly loaders: Loaders,
    private readonly places: PlaceService,
  ) {}

  @Query(() => PersonModel, { nullable: true })
  @Requires('registry:read')
  async person(
    @Args('id', { type: () => ID }, IdPipe) id: string,
    @Context('req') request: AuthenticatedRequest,
  ): Promise<PersonSummary> {
    return found(await this.loaders.people.of(request).load(id), personProblems.notFound);
  }

  @Query(() => PersonModel, { nullable: true, description: 'By the citizen number, or one of before' })
  @Requires('registry:read')
  personByNumber(@Args() { number }: NumberArgs, @CurrentActor() actor: Actor): Promise<PersonSummary> {
    return this.service.byNumber(number, actor);
  }

  @Query(() => PersonConnection, { description: 'The best match first' })
  @Requires('registry:read')
  async people(@Args() args: PeopleArgs, @CurrentActor() actor: Actor): Promise<Connection<PersonSummary>> {
    const page = connectionOf(
      await this.searching.search(pageQuery(args), actor),
      ({ key }) => key,
      args.after,
    );
    return { ...page, edges: page.edges.map(({ cursor, node }) => ({ cursor, node: node.person })) };
  }

  @ResolveReference()
  @Requires('registry:read')
  async reference(
    { id, numberKey }: { id?: string; numberKey?: string },
    { req }: { req: AuthenticatedRequest },
  ): Promise<PersonSummary | null> {
    if (isUUID(id)) return this.loaders.people.of(req).load(id as string);
    if (numberKey === undefined || !numberKeyForm.test(numberKey)) return null;
    return this.loaders.peopleByNumberKey.of(req).load(numberKey);
  }

  @ResolveField(() => PersonModel, {
    nullable: true,
    description: 'The record that stands for this one since they were merged',
  })
  @Requires('registry:read')
  mergedInto(
    @Parent() { mergedInto }: PersonSummary,
    @Context('req') request: AuthenticatedRequest,
  ): Promise<PersonSummary | null> {
    return mergedInto === null ? Promise.resolve(null) : this.loaders.people.of(request).load(mergedInto);
  }

  @ResolveField(() => PlaceModel, { description: 'The commune of today' })
  @Requires('registry:read')
  place(@Parent() { placeCode }: PersonSummary): PlaceModel {
    return this.places.get(placeCode);
  }
}
