import { Args, Context, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { type AuthenticatedRequest, Requires } from '@ansinh/auth';
import { Loaders } from '../graphql/loaders.js';
import type { PayeePaymentView, PaymentView } from '../payment/payment.dto.js';
import { PayeePaymentModel, PaymentModel } from '../payment/payment.model.js';
import { StatementEntriesArgs, StatementEntryModel } from './statement-entry.model.js';
import type { StatementEntryView } from './statement-entry.service.js';

const ofPayment = { description: 'What the bank has booked of it; empty for who does not see its fund' };

@Resolver(() => StatementEntryModel)
export class StatementEntryResolver {
  constructor(private readonly loaders: Loaders) {}

  @Query(() => [StatementEntryModel], {
    description:
      'Where a statement leads to: the entries of a payment by the end-to-end id that the bank tells',
  })
  @Requires('payment:read')
  async statementEntries(
    @Args() { endToEndId }: StatementEntriesArgs,
    @Context('req') request: AuthenticatedRequest,
  ): Promise<StatementEntryView[]> {
    return (await this.loaders.entriesOfPayment.of(request).load(endToEndId)) ?? [];
  }

  @ResolveField(() => PaymentModel, {
    nullable: true,
    description: 'The payment that it was asked for; of a sum, one of those in it',
  })
  @Requires('payment:read')
  payment(
    @Parent() { endToEndId }: StatementEntryView,
    @Context('req') request: AuthenticatedRequest,
  ): Promise<PaymentView | null> {
    return this.loaders.payments.of(request).load(endToEndId);
  }
}

@Resolver(() => PaymentModel)
export class PaymentEntriesResolver {
  constructor(private readonly loaders: Loaders) {}

  @ResolveField(() => [StatementEntryModel], ofPayment)
  @Requires('payment:read')
  async statementEntries(
    @Parent() { endToEndId }: PaymentView,
    @Context('req') request: AuthenticatedRequest,
  ): Promise<StatementEntryView[]> {
    return (await this.loaders.entriesOfPayment.of(request).load(endToEndId)) ?? [];
  }
}

@Resolver(() => PayeePaymentModel)
export class PayeePaymentEntriesResolver {
  constructor(private readonly loaders: Loaders) {}

  @ResolveField(() => [StatementEntryModel], ofPayment)
  @Requires('payment:read')
  async statementEntries(
    @Parent() { endToEndId }: PayeePaymentView,
    @Context('req') request: AuthenticatedRequest,
  ): Promise<StatementEntryView[]> {
    return (await this.loaders.entriesOfPayment.of(request).load(endToEndId)) ?? [];
  }
}
