import { Field, ObjectType } from '@nestjs/graphql';
import { Day, enumType, Instant } from '@ansinh/graphql';
import { jobKinds } from '../loan/loan.dto.js';
import { PersonModel } from '../loan/loan.model.js';
import { jobOutcomes } from './job.dto.js';

const JobOutcomeType = enumType(
  'LoanJobOutcome',
  jobOutcomes,
  'Whether a job counts for its loan, or why it does not',
);

@ObjectType('LoanJob', { description: 'A worker whom a use check has named, by the last check that did' })
export class JobModel {
  @Field()
  name: string;

  @Field({ description: `One of ${jobKinds.join(', ')}` })
  kind: string;

  @Field(() => JobOutcomeType)
  outcome: string;

  @Field(() => Day, { description: 'Day of the check, which the registry was asked about' })
  foundOn: string;

  @Field(() => Instant, { description: 'When the registry answered' })
  answeredAt: string;

  @Field(() => Day, { nullable: true, description: 'Of the contract with the borrower' })
  contractFrom: string | null;

  @Field(() => Day, { nullable: true })
  contractUntil: string | null;

  @Field(() => Day, { nullable: true })
  insuredFrom: string | null;

  @Field(() => [String], {
    description: 'Of one that is undecided: rows of law that waited for a named person',
  })
  unconfirmed: string[];

  @Field(() => PersonModel)
  person: PersonModel;
}
