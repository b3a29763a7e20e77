import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsOptional, IsUUID, MaxLength } from 'class-validator';
import { IsDay, IsNotBlank } from '@ansinh/problem';
import { PageQuery } from '@ansinh/service';
import { bankExceptionCodes, type BankExceptionCode } from './bank-exception.codes.js';
import type { NewException } from './raise-exceptions.js';

const sources = [
  'repayments',
  'balances',
  'disbursement',
] as const satisfies readonly NewException['source'][];
const codes = Object.keys(bankExceptionCodes);
const states = ['open', 'resolved'] as const;
export const resolutions = ['book', 'bankCorrects', 'noAction'] as const;

export class BankExceptionQuery extends PageQuery {
  @ApiProperty({ required: false, enum: states })
  @IsOptional()
  @IsIn(states)
  state?: string;

  @ApiProperty({ required: false, enum: sources })
  @IsOptional()
  @IsIn(sources)
  source?: string;

  @ApiProperty({ required: false, enum: codes })
  @IsOptional()
  @IsIn(codes)
  code?: string;

  @ApiProperty({ required: false, format: 'uuid', description: 'Of one file' })
  @IsOptional()
  @IsUUID()
  fileId?: string;
}

export class AssignBankException {
  @ApiProperty({ description: 'Who looks into it' })
  @IsNotBlank()
  @MaxLength(100)
  owner: string;
}

export class ResolveBankException {
  @ApiProperty({
    enum: resolutions,
    description:
      'book: record what the bank moved on the loan that is named · bankCorrects: the bank takes it back or sends it anew · noAction',
  })
  @IsIn(resolutions)
  action: (typeof resolutions)[number];

  @ApiProperty({ required: false, format: 'uuid', description: 'To book: the loan, where it is another one' })
  @IsOptional()
  @IsUUID()
  loanId?: string;

  @ApiProperty({ required: false, format: 'date', description: 'To book: the day, where it is another one' })
  @IsOptional()
  @IsDay()
  on?: string;

  @ApiProperty()
  @IsNotBlank()
  @MaxLength(500)
  note: string;
}

export class BankExceptionView {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ enum: sources, description: 'By what it came to light' })
  source: string;

  @ApiProperty({ enum: codes })
  code: BankExceptionCode;

  @ApiProperty({ description: 'The code in words' })
  message: string;

  @ApiProperty({ type: String, nullable: true, format: 'uuid' })
  fileId: string | null;

  @ApiProperty({ type: Number, nullable: true })
  row: number | null;

  @ApiProperty({ description: 'As the bank has it' })
  loanCode: string;

  @ApiProperty({ type: String, nullable: true, format: 'uuid' })
  loanId: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'What we have, in đồng' })
  expected: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'What the bank has, in đồng' })
  observed: string | null;

  @ApiProperty({ format: 'date' })
  on: string;

  @ApiProperty({ description: 'The bank’s reference' })
  reference: string;

  @ApiProperty({ enum: states })
  state: string;

  @ApiProperty({ type: String, nullable: true })
  owner: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    enum: [...resolutions, 'agrees'],
    description: 'agrees: a later file of balances has what we have',
  })
  resolution: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Of who resolved it; of `agrees` which balances do',
  })
  note: string | null;

  @ApiProperty({ type: String, nullable: true })
  resolvedBy: string | null;

  @ApiProperty({ format: 'date-time' })
  raisedAt: string;
}

export class BankExceptionPage {
  @ApiProperty({ type: [BankExceptionView], description: 'What waits longest is on top' })
  items: BankExceptionView[];

  @ApiProperty({ type: String, nullable: true })
  next: string | null;
}
