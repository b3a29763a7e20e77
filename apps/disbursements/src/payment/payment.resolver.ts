import { Args, Context, Parent, Query, ResolveField, ResolveReference, Resolver } from '@nestjs/graphql';
import { CurrentReader, type Reader } from '@ansinh/access-log';
import { type Actor, type AuthenticatedRequest, CurrentActor, Requires } from '@ansinh/auth';
import { type Connection, connectionOf, PageArgs, pageQuery } from '@ansinh/graphql';
import type { BatchView } from '../batch/batch.dto.js';
import { readEndToEndId } from '../batch/batch-code.js';
import { BatchModel } from '../batch/batch.model.js';
import { Loaders } from '../graphql/loaders.js';
import { PayeeService } from './payee.service.js';
import type { PayeePaymentView, PayeeView, PaymentView } from './payment.dto.js';
import {
  PayeeModel,
  PayeePaymentArgs,
  PayeePaymentConnection,
  PayeePaymentModel,
  PaymentArgs,
  PaymentConnection,
  PaymentModel,
  PersonModel,
} from './payment.model.js';
import { PaymentService, type PersonKey } from './payment.service.js';

const personField = { nullable: true, description: 'Who is paid, as the registry knows him' };

@Resolver(() => BatchModel)
export class PaymentResolver {
  constructor(private readonly loaders: Loaders) {}

  @ResolveField(() => PaymentConnection, { nullable: true, description: 'In the order of the rows' })
  @Requires('payment:read')
  async payments(
    @Parent() batch: BatchView,
    @Args() args: PaymentArgs,
    @Context('req') request: AuthenticatedRequest,
  ): Promise<Connection<PaymentView> | null> {
    const loader = this.loaders.paymentsOfBatch.of(request);
    const page = await loader.load({ parentId: batch.id, query: pageQuery(args) });
    return page && connectionOf(page, ({ row }) => [row], args.after);
  }
}

@Resolver(() => PayeePaymentModel)
export class PayeePaymentResolver {
  constructor(
    private readonly service: PaymentService,
    private readonly payees: PayeeService,
    private readonly loaders: Loaders,
  ) {}

  @Query(() => PayeeModel, {
    nullable: true,
    description:
      'Who is behind one line: masked, or whole with the header `Access-Purpose` and the permission',
  })
  @Requires('payment:read')
  payee(@Args('endToEndId') endToEndId: string, @CurrentReader() reader: Reader): Promise<PayeeView> {
    return this.payees.ofPayment(endToEndId, reader);
  }

  @Query(() => PayeePaymentConnection, {
    description: 'What one person was paid over all programmes, newest first',
  })
  @Requires('payment:read')
  async payments(
    @Args() args: PayeePaymentArgs,
    @CurrentActor() actor: Actor,
  ): Promise<Connection<PayeePaymentView>> {
    return connectionOf(await this.service.ofPayee(pageQuery(args), actor), keyOf, args.after);
  }

  @ResolveField(() => BatchModel, {
    nullable: true,
    description: 'Null where the batch is of another office',
  })
  @Requires('batch:read')
  batch(
    @Parent() payment: PayeePaymentView,
    @Context('req') request: AuthenticatedRequest,
  ): Promise<BatchView | null> {
    return this.loaders.batches.of(request).load(payment.batchId);
  }

  @ResolveField(() => PersonModel, personField)
  @Requires('payment:read')
  person(
    @Parent() { endToEndId }: PayeePaymentView,
    @Context('req') request: AuthenticatedRequest,
  ): Promise<PersonKey | null> {
    return this.loaders.personOfPayment.of(request).load(endToEndId);
  }
}

@Resolver(() => PaymentModel)
export class PaymentPersonResolver {
  constructor(private readonly loaders: Loaders) {}

  @ResolveField(() => PersonModel, personField)
  @Requires('payment:read')
  person(
    @Parent() { endToEndId }: PaymentView,
    @Context('req') request: AuthenticatedRequest,
  ): Promise<PersonKey | null> {
    return this.loaders.personOfPayment.of(request).load(endToEndId);
  }
}

/** Of the shape of a UUID, and none: every bit of it is of the hash. */
const numberKeyForm = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

@Resolver(() => PersonModel)
export class PersonPaymentsResolver {
  constructor(private readonly loaders: Loaders) {}

  @ResolveReference()
  @Requires('payment:read')
  reference({ numberKey }: PersonModel): PersonModel {
    return { numberKey };
  }

  @ResolveField(() => PayeePaymentConnection, { description: 'Over all programmes, newest first' })
  @Requires('payment:read')
  async payments(
    @Parent() { numberKey }: PersonModel,
    @Args() args: PageArgs,
    @Context('req') request: AuthenticatedRequest,
  ): Promise<Connection<PayeePaymentView>> {
    const loader = this.loaders.paymentsOfPeople.of(request);
    // Who has no citizen number was never paid by one.
    const page =
      numberKey !== null && numberKeyForm.test(numberKey)
        ? await loader.load({ parentId: numberKey, query: pageQuery(args) })
        : null;
    return connectionOf(page ?? { items: [], next: null }, keyOf, args.after);
  }
}

function keyOf({ endToEndId }: PayeePaymentView): [string, number] {
  const { batchNumber, row } = readEndToEndId(endToEndId)!;
  return [batchNumber, row];
}
