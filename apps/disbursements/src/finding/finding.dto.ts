import { ApiProperty } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  IsArray,
  IsIn,
  IsInt,
  IsOptional,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { IsNotBlank } from '@ansinh/problem';
import { findingCatalogue, type FindingCode } from '@ansinh/payment-list';
import { PageQuery } from '@ansinh/service';

export const findingCodes = Object.keys(findingCatalogue) as FindingCode[];

export class FindingQuery extends PageQuery {
  @ApiProperty({ required: false, enum: findingCodes })
  @IsOptional()
  @IsIn(findingCodes)
  code?: FindingCode;

  @ApiProperty({ required: false, enum: ['block', 'warn'] })
  @IsOptional()
  @IsIn(['block', 'warn'])
  severity?: string;

  @ApiProperty({
    required: false,
    enum: ['all', 'flawed'],
    default: 'all',
    description: 'Of a download: every row of the list, or only those with findings',
  })
  @IsOptional()
  @IsIn(['all', 'flawed'])
  rows: string = 'all';
}

export class WaiveInput {
  @ApiProperty({ enum: findingCodes })
  @IsIn(findingCodes)
  code: FindingCode;

  @ApiProperty({
    required: false,
    type: [Number],
    description: 'Rows; without it, every row with this finding',
  })
  @IsOptional()
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(10_000)
  @IsInt({ each: true })
  @Min(1, { each: true })
  @Max(2_147_483_647, { each: true })
  rows?: number[];

  @ApiProperty()
  @IsNotBlank()
  @MaxLength(500)
  reason: string;
}

class BilingualText {
  @ApiProperty()
  vi: string;

  @ApiProperty()
  en: string;
}

class WaivedBy {
  @ApiProperty()
  by: string;

  @ApiProperty()
  reason: string;

  @ApiProperty({ format: 'date-time' })
  at: string;
}

export class FindingView {
  @ApiProperty({ description: 'Ordinal of the line; 0 for the whole list' })
  row: number;

  @ApiProperty({ type: String, nullable: true })
  column: string | null;

  @ApiProperty({ enum: findingCodes })
  code: string;

  @ApiProperty({ enum: ['block', 'warn'] })
  severity: string;

  @ApiProperty({ type: BilingualText })
  message: BilingualText;

  @ApiProperty({ type: String, nullable: true, description: 'The cell, citizen numbers and accounts masked' })
  value: string | null;

  @ApiProperty({ type: WaivedBy, nullable: true })
  waived: WaivedBy | null;
}

export class FindingPage {
  @ApiProperty({ type: [FindingView] })
  items: FindingView[];

  @ApiProperty({ type: String, nullable: true })
  next: string | null;
}

export class WaiverView {
  @ApiProperty()
  code: string;

  @ApiProperty({ type: [Number], nullable: true })
  rows: number[] | null;

  @ApiProperty()
  reason: string;

  @ApiProperty()
  by: string;

  @ApiProperty()
  name: string;

  @ApiProperty({ format: 'date-time' })
  at: string;
}

export class WaiverList {
  @ApiProperty({ type: [WaiverView] })
  items: WaiverView[];
}
