import { ApiProperty } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { ArrayNotEmpty, ArrayUnique, IsIn, IsOptional, Matches } from 'class-validator';
import { debtGroups, type LoanProductCode } from '@ansinh/loans';
import { IsDay } from '@ansinh/problem';
import { productCodes } from '../loan/loan.dto.js';
import { type CapitalSource, capitalSources } from '../product/approving-body.js';

export const portfolioDimensions = ['place', 'product', 'debtGroup', 'capitalSource'] as const;
export type PortfolioDimension = (typeof portfolioDimensions)[number];

const groupCodes = [...new Set(debtGroups.flatMap(({ value }) => value.map(({ code }) => code)))];

export class PortfolioQuery {
  @ApiProperty({
    required: false,
    format: 'date',
    description: 'At the end of that day; today where it is left out',
  })
  @IsOptional()
  @IsDay()
  on?: string;

  @ApiProperty({
    required: false,
    format: 'date',
    description:
      'As it was known at the end of that day. Where it is left out, what was recorded later counts from the day it is of',
  })
  @IsOptional()
  @IsDay()
  knownOn?: string;

  @ApiProperty({
    required: false,
    type: String,
    example: 'place,debtGroup',
    description: `By what: some of ${portfolioDimensions.join(', ')}, parted by commas; debtGroup where it is left out`,
  })
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.split(',') : value))
  @IsIn(portfolioDimensions, { each: true })
  @ArrayNotEmpty()
  @ArrayUnique()
  by: PortfolioDimension[] = ['debtGroup'];

  @ApiProperty({
    required: false,
    example: '256',
    description: 'Loans of this place and of those under it alone',
  })
  @IsOptional()
  @Matches(/^\d{2,5}$/)
  placeCode?: string;
}

export class PortfolioSums {
  @ApiProperty({ description: 'Loans of which anything is owed' })
  loans: number;

  @ApiProperty({ description: 'All principal that is out' })
  principal: string;

  @ApiProperty({ description: 'What of it is overdue: its due day is over' })
  overduePrincipal: string;

  @ApiProperty({
    description:
      'Interest that the ledger has: until the end of the last month, due day or payment, whichever is latest',
  })
  interest: string;

  @ApiProperty({ description: 'On overdue principal' })
  overdueInterest: string;
}

export class PortfolioLine extends PortfolioSums {
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Commune; null where the lines are not by place',
  })
  placeCode: string | null;

  @ApiProperty({ type: String, enum: productCodes, nullable: true })
  productCode: LoanProductCode | null;

  @ApiProperty({ type: String, enum: groupCodes, nullable: true })
  debtGroup: string | null;

  @ApiProperty({ type: String, enum: capitalSources, nullable: true })
  capitalSource: CapitalSource | null;
}

export class PortfolioView {
  @ApiProperty({ format: 'date' })
  on: string;

  @ApiProperty({
    type: String,
    nullable: true,
    format: 'date',
    description: 'The last day that is closed: what time alone brings after it is not in the figures yet',
  })
  closedThrough: string | null;

  @ApiProperty({ type: PortfolioSums })
  total: PortfolioSums;

  @ApiProperty({ type: [PortfolioLine] })
  items: PortfolioLine[];
}
