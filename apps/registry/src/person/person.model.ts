import { ArgsType, Directive, Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { IsInt, IsOptional, IsString, Matches, Max, MaxLength, Min } from 'class-validator';
import { connectionType, Day, enumType, PageArgs } from '@ansinh/graphql';
import { sexes } from './person.dto.js';

const SexType = enumType('Sex', sexes, 'As registered');

@ObjectType('Person', { description: 'A person of the province. Numbers are masked' })
@Directive('@key(fields: "id")')
@Directive('@key(fields: "numberKey")')
export class PersonModel {
  @Field(() => ID)
  id: string;

  @Field(() => String, {
    nullable: true,
    description: 'A pseudonym by which the services know a citizen number; says nothing without their key',
  })
  numberKey: string | null;

  @Field(() => String, { nullable: true, description: 'Masked' })
  citizenNumber: string | null;

  @Field()
  name: string;

  @Field(() => Int)
  birthYear: number;

  @Field(() => Day, { nullable: true })
  bornOn: string | null;

  @Field(() => SexType)
  sex: string;

  @Field(() => Day, { nullable: true })
  diedOn: string | null;
}

export const PersonConnection = connectionType('Person', PersonModel);

@ArgsType()
export class PeopleArgs extends PageArgs {
  @Field(() => String, { nullable: true, description: 'Any part of a name, initials, a year of birth' })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  q?: string | null;

  @Field(() => Int, { nullable: true })
  @IsOptional()
  @IsInt()
  @Min(1880)
  @Max(2200)
  birthYear?: number | null;

  @Field(() => String, { nullable: true, description: 'Code of a place, of any day' })
  @IsOptional()
  @Matches(/^(\d{2}|\d{3}|\d{5})$/)
  place?: string | null;
}

@ArgsType()
export class NumberArgs {
  @Field({ description: 'Citizen number. Pass it as a variable: documents are logged and cached' })
  @Matches(/^(\d{9}|\d{12})$/)
  number: string;
}
