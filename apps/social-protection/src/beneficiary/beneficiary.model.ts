import { ArgsType, Directive, Field, ID, ObjectType } from '@nestjs/graphql';
import { IsIn, IsOptional, Length, Matches } from 'class-validator';
import { connectionType, PageArgs } from '@ansinh/graphql';
import { type MonthlyProgrammeCode, monthlyCodes } from '../programme/programmes.js';

@ObjectType('Beneficiary', { description: 'Somebody who is decided on month by month' })
@Directive('@key(fields: "id")')
export class BeneficiaryModel {
  @Field(() => ID)
  id: string;

  @Field()
  programme: string;

  @Field()
  name: string;

  @Field()
  placeCode: string;

  @Field(() => String, { nullable: true, description: 'Of the dossier by which he asked' })
  dossierCode: string | null;

  @Field(() => String, { nullable: true, description: 'Rule of what was granted last' })
  category: string | null;

  @Field({ description: 'Without an account' })
  isPaidInCash: boolean;

  @Field({ description: 'The first month that something was stated for, as 2026-03' })
  firstMonth: string;
}

export const BeneficiaryConnection = connectionType('Beneficiary', BeneficiaryModel);

@ArgsType()
export class BeneficiariesArgs extends PageArgs {
  @Field(() => String)
  @IsIn(monthlyCodes)
  programme: MonthlyProgrammeCode;

  @Field(() => String, { nullable: true, description: 'Commune of today' })
  @IsOptional()
  @Matches(/^\d{5}$/)
  placeCode?: string | null;

  @Field(() => String, { nullable: true })
  @IsOptional()
  @Length(1, 60)
  category?: string | null;
}
