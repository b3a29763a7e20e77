import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  IsArray,
  IsIn,
  IsInt,
  IsNumber,
  IsOptional,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { vndPattern } from '../rest.js';

const visitOutcomes = ['correct', 'wrongAmount', 'notReceived', 'wrongPerson', 'notFound'] as const;

export class DrawSample {
  @ApiProperty({
    required: false,
    example: 'xổ số miền Bắc 24/11/2026: 12345',
    description:
      'Public, 8–128 characters, best of something that nobody could choose; drawn and shown unless given',
  })
  @IsOptional()
  @Matches(/^[^\p{C}|]{8,128}$/u)
  seed?: string;

  @ApiProperty({ minimum: 0.5, maximum: 0.999, default: 0.95, description: 'Of the interval' })
  @IsOptional()
  @IsNumber()
  @Min(0.5)
  @Max(0.999)
  confidence: number = 0.95;

  @ApiProperty({
    required: false,
    minimum: 0.001,
    maximum: 0.5,
    description:
      'Share of the money by which the upper end may lie above the estimate; the size follows. Or `size`',
  })
  @ValidateIf(({ size }: DrawSample) => size === undefined)
  @IsNumber()
  @Min(0.001)
  @Max(0.5)
  marginOfError?: number;

  @ApiProperty({ required: false, minimum: 1, maximum: 10000, description: 'At least so many lines' })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(10_000)
  size?: number;

  @ApiProperty({
    minimum: 0,
    maximum: 0.2,
    default: 0,
    description: 'Share of the money that is expected to be wrong',
  })
  @IsOptional()
  @IsNumber()
  @Min(0)
  @Max(0.2)
  expectedErrorRate: number = 0;
}

export class StratumView {
  @ApiProperty()
  stratum: number;

  @ApiProperty({ description: 'Empty where the place is not known' })
  districtCode: string;

  @ApiProperty({ type: String, nullable: true })
  districtName: string | null;

  @ApiProperty({ description: 'Amounts from this on, đồng' })
  amountFrom: string;

  @ApiProperty({ description: 'The largest amount in it' })
  amountMax: string;

  @ApiProperty()
  lines: number;

  @ApiProperty()
  amount: string;

  @ApiProperty({ description: 'Lines to visit' })
  sampled: number;
}

export class SampleView {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ format: 'uuid' })
  batchId: string;

  @ApiProperty()
  batchCode: string;

  @ApiProperty()
  seed: string;

  @ApiProperty()
  confidence: number;

  @ApiProperty({ type: Number, nullable: true, description: 'Null where the size was given' })
  marginOfError: number | null;

  @ApiProperty()
  expectedErrorRate: number;

  @ApiProperty({ description: 'Lines to visit, of all strata' })
  size: number;

  @ApiProperty({ description: 'Paid lines that were drawn from' })
  lines: number;

  @ApiProperty()
  amount: string;

  @ApiProperty({ description: 'SHA-256 of the list that was drawn from, as `list` gives it' })
  listDigest: string;

  @ApiProperty({ description: 'How anybody can draw the same lines again' })
  method: string;

  @ApiProperty()
  drawnBy: string;

  @ApiProperty({ format: 'date-time' })
  drawnAt: string;

  @ApiProperty({ type: [StratumView] })
  strata: StratumView[];
}

export class SampleList {
  @ApiProperty({ type: [SampleView] })
  items: SampleView[];
}

export class SampleResultView {
  @ApiProperty({ description: 'What a correction names' })
  id: string;

  @ApiProperty({ enum: visitOutcomes })
  outcome: string;

  @ApiProperty({ type: String, nullable: true })
  received: string | null;

  @ApiProperty({ type: String, nullable: true })
  note: string | null;

  @ApiProperty()
  by: string;

  @ApiProperty({ format: 'date-time' })
  at: string;
}

export class SampleLineView {
  @ApiProperty({ example: 'LO-00000042-0000123' })
  endToEndId: string;

  @ApiProperty()
  row: number;

  @ApiProperty()
  stratum: number;

  @ApiProperty()
  payeeName: string;

  @ApiProperty({ description: 'Masked' })
  payeeId: string;

  @ApiProperty()
  placeCode: string;

  @ApiProperty({ type: String, nullable: true })
  placeName: string | null;

  @ApiProperty()
  amount: string;

  @ApiProperty({ type: String, nullable: true, description: 'Null: paid in cash' })
  bankBin: string | null;

  @ApiProperty({ description: 'Masked' })
  account: string;

  @ApiProperty({ type: SampleResultView, nullable: true, description: 'The latest' })
  result: SampleResultView | null;
}

export class SampleLinePage {
  @ApiProperty({ type: [SampleLineView] })
  items: SampleLineView[];

  @ApiProperty({ type: String, nullable: true })
  next: string | null;
}

export class ResultInput {
  @ApiProperty({ example: 'LO-00000042-0000123' })
  @Matches(/^LO-\d{8,18}-\d{7,9}$/)
  payment: string;

  @ApiProperty({ enum: visitOutcomes })
  @IsIn(visitOutcomes)
  outcome: string;

  @ApiProperty({ required: false, description: 'With wrongAmount: what the payee had, whole đồng' })
  @IsOptional()
  @Matches(vndPattern)
  received?: string;

  @ApiProperty({ required: false, description: 'No citizen number and no account' })
  @IsOptional()
  @MaxLength(500)
  note?: string;

  @ApiProperty({
    required: false,
    description: 'Id of the result that this one corrects, which must be the latest',
  })
  @IsOptional()
  @Matches(/^[1-9]\d{0,17}$/)
  corrects?: string;
}

export class RecordResults {
  @ApiProperty({ type: [ResultInput], maxItems: 500 })
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(500)
  @ValidateNested({ each: true })
  @Type(() => ResultInput)
  results: ResultInput[];
}

export class WrongMoneyView {
  @ApiProperty({ description: 'Whole đồng' })
  estimate: string;

  @ApiProperty()
  standardError: string;

  @ApiProperty({ description: 'With the stated confidence not less' })
  lower: string;

  @ApiProperty({ description: 'With the stated confidence not more' })
  upper: string;
}

export class StratumFound extends StratumView {
  @ApiProperty()
  recorded: number;

  @ApiProperty({ description: 'Lines that were not correct' })
  wrong: number;

  @ApiProperty({ description: 'Wrong money of these, đồng' })
  wrongAmount: string;
}

export class SampleEstimateView {
  @ApiProperty({ format: 'uuid' })
  sampleId: string;

  @ApiProperty()
  confidence: number;

  @ApiProperty()
  lines: number;

  @ApiProperty()
  amount: string;

  @ApiProperty()
  sampled: number;

  @ApiProperty({ description: 'There is an estimate only when every line has its result' })
  recorded: number;

  @ApiProperty({ type: 'object', additionalProperties: { type: 'number' } })
  outcomes: Record<string, number>;

  @ApiProperty({ description: 'In the lines that were visited, đồng' })
  found: string;

  @ApiProperty({ type: WrongMoneyView, nullable: true })
  wrongMoney: WrongMoneyView | null;

  @ApiProperty({ type: [StratumFound] })
  strata: StratumFound[];
}
