import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsOptional, Matches } from 'class-validator';
import { IsDay } from '@ansinh/problem';
import { PageQuery } from '@ansinh/service';
import { type CapitalSource, capitalSources } from '../product/approving-body.js';

export class FundReportQuery extends PageQuery {
  @ApiProperty({
    required: false,
    format: 'date',
    description: 'The first of January of `through` where absent',
  })
  @IsOptional()
  @IsDay()
  from?: string;

  @ApiProperty({ required: false, format: 'date', description: 'Of the same year; today where absent' })
  @IsOptional()
  @IsDay()
  through?: string;

  @ApiProperty({
    required: false,
    format: 'date',
    description: 'As it was known at the end of that day: what was recorded later is not in it',
  })
  @IsOptional()
  @IsDay()
  knownOn?: string;

  @ApiProperty({ required: false, example: '256' })
  @IsOptional()
  @Matches(/^\d{2,5}$/)
  placeCode?: string;

  @ApiProperty({ required: false, enum: capitalSources })
  @IsOptional()
  @IsIn(capitalSources)
  source?: CapitalSource;
}

/** Capital of one place and source, of all years, and the interest of what it lends. */
export class FundReport {
  @ApiProperty()
  placeCode: string;

  @ApiProperty({ enum: capitalSources })
  source: CapitalSource;

  @ApiProperty({ format: 'date' })
  from: string;

  @ApiProperty({ format: 'date' })
  through: string;

  @ApiProperty({ description: 'Principal that was out before the first day' })
  opening: string;

  @ApiProperty()
  disbursed: string;

  @ApiProperty({ description: 'Principal that borrowers have repaid, less what was given back to them' })
  principalCollected: string;

  @ApiProperty({ description: 'Principal that was cancelled by decision' })
  principalCancelled: string;

  @ApiProperty({ description: 'Principal that was out at the end of the last day' })
  closing: string;

  @ApiProperty({ description: 'The sum of all below' })
  interestCollected: string;

  @ApiProperty()
  ministry: string;

  @ApiProperty()
  departmentAndDistricts: string;

  @ApiProperty({ description: 'Added to the capital of the fund' })
  fund: string;

  @ApiProperty({ description: 'What the others leave' })
  bank: string;

  @ApiProperty({ description: 'What no law divides that anybody has read or confirmed' })
  undivided: string;

  @ApiProperty({ type: [String], description: 'Rows of law by which it was divided' })
  rows: string[];

  @ApiProperty({ type: [String], description: 'Rows of law that wait for a named person' })
  unconfirmed: string[];
}

export class FundReportPage {
  @ApiProperty({ type: [FundReport] })
  items: FundReport[];

  @ApiProperty({ type: String, nullable: true })
  next: string | null;
}
