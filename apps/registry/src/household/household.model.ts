import { Directive, Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { Day, enumType } from '@ansinh/graphql';
import { povertyClasses } from './household.dto.js';
import { relations } from './relations.js';

const RelationType = enumType('HouseholdRelation', relations, 'To the head of the household');
const PovertyClassType = enumType('PovertyClass', povertyClasses, 'By the review of a year');

@ObjectType('HouseholdMember')
export class HouseholdMemberModel {
  @Field(() => RelationType)
  relation: string;

  @Field(() => Day)
  validFrom: string;

  @Field(() => Day, { nullable: true })
  validUntil: string | null;
}

@ObjectType('HouseholdClass')
class HouseholdClassModel {
  @Field(() => Int)
  year: number;

  @Field(() => PovertyClassType)
  class: string;

  @Field()
  basis: string;
}

@ObjectType('Household', { description: 'People who live together' })
@Directive('@key(fields: "id")')
export class HouseholdModel {
  @Field(() => ID)
  id: string;

  @Field(() => [HouseholdMemberModel], { description: 'Also those who left, the present ones first' })
  members: HouseholdMemberModel[];

  @Field(() => [HouseholdClassModel], { description: 'The class of each year, the last one first' })
  classes: HouseholdClassModel[];
}
