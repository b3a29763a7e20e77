import { Field, ID, ObjectType } from '@nestjs/graphql';
import { BilingualTextModel, enumType } from '@ansinh/graphql';

const SupportPeriodType = enumType('SupportPeriod', ['once', 'month'], 'How often a programme pays');

@ObjectType('SupportChoice', { description: 'What a list may ask for: a policy, or a group' })
class SupportChoiceModel {
  @Field()
  code: string;

  @Field(() => BilingualTextModel)
  name: BilingualTextModel;
}

@ObjectType('SupportProgramme', {
  description: 'A programme that pays once, for a few months, or month by month',
})
export class SupportProgrammeModel {
  @Field(() => ID)
  code: string;

  @Field(() => BilingualTextModel)
  name: BilingualTextModel;

  @Field(() => SupportPeriodType)
  period: string;

  @Field(() => [SupportChoiceModel])
  choices: SupportChoiceModel[];
}
