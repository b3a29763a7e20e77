import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsOptional, IsUUID, Matches } from 'class-validator';
import { PageQuery } from '@ansinh/service';
import { ImportQuery } from '../list-import/list-import.dto.js';
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

export class FollowUpQuery extends ImportQuery {
  @ApiProperty({
    required: false,
    format: 'uuid',
    description: 'The fund that pays it, and by it the channel; that of the source unless given',
  })
  @IsOptional()
  @IsUUID()
  fundId?: string;

  @ApiProperty({
    required: false,
    example: '2022-04',
    description:
      'The period that it is paid with: that of the source unless given; after cash the month after it, as the law has it',
  })
  @IsOptional()
  @Matches(/^20\d{2}(-(0[1-9]|1[0-2]))?$/)
  period?: string;
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

  @ApiProperty({ type: String, nullable: true, description: 'Null: paid in cash' })
  bankBin: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Masked' })
  account: string | null;

  @ApiProperty()
  amount: string;

  @ApiProperty()
  placeCode: string;

  @ApiProperty({ enum: ['returned', 'refused'] })
  outcome: string;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Reason code of the bank, or of the post office',
  })
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
