import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsOptional, IsUUID, MaxLength } from 'class-validator';
import { IsNotBlank } from '@ansinh/problem';
import { PageQuery } from '@ansinh/service';

/** What a bank, or the post office, did that is not what we asked. */
export const exceptionCodes = [
  'UNKNOWN_PAYMENT',
  'AMOUNT_DIFFERS',
  'ACCOUNT_DIFFERS',
  'DATE_DIFFERS',
  'PAID_TWICE',
  'PAID_AFTER_RETURN',
  'PAID_AFTER_REFUSAL',
  'RETURNED_TWICE',
  'RETURNED_AFTER_REFUSAL',
  'RETURN_AMOUNT_DIFFERS',
  'UNPAID_AFTER_PAID',
] as const;

export const resolutions = ['recordAsPaid', 'recordAsReturned', 'claimedBack', 'noAction'] as const;

export class ExceptionQuery extends PageQuery {
  @ApiProperty({ required: false, enum: ['open', 'resolved'] })
  @IsOptional()
  @IsIn(['open', 'resolved'])
  status?: string;

  @ApiProperty({ required: false, format: 'uuid' })
  @IsOptional()
  @IsUUID()
  batchId?: string;

  @ApiProperty({ required: false, enum: exceptionCodes })
  @IsOptional()
  @IsIn(exceptionCodes)
  code?: string;
}

export class AssignmentInput {
  @ApiProperty({ description: 'Who looks into it' })
  @IsNotBlank()
  @MaxLength(100)
  owner: string;
}

export class ResolutionInput {
  @ApiProperty({
    enum: resolutions,
    description:
      'recordAsPaid: the payee has the money, book what the bank moved · recordAsReturned: what the post office called paid was not, the fund has it back · claimedBack: the bank gives it back · noAction',
  })
  @IsIn(resolutions)
  action: (typeof resolutions)[number];

  @ApiProperty()
  @IsNotBlank()
  @MaxLength(500)
  note: string;
}

export class ExceptionView {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ enum: exceptionCodes })
  code: string;

  @ApiProperty({ type: String, nullable: true })
  batchId: string | null;

  @ApiProperty()
  endToEndId: string;

  @ApiProperty({ enum: ['debit', 'credit'] })
  direction: string;

  @ApiProperty({ type: String, nullable: true, description: 'What we asked for, in đồng' })
  expectedAmount: string | null;

  @ApiProperty({ description: 'What the bank moved, in đồng' })
  observedAmount: string;

  @ApiProperty({ type: String, format: 'date', nullable: true })
  bookedOn: string | null;

  @ApiProperty({ description: 'The bank’s reference' })
  reference: string;

  @ApiProperty({ enum: ['open', 'resolved'] })
  status: string;

  @ApiProperty({ type: String, nullable: true })
  owner: string | null;

  @ApiProperty({ type: String, nullable: true, enum: resolutions })
  resolution: string | null;

  @ApiProperty({ type: String, nullable: true })
  note: string | null;

  @ApiProperty({ type: String, nullable: true })
  resolvedBy: string | null;

  @ApiProperty({ format: 'date-time' })
  at: string;
}

export class ExceptionPage {
  @ApiProperty({ type: [ExceptionView] })
  items: ExceptionView[];

  @ApiProperty({ type: String, nullable: true })
  next: string | null;
}
