import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsString, IsUUID, Length, Matches, MaxLength } from 'class-validator';
import { payoutStates, type PayoutState } from '@ansinh/payouts';

const channels = ['iso20022-http', 'iso20022-file'] as const;

export class SendDisbursements {
  @ApiProperty({ format: 'uuid', description: 'Fund of the disbursements that pays' })
  @IsUUID()
  fundId: string;

  @ApiProperty({ example: 'EL-2022', description: 'Programme of that fund' })
  @Matches(/^[A-Za-z0-9-]{1,40}$/)
  programmeCode: string;

  @ApiProperty({ example: 'Giải ngân cho vay giải quyết việc làm đợt 3' })
  @Matches(/\S/)
  @MaxLength(200)
  purpose: string;

  @ApiProperty({ enum: channels })
  @IsIn(channels)
  channel: (typeof channels)[number];
}

export class WithdrawList {
  @ApiProperty()
  @IsString()
  @Length(1, 1_000)
  reason: string;
}

class ListProblem {
  @ApiProperty({ example: 'PROGRAMME_NOT_FUNDED' })
  code: string;

  @ApiProperty()
  title: string;
}

export class DisbursementListView {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ enum: payoutStates })
  state: PayoutState;

  @ApiProperty()
  rows: number;

  @ApiProperty()
  amount: string;

  @ApiProperty({
    type: String,
    nullable: true,
    example: 'LO-00000042',
    description: 'Batch that it has become',
  })
  batchCode: string | null;

  @ApiProperty({ type: ListProblem, nullable: true, description: 'What was refused, for somebody to see to' })
  problem: ListProblem | null;
}
