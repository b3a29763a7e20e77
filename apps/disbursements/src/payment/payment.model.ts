import { ArgsType, Directive, Field, Int, ObjectType } from '@nestjs/graphql';
import { IsOptional, Matches } from 'class-validator';
import { connectionType, Day, enumType, Instant, PageArgs, Vnd } from '@ansinh/graphql';
import { paymentStates } from './payment.dto.js';

const PaymentStateType = enumType(
  'PaymentState',
  paymentStates,
  'What became of a payment; AWAITING is approved and not sent yet',
);

@ObjectType('Payment')
@Directive('@key(fields: "endToEndId")')
export class PaymentModel {
  @Field({ description: 'Its name for ever, at our side and at the bank: LO-00000042-0000123' })
  endToEndId: string;

  @Field(() => Int)
  row: number;

  @Field(() => Vnd)
  amount: string;

  @Field(() => PaymentStateType)
  state: string;

  @Field(() => Vnd, { nullable: true, description: 'What the bank took for it, where it was paid' })
  paidAmount: string | null;

  @Field(() => Day, { nullable: true })
  paidOn: string | null;

  @Field(() => String, { nullable: true, description: 'Reason code of a refusal or a return' })
  reason: string | null;

  @Field(() => String, { nullable: true, description: 'End-to-end id of the line that pays it again' })
  followUp: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'End-to-end id of the line that came back and is paid again',
  })
  followUpOf: string | null;
}

export const PaymentConnection = connectionType('Payment', PaymentModel);

@ObjectType('PayeePayment', { description: 'A payment as part of what one person was paid' })
@Directive('@key(fields: "endToEndId")')
export class PayeePaymentModel extends PaymentModel {
  @Field()
  batchCode: string;

  @Field()
  programmeCode: string;

  @Field()
  policyCode: string;

  @Field()
  period: string;

  @Field(() => Int)
  ordinal: number;

  @Field()
  payeeName: string;

  @Field({ description: 'Masked' })
  payeeId: string;

  @Field(() => String, { nullable: true, description: 'Null: paid in cash' })
  bankBin: string | null;

  @Field()
  placeCode: string;

  @Field(() => Instant, { nullable: true })
  approvedAt: string | null;
}

@ObjectType('Payee', { description: 'Who is behind a line; numbers are masked unless a purpose is stated' })
export class PayeeModel {
  @Field()
  endToEndId: string;

  @Field({ description: 'False where a purpose was stated, and the reading was logged' })
  isMasked: boolean;

  @Field(() => String, { nullable: true })
  payeeName: string | null;

  @Field(() => String, { nullable: true, description: 'Citizen number' })
  payeeId: string | null;

  @Field(() => String, { nullable: true })
  bankBin: string | null;

  @Field(() => String, { nullable: true })
  account: string | null;
}

export const PayeePaymentConnection = connectionType('PayeePayment', PayeePaymentModel);

/** A person of the registry, as somebody who is paid. */
@ObjectType('Person')
@Directive('@key(fields: "numberKey")')
export class PersonModel {
  @Field(() => String, { nullable: true })
  numberKey: string | null;
}

@ArgsType()
export class PaymentArgs extends PageArgs {
  @Field(() => PaymentStateType, { nullable: true })
  @IsOptional()
  state?: string | null;
}

@ArgsType()
export class PayeePaymentArgs extends PageArgs {
  @Field({ description: 'Citizen number, 12 digits. Pass it as a variable: documents are logged and cached' })
  @Matches(/^[0-9]{12}$/)
  payeeId: string;
}
