import { ArgsType, Field, ObjectType } from '@nestjs/graphql';
import { IsIn, IsOptional, Matches } from 'class-validator';
import { connectionType, PageArgs, Vnd } from '@ansinh/graphql';
import { IsDay } from '@ansinh/problem';
import { capitalSources } from '../product/approving-body.js';

@ObjectType('FundReport', {
  description: 'Capital of one place and source, of all years, and the interest of what it lends',
})
export class FundReportModel {
  @Field()
  placeCode: string;

  @Field({ description: `One of ${capitalSources.join(', ')}` })
  source: string;

  @Field()
  from: string;

  @Field()
  through: string;

  @Field(() => Vnd, { description: 'Principal that was out before the first day' })
  opening: string;

  @Field(() => Vnd)
  disbursed: string;

  @Field(() => Vnd)
  principalCollected: string;

  @Field(() => Vnd)
  principalCancelled: string;

  @Field(() => Vnd, { description: 'Principal that was out at the end of the last day' })
  closing: string;

  @Field(() => Vnd, { description: 'The sum of its parts and of what is undivided' })
  interestCollected: string;

  @Field(() => Vnd)
  ministry: string;

  @Field(() => Vnd)
  departmentAndDistricts: string;

  @Field(() => Vnd, { description: 'Added to the capital of the fund' })
  fund: string;

  @Field(() => Vnd, { description: 'What the others leave' })
  bank: string;

  @Field(() => Vnd, { description: 'What no law divides that anybody has read or confirmed' })
  undivided: string;

  @Field(() => [String], { description: 'Rows of law by which it was divided' })
  rows: string[];

  @Field(() => [String], { description: 'Rows of law that wait for a named person' })
  unconfirmed: string[];
}

export const FundReportConnection = connectionType('FundReport', FundReportModel);

@ArgsType()
export class FundReportArgs extends PageArgs {
  @Field(() => String, { nullable: true })
  @IsOptional()
  @IsDay()
  from?: string | null;

  @Field(() => String, { nullable: true })
  @IsOptional()
  @IsDay()
  through?: string | null;

  @Field(() => String, { nullable: true, description: 'What was recorded later is not in it' })
  @IsOptional()
  @IsDay()
  knownOn?: string | null;

  @Field(() => String, { nullable: true })
  @IsOptional()
  @Matches(/^\d{2,5}$/)
  placeCode?: string | null;

  @Field(() => String, { nullable: true })
  @IsOptional()
  @IsIn(capitalSources)
  source?: string | null;
}
