import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsOptional, IsUUID, Matches } from 'class-validator';
import { PageQuery } from '@ansinh/service';
import { jobKinds } from '../loan/loan.dto.js';

export const jobOutcomes = [
  'counted',
  'countedElsewhere',
  'unknown',
  'deceased',
  'notEmployed',
  'notInsured',
  'undecided',
] as const;
export type JobOutcome = (typeof jobOutcomes)[number];

export class JobFilter extends PageQuery {
  @ApiProperty({ required: false, format: 'uuid' })
  @IsOptional()
  @IsUUID()
  loanId?: string;

  @ApiProperty({ required: false, enum: jobOutcomes })
  @IsOptional()
  @IsIn(jobOutcomes)
  outcome?: JobOutcome;

  @ApiProperty({ required: false, example: '09169' })
  @IsOptional()
  @Matches(/^\d{5}$/)
  placeCode?: string;
}

/** A worker whom a use check has named, by the last check that did. */
export class JobView {
  @ApiProperty({ format: 'uuid' })
  loanId: string;

  @ApiProperty({ example: 'VV-00000042' })
  code: string;

  @ApiProperty()
  borrowerName: string;

  @ApiProperty()
  placeCode: string;

  @ApiProperty({ format: 'uuid' })
  personId: string;

  @ApiProperty()
  name: string;

  @ApiProperty({ enum: jobKinds })
  kind: (typeof jobKinds)[number];

  @ApiProperty({ enum: jobOutcomes, description: 'Whether the job counts for this loan, or why it does not' })
  outcome: JobOutcome;

  @ApiProperty({ format: 'date', description: 'Day of the check, which the registry was asked about' })
  foundOn: string;

  @ApiProperty({ format: 'date-time', description: 'When the registry answered' })
  answeredAt: string;

  @ApiProperty({
    type: String,
    nullable: true,
    format: 'date',
    description: 'Of the contract with the borrower; none of who works for himself',
  })
  contractFrom: string | null;

  @ApiProperty({ type: String, nullable: true, format: 'date', description: 'null: of no fixed term' })
  contractUntil: string | null;

  @ApiProperty({ type: String, nullable: true, format: 'date' })
  insuredFrom: string | null;

  @ApiProperty({
    type: [String],
    description: 'Of `undecided`: rows of law that waited for a named person on the day of the check',
  })
  unconfirmed: string[];
}

export class JobPage {
  @ApiProperty({ type: [JobView] })
  items: JobView[];

  @ApiProperty({ type: String, nullable: true })
  next: string | null;
}
