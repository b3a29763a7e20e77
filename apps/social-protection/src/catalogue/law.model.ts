import { ArgsType, Field, ID, ObjectType } from '@nestjs/graphql';
import { IsOptional, Matches } from 'class-validator';
import { BilingualTextModel, Day } from '@ansinh/graphql';
import { IsDay } from '@ansinh/problem';

const programmeCode = /^[a-z][a-z0-9-]{0,59}$/;

@ArgsType()
export class LawArgs {
  @Field(() => ID)
  @Matches(programmeCode)
  programme: string;

  @Field(() => Day, { nullable: true, description: 'For which day; today where it is left out' })
  @IsOptional()
  @IsDay()
  day?: string | null;

  @Field(() => Day, { nullable: true, description: 'As it was in force by then' })
  @IsOptional()
  @IsDay()
  knownOn?: string | null;
}

@ObjectType('LawProgramme', {
  description: 'What the law answers: a payment, a ceiling, a rate, a classification',
})
export class LawProgrammeModel {
  @Field(() => ID)
  code: string;

  @Field(() => BilingualTextModel)
  name: BilingualTextModel;

  @Field()
  answers: string;

  @Field()
  unit: string;

  @Field()
  period: string;
}

@ObjectType('LawPlace', { description: 'A place in a legal text' })
class LawPlaceModel {
  @Field()
  number: string;

  @Field(() => BilingualTextModel)
  name: BilingualTextModel;

  @Field(() => String, { nullable: true })
  article?: string;

  @Field(() => String, { nullable: true })
  clause?: string;

  @Field(() => String, { nullable: true })
  annex?: string;
}

@ObjectType({ isAbstract: true })
abstract class LawRowModel {
  @Field()
  row: string;

  @Field(() => LawPlaceModel)
  citation: LawPlaceModel;

  @Field({ description: 'verified, or: secondary, memory, derived' })
  confidence: string;

  @Field({ description: 'Nothing is granted on it before a named person has confirmed it' })
  isAwaiting: boolean;

  @Field(() => Day)
  appliedFrom: string;

  @Field(() => Day)
  inForceFrom: string;
}

@ObjectType('LawRule')
class LawRuleModel extends LawRowModel {
  @Field()
  rule: string;

  @Field(() => BilingualTextModel)
  name: BilingualTextModel;

  @Field(() => BilingualTextModel)
  group: BilingualTextModel;
}

@ObjectType('LawValue')
class LawValueModel extends LawRowModel {
  @Field(() => String, { nullable: true, description: 'Null for a table, and where nobody has read it' })
  value: string | null;

  @Field({ description: 'Set by the province itself' })
  isOwn: boolean;
}

@ObjectType('LawParameter')
class LawParameterModel {
  @Field()
  parameter: string;

  @Field(() => BilingualTextModel)
  name: BilingualTextModel;

  @Field()
  unit: string;

  @Field(() => LawValueModel, { nullable: true, description: 'Null where the law has no value for the day' })
  at: LawValueModel | null;
}

@ObjectType('Law', { description: 'The law of a programme for a day, as it was in force by another' })
export class LawModel {
  @Field(() => ID)
  programme: string;

  @Field(() => BilingualTextModel)
  name: BilingualTextModel;

  @Field(() => Day)
  day: string;

  @Field(() => Day)
  knownOn: string;

  @Field()
  digest: string;

  @Field(() => [LawRuleModel])
  rules: LawRuleModel[];

  @Field(() => [LawParameterModel])
  parameters: LawParameterModel[];
}

@ObjectType('LawChange', { description: 'What is another law on the second of two days' })
export class LawChangeModel {
  @Field()
  kind: string;

  @Field()
  code: string;

  @Field(() => BilingualTextModel)
  name: BilingualTextModel;

  @Field({ description: 'began, ended or rewritten; of a parameter: changed' })
  change: string;

  @Field(() => String, { nullable: true })
  before: string | null;

  @Field(() => String, { nullable: true })
  after: string | null;
}
