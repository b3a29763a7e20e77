import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsIn,
  IsInt,
  IsOptional,
  IsUUID,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { IsDay } from '@ansinh/problem';
import { vndPattern } from '../rest.js';
import { DecidedMove, termMonthsMax } from './loan.dto.js';

export const confirmations = ['confirmed', 'refused'] as const;
export const appraisals = ['eligible', 'sentBack', 'refused'] as const;
export const approvals = ['approved', 'refused'] as const;

/** Which loan is meant, and as of which of its moves it was seen. */
export class SeenLoan {
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  id: string;

  @ApiProperty({ description: 'What a command on the loan alone names in If-Match' })
  @IsInt()
  @Min(1)
  version: number;
}

export class ConfirmLoan extends DecidedMove {
  @ApiProperty({ enum: confirmations })
  @IsIn(confirmations)
  outcome: (typeof confirmations)[number];
}

export class AppraiseLoan extends DecidedMove {
  @ApiProperty({ enum: appraisals })
  @IsIn(appraisals)
  outcome: (typeof appraisals)[number];

  @ApiProperty({ required: false, description: 'What was asked for where it is left out' })
  @IsOptional()
  @Matches(vndPattern)
  amount?: string;

  @ApiProperty({ required: false })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(termMonthsMax)
  termMonths?: number;

  @ApiProperty({ required: false, description: 'Parts per million a year; only where the law names no rate' })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(1_000_000)
  ratePpm?: number;
}

export class ApproveLoan extends DecidedMove {
  @ApiProperty({ enum: approvals })
  @IsIn(approvals)
  outcome: (typeof approvals)[number];

  @ApiProperty({ required: false, description: 'No more than was appraised; that where it is left out' })
  @IsOptional()
  @Matches(vndPattern)
  amount?: string;

  @ApiProperty({ format: 'uuid', required: false, description: 'Needed where it is approved' })
  @IsOptional()
  @IsUUID()
  capitalPlanId?: string;
}

export class BorrowerAccount {
  @ApiProperty({ description: 'Citizen number of the borrower, or of who stands for it' })
  @Matches(/^\d{12}$/)
  payeeId: string;

  @ApiProperty({ example: '970405', description: 'NAPAS BIN of the bank that keeps the account' })
  @Matches(/^\d{6}$/)
  bankBin: string;

  @ApiProperty({ example: '2600205000001' })
  @Matches(/^[0-9A-Z]{6,19}$/)
  account: string;

  @ApiProperty({ example: 'NGUYEN THI HOA' })
  @Matches(/\S/)
  @MaxLength(140)
  holder: string;
}

export class SignLoan extends DecidedMove {
  @ApiProperty({ type: BorrowerAccount })
  @ValidateNested()
  @Type(() => BorrowerAccount)
  account: BorrowerAccount;

  @ApiProperty({ format: 'date', description: 'The day on which it is reckoned that the money goes out' })
  @IsDay()
  disbursedOn: string;

  @ApiProperty({ required: false, format: 'date' })
  @IsOptional()
  @IsDay()
  firstDueOn?: string;

  @ApiProperty({ required: false, description: 'Day of the month that the due days keep' })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(31)
  dueDayOfMonth?: number;
}

export class OrderDisbursement extends DecidedMove {
  @ApiProperty({ required: false, description: 'A tranche; all that is left where it is left out' })
  @IsOptional()
  @Matches(vndPattern)
  amount?: string;
}

export class UseCheck extends DecidedMove {
  @ApiProperty({
    type: [String],
    description: 'Workers of the project who were found at work; those count whom the registry confirms',
  })
  @IsArray()
  @ArrayMaxSize(500)
  @ArrayUnique()
  @IsUUID(undefined, { each: true })
  workers: string[];
}
