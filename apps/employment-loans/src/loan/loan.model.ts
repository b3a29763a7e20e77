import { ArgsType, Directive, Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { IsOptional, Matches } from 'class-validator';
import { connectionType, enumType, PageArgs, Vnd } from '@ansinh/graphql';
import { loanStates } from '@ansinh/loans';
import { lawFactNames } from '../law/law-facts.js';
import { borrowerKinds, productCodes } from './loan.dto.js';

const LoanStateType = enumType('LoanState', loanStates, 'Where a loan is in its life');
const BorrowerKindType = enumType('BorrowerKind', borrowerKinds, 'Who borrows');

@ObjectType('LoanLawFact', { description: 'A fact by which the law decides, and the paper that says so' })
class LawFactModel {
  @Field({ description: `One of ${lawFactNames.join(', ')}` })
  fact: string;

  @Field({ description: '`true`, or a whole number: people, months or đồng' })
  value: string;

  @Field()
  document: string;
}

@ObjectType('Loan', { description: 'A loan of the employment fund, from its application on' })
@Directive('@key(fields: "id")')
export class LoanModel {
  @Field(() => ID)
  id: string;

  @Field({ description: 'VV-00000042' })
  code: string;

  @Field({ description: `One of ${productCodes.join(', ')}` })
  productCode: string;

  @Field({ description: 'Commune of the project' })
  placeCode: string;

  @Field(() => BorrowerKindType)
  borrowerKind: string;

  @Field()
  borrowerName: string;

  @Field(() => [LawFactModel], { description: 'What the application tells of the law' })
  facts: LawFactModel[];

  @Field(() => Vnd, { description: 'What was asked for' })
  amount: string;

  @Field(() => Int)
  termMonths: number;

  @Field(() => Vnd, { nullable: true, description: 'What was appraised, and then approved' })
  grantedAmount: string | null;

  @Field(() => Int, { nullable: true })
  grantedTermMonths: number | null;

  @Field(() => Int, { nullable: true, description: 'Parts per million a year' })
  ratePpm: number | null;

  @Field(() => LoanStateType)
  state: string;

  @Field(() => Int)
  version: number;
}

export const LoanConnection = connectionType('Loan', LoanModel);

/** A person of the registry, as somebody who borrows. */
@ObjectType('Person')
@Directive('@key(fields: "id")')
export class PersonModel {
  @Field(() => ID)
  id: string;
}

/** An employer of the registry, as somebody who borrows. */
@ObjectType('Employer')
@Directive('@key(fields: "id")')
export class EmployerModel {
  @Field(() => ID)
  id: string;
}

@ArgsType()
export class LoanArgs extends PageArgs {
  @Field(() => LoanStateType, { nullable: true })
  @IsOptional()
  state?: string | null;

  @Field(() => String, { nullable: true })
  @IsOptional()
  @Matches(/^[A-Z-]{1,40}$/)
  productCode?: string | null;

  @Field(() => String, { nullable: true })
  @IsOptional()
  @Matches(/^\d{5}$/)
  placeCode?: string | null;
}
