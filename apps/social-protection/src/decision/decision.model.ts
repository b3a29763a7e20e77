import { Directive, Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { BilingualTextModel, connectionType, Day, enumType, Vnd } from '@ansinh/graphql';
import { entitlementStates } from '../payout/entitlement-state.sql.js';
import { changes } from '../run/month-change.js';
import { outcomes } from '../run/run.dto.js';
import { runStates } from '../run/run.states.js';

const ChangeType = enumType('SupportChange', changes, 'What a month is different in from before');
const OutcomeType = enumType('SupportOutcome', outcomes, 'What a decision comes to');
const RunStateType = enumType('SupportRunState', Object.keys(runStates), 'How far a run of decisions is');
const EntitlementStateType = enumType(
  'EntitlementState',
  entitlementStates,
  'From a proposal to what became of the payment',
);

@ObjectType('LegalArticle', { description: 'A place in a legal text' })
export class ArticleModel {
  @Field({ description: 'Row of the law' })
  row: string;

  @Field({ description: 'Number of the instrument' })
  number: string;

  @Field()
  article: string;

  @Field(() => String, { nullable: true })
  clause?: string;

  @Field(() => Day)
  inForceFrom: string;
}

@ObjectType('DecisionFact', { description: 'What a decision rests on' })
export class FactModel {
  @Field({ description: 'As the law names it' })
  fact: string;

  @Field(() => BilingualTextModel)
  name: BilingualTextModel;

  @Field({ description: 'As JSON' })
  value: string;
}

@ObjectType('Decision', { description: 'What the law says of one person and one month' })
@Directive('@key(fields: "id")')
export class DecisionModel {
  @Field(() => ID)
  id: string;

  @Field()
  programme: string;

  @Field(() => Day)
  decidedOn: string;

  @Field(() => RunStateType, { description: 'It holds once its run is approved' })
  state: string;

  @Field(() => String, { nullable: true, description: 'Of a list; null on a decision of the register' })
  employerName: string | null;

  @Field(() => Int, { nullable: true, description: 'In the list of the employer' })
  row: number | null;

  @Field(() => ChangeType, { nullable: true, description: 'What is different from the month before' })
  change: string | null;

  @Field(() => String, { nullable: true })
  month: string | null;

  @Field(() => OutcomeType)
  outcome: string;

  @Field(() => Vnd)
  amount: string;

  @Field(() => [String])
  rules: string[];

  @Field(() => [String], { description: 'Facts that stood against it, or were missing' })
  because: string[];

  @Field(() => [ArticleModel])
  articles: ArticleModel[];

  @Field({ description: 'Of law, moment, facts and result' })
  digest: string;
}

@ObjectType('Deduction', { description: 'What is kept back for a month that was paid too much' })
export class DeductionModel {
  @Field(() => ID)
  recoveryId: string;

  @Field({ description: 'The month that was paid too much' })
  month: string;

  @Field(() => Vnd)
  amount: string;

  @Field({ description: 'Decision that it rests on' })
  paper: string;
}

@ObjectType('Entitlement', { description: 'What somebody is to be paid by a decision' })
@Directive('@key(fields: "id")')
export class EntitlementModel {
  @Field(() => ID)
  id: string;

  @Field()
  programme: string;

  @Field({ description: 'Policy or group' })
  choice: string;

  @Field()
  period: string;

  @Field(() => Vnd, { description: 'What is granted' })
  amount: string;

  @Field(() => Vnd, { description: 'Kept back of that for what was paid too much before' })
  deducted: string;

  @Field(() => Vnd, { description: 'What is paid' })
  net: string;

  @Field(() => [DeductionModel])
  deductions: DeductionModel[];

  @Field(() => EntitlementStateType)
  state: string;

  @Field(() => String, {
    nullable: true,
    description: 'Payment of the disbursements that pays it; the last one, where it came back',
  })
  endToEndId: string | null;
}

export const DecisionConnection = connectionType('Decision', DecisionModel);
export const EntitlementConnection = connectionType('Entitlement', EntitlementModel);

/** A person of the registry, as somebody who is decided on. */
@ObjectType('Person')
@Directive('@key(fields: "numberKey")')
export class PersonModel {
  @Field(() => String, { nullable: true })
  numberKey: string | null;
}

/** Payments of the disbursements: what they pay is known here. */
@ObjectType('Payment')
@Directive('@key(fields: "endToEndId")')
export class PaymentModel {
  @Field()
  endToEndId: string;
}

@ObjectType('PayeePayment')
@Directive('@key(fields: "endToEndId")')
export class PayeePaymentModel extends PaymentModel {}
