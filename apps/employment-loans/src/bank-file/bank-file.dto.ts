import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import { IsDay } from '@ansinh/problem';
import { PageQuery } from '@ansinh/service';
import {
  bankExceptionCodes,
  type BankRowOutcome,
  plainOutcomes,
} from '../bank-exception/bank-exception.codes.js';
import { type BankFileKind, bankFileKinds } from './bank-file-columns.js';

const rowOutcomes = [...Object.keys(plainOutcomes), ...Object.keys(bankExceptionCodes)];

export class BankFileQuery {
  @ApiProperty({
    enum: bankFileKinds,
    description: 'Payments that the bank received, or balances of its book',
  })
  @IsIn(bankFileKinds)
  kind: BankFileKind;

  @ApiProperty({ required: false, format: 'date', description: 'Of balances: the day at whose end they are' })
  @IsOptional()
  @IsDay()
  asOf?: string;
}

export class BankFilesQuery extends PageQuery {
  @ApiProperty({ required: false, enum: bankFileKinds })
  @IsOptional()
  @IsIn(bankFileKinds)
  kind?: BankFileKind;
}

export class RemarkedFileQuery {
  @ApiProperty({
    required: false,
    enum: ['all', 'flawed'],
    default: 'all',
    description: 'Flawed: rows that were neither booked nor agree',
  })
  @IsOptional()
  @IsIn(['all', 'flawed'])
  rows: 'all' | 'flawed' = 'all';
}

export class OutcomeView {
  @ApiProperty({ enum: rowOutcomes })
  outcome: BankRowOutcome;

  @ApiProperty()
  rows: number;

  @ApiProperty({ description: 'What was paid, or the principal, in these rows' })
  amount: string;
}

export class BankFileView {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ enum: bankFileKinds })
  kind: BankFileKind;

  @ApiProperty({ type: String, nullable: true, format: 'date' })
  asOf: string | null;

  @ApiProperty({ description: 'SHA-256 of the file, hex' })
  fileDigest: string;

  @ApiProperty()
  rows: number;

  @ApiProperty({ description: 'Rows that cannot be read, and stay out' })
  blocked: number;

  @ApiProperty({
    type: [OutcomeView],
    description: 'Of repayments: what would become of the rows, when they came',
  })
  foreseen: OutcomeView[];

  @ApiProperty({ description: 'Rows taken up so far' })
  applied: number;

  @ApiProperty({ type: [OutcomeView], description: 'What became of them' })
  outcomes: OutcomeView[];

  @ApiProperty({ description: 'Loans that owe by our book and that the file does not name' })
  missing: number;

  @ApiProperty({ type: String, nullable: true, description: 'Of balances: principal by our book' })
  ourPrincipal: string | null;

  @ApiProperty({ description: 'All rows are taken up' })
  isFinished: boolean;

  @ApiProperty({
    type: Boolean,
    nullable: true,
    description: 'Every row is as ours is; null before all are taken up',
  })
  agrees: boolean | null;

  @ApiProperty()
  createdBy: string;

  @ApiProperty({ format: 'date-time' })
  createdAt: string;
}

export class BankFilePage {
  @ApiProperty({ type: [BankFileView], description: 'The newest first' })
  items: BankFileView[];

  @ApiProperty({ type: String, nullable: true })
  next: string | null;
}

export class GroupView {
  @ApiProperty({ description: 'Savings-and-credit group' })
  group: string;

  @ApiProperty()
  payments: number;

  @ApiProperty({ description: 'Handed in' })
  amount: string;

  @ApiProperty({ description: 'Of that, booked' })
  booked: string;
}

export class GroupPage {
  @ApiProperty({ type: [GroupView] })
  items: GroupView[];

  @ApiProperty({ type: String, nullable: true })
  next: string | null;
}
