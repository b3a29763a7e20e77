import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  IsArray,
  IsInt,
  IsObject,
  IsOptional,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { IsNotBlank } from '@ansinh/problem';
import { vndPattern } from '../rest.js';

export class ApprovalBandInput {
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Up to and including this sum; null for no bound',
  })
  @IsOptional()
  @Matches(vndPattern)
  upTo: string | null = null;

  @ApiProperty({ minimum: 1, maximum: 5, description: 'How many checkers must approve' })
  @IsInt()
  @Min(1)
  @Max(5)
  checkers: number;
}

export class SetProgramme {
  @ApiProperty()
  @IsNotBlank()
  @MaxLength(200)
  name: string;

  @ApiProperty({ required: false, default: '1', description: 'The least that one payment may be, in đồng' })
  @IsOptional()
  @Matches(vndPattern)
  minAmount: string = '1';

  @ApiProperty({
    required: false,
    default: '499999999',
    description: 'The most that one payment may be, in đồng',
  })
  @IsOptional()
  @Matches(vndPattern)
  maxAmount: string = '499999999';

  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'string', enum: ['block', 'warn'] },
    description: 'Finding codes whose severity differs from the default; may be left out',
  })
  @IsOptional()
  @IsObject()
  severities: Record<string, string> = {};

  @ApiProperty({
    required: false,
    type: [ApprovalBandInput],
    description: 'Without it: one checker up to 1,000,000,000 đồng, two above',
  })
  @IsOptional()
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(10)
  @ValidateNested({ each: true })
  @Type(() => ApprovalBandInput)
  approvalBands?: ApprovalBandInput[];
}

export class ProgrammeView {
  @ApiProperty()
  code: string;

  @ApiProperty()
  name: string;

  @ApiProperty()
  minAmount: string;

  @ApiProperty()
  maxAmount: string;

  @ApiProperty({ type: 'object', additionalProperties: { type: 'string', enum: ['block', 'warn'] } })
  severities: Record<string, string>;

  @ApiProperty({ type: [ApprovalBandInput] })
  approvalBands: ApprovalBandInput[];
}

export class ProgrammePage {
  @ApiProperty({ type: [ProgrammeView] })
  items: ProgrammeView[];

  @ApiProperty({ type: String, nullable: true })
  next: string | null;
}
