import { ArgsType, Directive, Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { IsOptional, IsUUID, Matches } from 'class-validator';
import { BilingualTextModel, connectionType, Day, enumType, Instant, PageArgs } from '@ansinh/graphql';
import { dueFilters, outcomes, standings } from './dossier.dto.js';
import { dossierStates } from './dossier.states.js';

const DossierStateType = enumType('DossierState', dossierStates, 'Where a dossier is in its life');
const DossierStandingType = enumType('DossierStanding', standings, 'How a dossier stands to its due day');
const DossierOutcomeType = enumType('DossierOutcome', outcomes, 'What was decided');
const DossierDueType = enumType('DossierDue', dueFilters, 'Late or soon due: the whole, or the step');

@ObjectType('DossierTerm', { description: 'A procedure, a step or a paper, by its code' })
class DossierTermModel {
  @Field()
  code: string;

  @Field(() => BilingualTextModel)
  name: BilingualTextModel;
}

@ObjectType('Dossier', { description: 'What somebody asked of us, and when our answer is due' })
@Directive('@key(fields: "id")')
export class DossierModel {
  @Field(() => ID)
  id: string;

  @Field({ description: 'In the national form: H05.09.163-261125-0001' })
  code: string;

  @Field(() => DossierTermModel)
  procedure: DossierTermModel;

  @Field({ description: 'Of the desk that received it' })
  officeCode: string;

  @Field({ description: 'Of the office that has it now' })
  holderCode: string;

  @Field()
  placeCode: string;

  @Field()
  applicantName: string;

  @Field(() => DossierStateType)
  state: string;

  @Field(() => DossierTermModel, { nullable: true, description: 'null: at the desk' })
  step: DossierTermModel | null;

  @Field(() => String, { nullable: true })
  assignee: string | null;

  @Field(() => [DossierTermModel], { description: 'Required papers that were not handed in' })
  missing: DossierTermModel[];

  @Field(() => Instant)
  presentedAt: string;

  @Field(() => Day, { nullable: true })
  countsFrom: string | null;

  @Field(() => Day, { nullable: true })
  dueOn: string | null;

  @Field(() => Day, { nullable: true })
  stepDueOn: string | null;

  @Field(() => Instant, { nullable: true, description: 'Since when the clock stands still' })
  stoppedAt: string | null;

  @Field(() => DossierStandingType, { nullable: true, description: 'null where no answer is owed' })
  standing: string | null;

  @Field(() => [Day], { description: 'Days up to the due day that an official has yet to confirm' })
  unconfirmedDays: string[];

  @Field(() => DossierOutcomeType, { nullable: true })
  outcome: string | null;

  @Field(() => Int)
  version: number;
}

export const DossierConnection = connectionType('Dossier', DossierModel);

@ArgsType()
export class DossierArgs extends PageArgs {
  @Field(() => DossierStateType, { nullable: true })
  @IsOptional()
  state?: string | null;

  @Field(() => DossierDueType, { nullable: true, description: 'Soon: in two working days' })
  @IsOptional()
  due?: string | null;

  @Field(() => String, { nullable: true, description: 'Office that has it now' })
  @IsOptional()
  @Matches(/^\d{2,5}$/)
  holder?: string | null;

  @Field(() => String, { nullable: true })
  @IsOptional()
  @Matches(/^[A-Za-z0-9-]{1,40}$/)
  procedure?: string | null;

  @Field(() => String, { nullable: true })
  @IsOptional()
  @Matches(/^[A-Za-z0-9-]{1,40}$/)
  step?: string | null;

  @Field(() => ID, { nullable: true })
  @IsOptional()
  @IsUUID()
  personId?: string | null;
}
