import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  IsArray,
  IsIn,
  IsISO8601,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import { IsNotBlank } from '@ansinh/problem';
import { instantPattern } from '@ansinh/service';
import { postCash } from '../channel/post-cash.js';
import { programmeCodePattern, vndPattern } from '../rest.js';

const codeForm = /^[A-Za-z0-9][A-Za-z0-9._/-]{0,49}$/;

/** Names of the payment channels; `channelsOf` in the module holds those that lead to a bank. */
export const channels = ['iso20022-http', 'iso20022-file', postCash] as const;

export class PayerAccount {
  @ApiProperty({ example: '970405', description: 'NAPAS BIN of the bank that keeps the account' })
  @Matches(/^\d{6}$/)
  bin: string;

  @ApiProperty({ example: '2600201000001' })
  @Matches(/^[0-9A-Z]{6,19}$/)
  number: string;

  @ApiProperty({ example: 'SỞ LAO ĐỘNG - THƯƠNG BINH VÀ XÃ HỘI' })
  @IsNotBlank()
  @MaxLength(140)
  name: string;
}

export class CreateFund {
  @ApiProperty({ example: 'NS-2022-COVID' })
  @Matches(codeForm)
  code: string;

  @ApiProperty()
  @IsNotBlank()
  @MaxLength(200)
  name: string;

  @ApiProperty({ description: 'Budget source, e.g. the decision or the chapter of the budget' })
  @IsNotBlank()
  @MaxLength(200)
  budgetSource: string;

  @ApiProperty({ type: [String], example: ['COVID-2021'] })
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(1_000)
  @Matches(programmeCodePattern, { each: true })
  programmeCodes: string[];

  @ApiProperty({ enum: channels })
  @IsIn(channels)
  channel: string;

  @ApiProperty({ type: PayerAccount })
  @IsObject()
  @ValidateNested()
  @Type(() => PayerAccount)
  account: PayerAccount;
}

export class CreateAllotment {
  @ApiProperty({ example: '778000000000', description: 'Whole đồng, as a string' })
  @Matches(vndPattern)
  amount: string;

  @ApiProperty({ example: 'QĐ 1234/QĐ-UBND', description: 'The decision that gives the money; booked once' })
  @IsNotBlank()
  @MaxLength(100)
  reference: string;

  @ApiProperty({ required: false })
  @IsOptional()
  @IsString()
  @MaxLength(500)
  note: string = '';
}

export class ReverseAllotment {
  @ApiProperty({ description: 'Reference of the allotment that was wrong' })
  @IsNotBlank()
  @MaxLength(100)
  reference: string;

  @ApiProperty()
  @IsNotBlank()
  @MaxLength(500)
  reason: string;
}

export class FundView {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty()
  code: string;

  @ApiProperty()
  name: string;

  @ApiProperty()
  budgetSource: string;

  @ApiProperty({ type: [String] })
  programmeCodes: string[];

  @ApiProperty({ enum: channels })
  channel: string;

  @ApiProperty({ type: PayerAccount })
  account: PayerAccount;

  @ApiProperty()
  officeCode: string;
}

export class FundPage {
  @ApiProperty({ type: [FundView] })
  items: FundView[];

  @ApiProperty({ type: String, nullable: true, description: 'Cursor of the next page' })
  next: string | null;
}

export class BalanceView {
  @ApiProperty({ format: 'uuid' })
  fundId: string;

  @ApiProperty({ format: 'date-time' })
  at: string;

  @ApiProperty({ description: 'Everything ever given to the fund' })
  allotted: string;

  @ApiProperty()
  available: string;

  @ApiProperty({ description: 'Approved, not yet sent' })
  reserved: string;

  @ApiProperty({ description: 'Sent, not yet confirmed by a statement' })
  inFlight: string;

  @ApiProperty()
  paid: string;
}

export class BalanceQuery {
  @ApiProperty({ required: false, format: 'date-time', description: 'Any past instant; now where absent' })
  @IsOptional()
  @Matches(instantPattern)
  @IsISO8601({ strict: true })
  at?: string;
}
