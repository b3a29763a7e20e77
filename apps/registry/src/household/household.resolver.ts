import { Args, Context, ID, Parent, Query, ResolveField, ResolveReference, Resolver } from '@nestjs/graphql';
import { type AuthenticatedRequest, Requires } from '@ansinh/auth';
import { byReference, type EntityReference, found } from '@ansinh/graphql';
import { IdPipe } from '@ansinh/problem';
import { Loaders } from '../graphql/loaders.js';
import type { PersonSummary } from '../person/person.dto.js';
import { PersonModel } from '../person/person.model.js';
import type { HouseholdView, MemberView } from './household.dto.js';
import { HouseholdMemberModel, HouseholdModel } from './household.model.js';
import { householdProblems } from './household.problems.js';

@Resolver(() => HouseholdModel)
export class HouseholdResolver {
  constructor(private readonly loaders: Loaders) {}

  @Query(() => HouseholdModel, { nullable: true })
  @Requires('registry:read')
  async household(
    @Args('id', { type: () => ID }, IdPipe) id: string,
    @Context('req') request: AuthenticatedRequest,
  ): Promise<HouseholdView> {
    return found(await this.loaders.households.of(request).load(id), householdProblems.notFound);
  }

  @ResolveReference()
  @Requires('registry:read')
  reference(
    reference: EntityReference,
    { req }: { req: AuthenticatedRequest },
  ): Promise<HouseholdView | null> {
    return byReference(this.loaders.households, reference, req);
  }
}

@Resolver(() => HouseholdMemberModel)
export class HouseholdMemberResolver {
  constructor(private readonly loaders: Loaders) {}

  @ResolveField(() => PersonModel, {
    nullable: true,
    description: 'Null where another office has the person now',
  })
  @Requires('registry:read')
  person(
    @Parent() { personId }: MemberView,
    @Context('req') request: AuthenticatedRequest,
  ): Promise<PersonSummary | null> {
    return this.loaders.people.of(request).load(personId);
  }
}

@Resolver(() => PersonModel)
export class PersonHouseholdResolver {
  constructor(private readonly loaders: Loaders) {}

  @ResolveField(() => HouseholdModel, { nullable: true, description: 'At present' })
  @Requires('registry:read')
  household(
    @Parent() { id }: PersonSummary,
    @Context('req') request: AuthenticatedRequest,
  ): Promise<HouseholdView | null> {
    return this.loaders.householdOfPerson.of(request).load(id);
  }
}
