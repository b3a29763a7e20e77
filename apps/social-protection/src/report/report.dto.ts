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

  @ApiProperty({
    type: [String],
    description:
      'Of a monthly programme all rules by which is paid: who has two stands by both, and beside those who have one. Else what was asked for',
  })
  categories: string[];

  @ApiProperty({
    type: Number,
    nullable: true,
    description: 'Beneficiaries of the last approved month before; null where a programme pays once',
  })
  before: number | null;

  @ApiProperty({
    description:
      'Beneficiaries of the last approved month, or how often something was approved that is paid once',
  })
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
