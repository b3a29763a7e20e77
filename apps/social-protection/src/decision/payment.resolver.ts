import { Context, Parent, ResolveField, ResolveReference, Resolver } from '@nestjs/graphql';
import { type AuthenticatedRequest, Requires } from '@ansinh/auth';
import { EntitlementModel, PayeePaymentModel, PaymentModel } from './decision.model.js';
import type { EntitlementView } from './entitlement.service.js';
import { Loaders } from './loaders.js';

const paid = { nullable: true, description: 'What it pays; null where no programme of support sent it' };

@Resolver(() => PaymentModel)
export class PaymentResolver {
  constructor(private readonly loaders: Loaders) {}

  @ResolveReference()
  @Requires('support:read')
  reference({ endToEndId }: PaymentModel): PaymentModel {
    return { endToEndId };
  }

  @ResolveField(() => EntitlementModel, paid)
  @Requires('support:read')
  entitlement(
    @Parent() { endToEndId }: PaymentModel,
    @Context('req') request: AuthenticatedRequest,
  ): Promise<EntitlementView | null> {
    return this.loaders.entitlementOfPayment.of(request).load(endToEndId);
  }
}

@Resolver(() => PayeePaymentModel)
export class PayeePaymentResolver {
  constructor(private readonly loaders: Loaders) {}

  @ResolveReference()
  @Requires('support:read')
  reference({ endToEndId }: PayeePaymentModel): PayeePaymentModel {
    return { endToEndId };
  }

  @ResolveField(() => EntitlementModel, paid)
  @Requires('support:read')
  entitlement(
    @Parent() { endToEndId }: PayeePaymentModel,
    @Context('req') request: AuthenticatedRequest,
  ): Promise<EntitlementView | null> {
    return this.loaders.entitlementOfPayment.of(request).load(endToEndId);
  }
}
