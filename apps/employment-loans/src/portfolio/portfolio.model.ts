import { ArgsType, Field, Int, ObjectType } from '@nestjs/graphql';
import { Day, enumType, Vnd } from '@ansinh/graphql';
import { PortfolioQuery, type PortfolioDimension, portfolioDimensions } from './portfolio.dto.js';

const DimensionType = enumType('LoanPortfolioDimension', portfolioDimensions, 'By what a portfolio is told');

@ObjectType({ isAbstract: true })
class SumsModel {
  @Field(() => Int, { description: 'Loans of which anything is owed' })
  loans: number;

  @Field(() => Vnd, { description: 'All principal that is out' })
  principal: string;

  @Field(() => Vnd, { description: 'What of it is overdue: its due day is over' })
  overduePrincipal: string;

  @Field(() => Vnd, { description: 'Interest that the ledger has' })
  interest: string;

  @Field(() => Vnd, { description: 'On overdue principal' })
  overdueInterest: string;
}

@ObjectType('LoanPortfolioTotal')
class PortfolioTotalModel extends SumsModel {}

@ObjectType('LoanPortfolioLine', { description: 'What the lines are not by is null' })
class PortfolioLineModel extends SumsModel {
  @Field(() => String, { nullable: true, description: 'Commune' })
  placeCode: string | null;

  @Field(() => String, { nullable: true })
  productCode: string | null;

  @Field(() => String, { nullable: true })
  debtGroup: string | null;

  @Field(() => String, { nullable: true, description: 'central, province or district' })
  capitalSource: string | null;
}

@ObjectType('LoanPortfolio', { description: 'What is out at the end of a day' })
export class PortfolioModel {
  @Field(() => Day)
  on: string;

  @Field(() => Day, { nullable: true, description: 'The last day that is closed' })
  closedThrough: string | null;

  @Field(() => PortfolioTotalModel)
  total: PortfolioTotalModel;

  @Field(() => [PortfolioLineModel])
  items: PortfolioLineModel[];
}

@ArgsType()
export class PortfolioArgs extends PortfolioQuery {
  @Field(() => Day, { nullable: true, description: 'Today where it is left out' })
  declare on?: string;

  @Field(() => Day, { nullable: true, description: 'As it was known at the end of that day' })
  declare knownOn?: string;

  @Field(() => [DimensionType], { defaultValue: ['debtGroup'] })
  declare by: PortfolioDimension[];

  @Field(() => String, { nullable: true, description: 'Loans of this place and of those under it alone' })
  declare placeCode?: string;
}
