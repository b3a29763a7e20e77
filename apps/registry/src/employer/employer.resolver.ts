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
import type { PersonSummary } from '../person/person.dto.js';
import { PersonModel } from '../person/person.model.js';
import type { EmployerView, EmploymentView } from './employer.dto.js';
import { EmployerConnection, EmployerModel, EmploymentModel } from './employer.model.js';
import { employerProblems } from './employer.problems.js';
import { EmployerService } from './employer.service.js';

@Resolver(() => EmployerModel)
export class EmployerResolver {
  constructor(
    private readonly service: EmployerService,
    private readonly loaders: Loaders,
  ) {}

  @Query(() => EmployerModel, { nullable: true })
  @Requires('registry:read')
  async employer(
    @Args('id', { type: () => ID }, IdPipe) id: string,
    @Context('req') request: AuthenticatedRequest,
  ): Promise<EmployerView> {
    return found(await this.loaders.employers.of(request).load(id), employerProblems.notFound);
  }

  @Query(() => EmployerConnection)
  @Requires('registry:read')
  async employers(@Args() args: PageArgs, @CurrentActor() actor: Actor): Promise<Connection<EmployerView>> {
    return connectionOf(await this.service.list(pageQuery(args), actor), ({ id }) => [id], args.after);
  }

  @ResolveReference()
  @Requires('registry:read')
  reference(
    reference: EntityReference,
    { req }: { req: AuthenticatedRequest },
  ): Promise<EmployerView | null> {
    return byReference(this.loaders.employers, reference, req);
  }
}

@Resolver(() => EmploymentModel)
export class EmploymentResolver {
  constructor(private readonly loaders: Loaders) {}

  @ResolveField(() => EmployerModel, {
    nullable: true,
    description: 'Null where it belongs to another office',
  })
  @Requires('registry:read')
  employer(
    @Parent() { employerId }: EmploymentView,
    @Context('req') request: AuthenticatedRequest,
  ): Promise<EmployerView | null> {
    return this.loaders.employers.of(request).load(employerId);
  }
}

@Resolver(() => PersonModel)
export class PersonEmploymentsResolver {
  constructor(private readonly loaders: Loaders) {}

  @ResolveField(() => [EmploymentModel], { description: 'The newest contract first' })
  @Requires('registry:read')
  async employments(
    @Parent() { id }: PersonSummary,
    @Context('req') request: AuthenticatedRequest,
  ): Promise<EmploymentView[]> {
    return (await this.loaders.employmentsOfPerson.of(request).load(id)) ?? [];
  }
}
