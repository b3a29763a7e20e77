import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, Max, Min } from 'class-validator';
import { type ProgrammeCode, programmeCodes } from '../programme/programmes.js';

export class HalfYearQuery {
  @ApiProperty({ example: 2022 })
  @Type(() => Number)
  @IsInt()
  @Min(2021)
  @Max(2200)
  year: number;

  @ApiProperty({ enum: [1, 2], description: '1: January to June, 2: July to December' })
  @Type(() => Number)
  @IsIn([1, 2])
  half: 1 | 2;
}

export class HalfYearLine {
  @ApiProperty({ enum: programmeCodes })
  programme: ProgrammeCode;

  @ApiProperty({ description: 'Of a monthly programme the rule by which is paid, else what was asked for' })
  category: string;

  @ApiProperty({
    type: Number,
    nullable: true,
    description: 'Beneficiaries of the month before; null where a programme pays once',
  })
  before: number | null;

  @ApiProperty({ description: 'Beneficiaries of the last month, or people of the half-year' })
  people: number;

  @ApiProperty({ description: 'What was approved for the half-year, đồng' })
  owed: string;

  @ApiProperty({ description: 'What of that is kept back for what was paid too much before, đồng' })
  deducted: string;

  @ApiProperty({ description: 'What of that was paid by now, đồng' })
  paid: string;
}

export class HalfYearReport {
  @ApiProperty({ type: [HalfYearLine] })
  items: HalfYearLine[];
}
