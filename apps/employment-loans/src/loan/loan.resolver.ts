import { Args, Context, ID, Parent, Query, ResolveField, ResolveReference, Resolver } from '@nestjs/graphql';
import { type Actor, type AuthenticatedRequest, CurrentActor, Requires } from '@ansinh/auth';
import {
  byReference,
  ChildrenLoader,
  type Connection,
  connectionOf,
  type EntityReference,
  found,
  PageArgs,
  type PageLoader,
  pageQuery,
  RequestLoader,
} from '@ansinh/graphql';
import type { LoanFilter, LoanView } from './loan.dto.js';
import { EmployerModel, LoanArgs, LoanConnection, LoanModel, PersonModel } from './loan.model.js';
import { loanProblems } from './loan.problems.js';
import { LoanService } from './loan.service.js';

const key = ({ id }: LoanView): [string] => [id];
type OfBorrower = PageLoader<{ limit: number; after?: string }, LoanView>;

@Resolver(() => LoanModel)
export class LoanResolver {
  private readonly loansById: RequestLoader<string, LoanView>;

  constructor(private readonly service: LoanService) {
    this.loansById = new RequestLoader((ids, actor) => service.byIds(ids, actor));
  }

  @Query(() => LoanConnection, { description: 'The oldest is on top' })
  @Requires('loan:read')
  async loans(@Args() args: LoanArgs, @CurrentActor() actor: Actor): Promise<Connection<LoanView>> {
    const page = await this.service.list(pageQuery(args) as LoanFilter, actor);
    return connectionOf(page, key, args.after);
  }

  @Query(() => LoanModel, { nullable: true })
  @Requires('loan:read')
  async loan(
    @Args('id', { type: () => ID }) id: string,
    @Context('req') request: AuthenticatedRequest,
  ): Promise<LoanView> {
    return found(await byReference(this.loansById, { id }, request), loanProblems.notFound);
  }

  @ResolveReference()
  @Requires('loan:read')
  async reference(
    reference: EntityReference,
    { req }: { req: AuthenticatedRequest },
  ): Promise<LoanView | null> {
    return byReference(this.loansById, reference, req);
  }

  @ResolveField(() => PersonModel, { nullable: true, description: 'null where an employer borrows' })
  @Requires('loan:read')
  person(@Parent() { personId }: LoanView): EntityReference | null {
    return personId === null ? null : { id: personId };
  }

  @ResolveField(() => EmployerModel, { nullable: true, description: 'null where a person borrows' })
  @Requires('loan:read')
  employer(@Parent() { employerId }: LoanView): EntityReference | null {
    return employerId === null ? null : { id: employerId };
  }
}

@Resolver(() => PersonModel)
export class PersonLoansResolver {
  private readonly byBorrower: OfBorrower;

  constructor(service: LoanService) {
    this.byBorrower = new ChildrenLoader((ids, query, actor) =>
      service.ofBorrowers('person_id', ids, query, actor),
    );
  }

  @ResolveField(() => LoanConnection, { description: 'What the person borrowed, the newest first' })
  @Requires('loan:read')
  async loans(
    @Parent() { id }: EntityReference,
    @Args() args: PageArgs,
    @Context('req') request: AuthenticatedRequest,
  ): Promise<Connection<LoanView>> {
    return pageOfLoans(this.byBorrower, id, args, request);
  }
}

@Resolver(() => EmployerModel)
export class EmployerLoansResolver {
  private readonly byBorrower: OfBorrower;

  constructor(service: LoanService) {
    this.byBorrower = new ChildrenLoader((ids, query, actor) =>
      service.ofBorrowers('employer_id', ids, query, actor),
    );
  }

  @ResolveField(() => LoanConnection, { description: 'What the employer borrowed, the newest first' })
  @Requires('loan:read')
  async loans(
    @Parent() { id }: EntityReference,
    @Args() args: PageArgs,
    @Context('req') request: AuthenticatedRequest,
  ): Promise<Connection<LoanView>> {
    return pageOfLoans(this.byBorrower, id, args, request);
  }
}

async function pageOfLoans(
  loader: OfBorrower,
  parentId: string,
  args: PageArgs,
  request: AuthenticatedRequest,
): Promise<Connection<LoanView>> {
  const page = await loader.of(request).load({ parentId, query: pageQuery(args) });
  return connectionOf(page ?? { items: [], next: null }, key, args.after);
}
