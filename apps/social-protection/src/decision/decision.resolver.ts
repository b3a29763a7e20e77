import { Args, Context, Parent, ResolveField, ResolveReference, Resolver } from '@nestjs/graphql';
import { type AuthenticatedRequest, Requires } from '@ansinh/auth';
import {
  BilingualTextModel,
  byReference,
  type Connection,
  connectionOf,
  type EntityReference,
  PageArgs,
  pageQuery,
} from '@ansinh/graphql';
import { nationalCatalogue } from '@ansinh/policy';
import type { DecisionView } from './decision.dto.js';
import {
  DecisionConnection,
  DecisionModel,
  EntitlementConnection,
  EntitlementModel,
  FactModel,
  PersonModel,
} from './decision.model.js';
import type { EntitlementView } from './entitlement.service.js';
import { Loaders } from './loaders.js';

/** A keyed hash in the shape of a UUID, of no version. Who has no citizen number has none. */
const isKey = (key: string | null): key is string =>
  key !== null && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(key);

@Resolver(() => PersonModel)
export class PersonResolver {
  constructor(private readonly loaders: Loaders) {}

  @ResolveReference()
  @Requires('support:read')
  reference({ numberKey }: PersonModel): PersonModel {
    return { numberKey };
  }

  @ResolveField(() => DecisionConnection, { description: 'What was decided of him by law, oldest first' })
  @Requires('support:read')
  async decisions(
    @Parent() { numberKey }: PersonModel,
    @Args() args: PageArgs,
    @Context('req') request: AuthenticatedRequest,
  ): Promise<Connection<DecisionView>> {
    const page = isKey(numberKey)
      ? await this.loaders.decisionsOfPeople.of(request).load({ parentId: numberKey, query: pageQuery(args) })
      : null;
    return connectionOf(page ?? { items: [], next: null }, ({ id }) => [id], args.after);
  }

  @ResolveField(() => EntitlementConnection, { description: 'What he is to be paid, oldest first' })
  @Requires('support:read')
  async entitlements(
    @Parent() { numberKey }: PersonModel,
    @Args() args: PageArgs,
    @Context('req') request: AuthenticatedRequest,
  ): Promise<Connection<EntitlementView>> {
    const loader = this.loaders.entitlementsOfPeople.of(request);
    const page = isKey(numberKey) ? await loader.load({ parentId: numberKey, query: pageQuery(args) }) : null;
    return connectionOf(page ?? { items: [], next: null }, ({ id }) => [id], args.after);
  }
}

@Resolver(() => EntitlementModel)
export class EntitlementResolver {
  constructor(private readonly loaders: Loaders) {}

  @ResolveReference()
  @Requires('support:read')
  reference(
    reference: EntityReference,
    { req }: { req: AuthenticatedRequest },
  ): Promise<EntitlementView | null> {
    return byReference(this.loaders.entitlements, reference, req);
  }

  @ResolveField(() => DecisionModel, { nullable: true })
  @Requires('support:read')
  decision(
    @Parent() { id }: EntitlementView,
    @Context('req') request: AuthenticatedRequest,
  ): Promise<DecisionView | null> {
    return this.loaders.decisions.of(request).load(id);
  }

  @ResolveField(() => PersonModel)
  @Requires('support:read')
  person(@Parent() { personKey }: EntitlementView): PersonModel {
    return { numberKey: personKey };
  }
}

@Resolver(() => DecisionModel)
export class DecisionResolver {
  constructor(private readonly loaders: Loaders) {}

  @ResolveReference()
  @Requires('support:read')
  reference(
    reference: EntityReference,
    { req }: { req: AuthenticatedRequest },
  ): Promise<DecisionView | null> {
    return byReference(this.loaders.decisions, reference, req);
  }

  @ResolveField(() => [FactModel], { description: 'What it was decided with' })
  @Requires('support:read')
  facts(@Parent() { programme, facts }: DecisionView): FactModel[] {
    const declared = nationalCatalogue().programmes[programme]!.facts;
    return Object.entries(facts).map(([fact, value]) => ({
      fact,
      name: declared[fact]!.name,
      value: JSON.stringify(value),
    }));
  }

  @ResolveField(() => BilingualTextModel, { description: 'Why, as a citizen reads it' })
  @Requires('support:read')
  async explanation(
    @Parent() decision: DecisionView,
    @Context('req') request: AuthenticatedRequest,
  ): Promise<BilingualTextModel> {
    const explained = await this.loaders.explained.of(request).load(decision);
    return explained!.explanation;
  }

  @ResolveField(() => PersonModel)
  @Requires('support:read')
  person(@Parent() { personKey }: DecisionView): PersonModel {
    return { numberKey: personKey };
  }
}
