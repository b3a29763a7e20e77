import { Args, Parent, Query, ResolveField, ResolveReference, Resolver } from '@nestjs/graphql';
import { type Actor, type AuthenticatedRequest, CurrentActor, Requires } from '@ansinh/auth';
import { byReference, type Connection, connectionOf, type EntityReference, pageQuery } from '@ansinh/graphql';
import { PersonModel } from '../decision/decision.model.js';
import { Loaders } from '../decision/loaders.js';
import type { BeneficiaryView } from './beneficiary.dto.js';
import { BeneficiariesArgs, BeneficiaryConnection, BeneficiaryModel } from './beneficiary.model.js';
import { BeneficiaryService } from './beneficiary.service.js';

@Resolver(() => BeneficiaryModel)
export class BeneficiaryResolver {
  constructor(
    private readonly service: BeneficiaryService,
    private readonly loaders: Loaders,
  ) {}

  @Query(() => BeneficiaryConnection, { description: 'The people of a register, by commune and category' })
  @Requires('support:read')
  async beneficiaries(
    @Args() args: BeneficiariesArgs,
    @CurrentActor() actor: Actor,
  ): Promise<Connection<BeneficiaryView>> {
    return connectionOf(await this.service.list(pageQuery(args), actor), ({ id }) => [id], args.after);
  }

  @ResolveReference()
  @Requires('support:read')
  reference(
    reference: EntityReference,
    { req }: { req: AuthenticatedRequest },
  ): Promise<BeneficiaryView | null> {
    return byReference(this.loaders.beneficiaries, reference, req);
  }

  @ResolveField(() => PersonModel)
  @Requires('support:read')
  person(@Parent() { personKey }: BeneficiaryView): PersonModel {
    return { numberKey: personKey };
  }
}
