import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsInt, IsOptional, Matches, Max, Min } from 'class-validator';
import type { LoanProductCode } from '@ansinh/loans';
import { IsDay } from '@ansinh/problem';
import { productCodes, termMonthsMax } from '../loan/loan.dto.js';
import { vndPattern } from '../rest.js';

export class PreviewSchedule {
  @ApiProperty({ enum: productCodes })
  @IsIn(productCodes)
  productCode: LoanProductCode;

  @ApiProperty({ example: '80000000' })
  @Matches(vndPattern)
  amount: string;

  @ApiProperty({ example: 36 })
  @IsInt()
  @Min(1)
  @Max(termMonthsMax)
  termMonths: number;

  @ApiProperty({ format: 'date', description: 'The product of that day is asked' })
  @IsDay()
  disbursedOn: string;

  @ApiProperty({
    required: false,
    description: 'Parts per million a year; needed where the law names no rate',
  })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(1_000_000)
  ratePpm?: number;

  @ApiProperty({ required: false, format: 'date' })
  @IsOptional()
  @IsDay()
  firstDueOn?: string;

  @ApiProperty({ required: false })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(31)
  dueDayOfMonth?: number;
}

class InstalmentView {
  @ApiProperty()
  number: number;

  @ApiProperty({ format: 'date' })
  dueOn: string;

  @ApiProperty()
  principal: string;

  @ApiProperty()
  interest: string;

  @ApiProperty({ description: 'What is left after it' })
  balance: string;
}

export class ScheduleView {
  @ApiProperty({ description: 'Parts per million a year' })
  ratePpm: number;

  @ApiProperty({ description: 'Of all instalments' })
  interest: string;

  @ApiProperty({ type: [InstalmentView] })
  instalments: InstalmentView[];
}
