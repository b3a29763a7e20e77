import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import { PageQuery } from '../rest.js';
import { returnedStates } from './follow-up-lines.js';

export class ReturnedQuery extends PageQuery {
  @ApiProperty({
    required: false,
    enum: returnedStates,
    description: 'open: no batch pays it again yet. A download without a state holds the open ones',
  })
  @IsOptional()
  @IsIn(returnedStates)
  state?: string;
}

export class ReturnedLineView {
  @ApiProperty({ example: 'LO-00000042-0000123' })
  endToEndId: string;

  @ApiProperty()
  row: number;

  @ApiProperty({ description: 'Masked' })
  payeeId: string;

  @ApiProperty()
  payeeName: string;

  @ApiProperty()
  bankBin: string;

  @ApiProperty({ description: 'Masked' })
  account: string;

  @ApiProperty()
  amount: string;

  @ApiProperty()
  placeCode: string;

  @ApiProperty({ enum: ['returned', 'refused'] })
  outcome: string;

  @ApiProperty({ type: String, nullable: true, description: 'Reason code of the bank' })
  reason: string | null;

  @ApiProperty({ type: String, format: 'date', nullable: true })
  bookedOn: string | null;

  @ApiProperty({ enum: returnedStates })
  state: string;

  @ApiProperty({ type: String, nullable: true, description: 'End-to-end id of the line that pays it again' })
  paidAgainBy: string | null;
}

export class ReturnedPage {
  @ApiProperty({ type: [ReturnedLineView] })
  items: ReturnedLineView[];

  @ApiProperty({ type: String, nullable: true })
  next: string | null;
}
