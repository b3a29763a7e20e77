import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsUUID, Length } from 'class-validator';
import { payoutStates } from '@ansinh/payouts';

const channels = ['iso20022-http', 'iso20022-file', 'post-cash'] as const;

export class StartPayout {
  @ApiProperty({ format: 'uuid', description: 'Of the disbursements' })
  @IsUUID()
  fundId: string;

  @ApiProperty({ enum: channels, description: '`post-cash`: of a month, who has no account' })
  @IsIn(channels)
  channel: string;

  @ApiProperty({ example: 'Hỗ trợ đợt 3' })
  @Length(1, 140)
  purpose: string;
}

export class PayoutCount {
  @ApiProperty({ enum: ['inPayment', 'paid', 'returned', 'refused', 'setAside', 'cancelled'] })
  status: string;

  @ApiProperty()
  lines: number;

  @ApiProperty({ description: 'đồng' })
  amount: string;
}

class PayoutProblemView {
  @ApiProperty()
  code: string;

  @ApiProperty()
  title: string;

  @ApiProperty({ required: false })
  detail?: string;
}

export class PayoutView {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ enum: payoutStates })
  state: string;

  @ApiProperty({ type: String, nullable: true, description: 'Batch of the disbursements' })
  batchCode: string | null;

  @ApiProperty()
  rows: number;

  @ApiProperty({ description: 'đồng' })
  amount: string;

  @ApiProperty({ type: PayoutProblemView, nullable: true, description: 'Why it does not go on' })
  problem: PayoutProblemView | null;

  @ApiProperty({ type: [PayoutCount], description: 'What became of its lines' })
  outcomes: PayoutCount[];
}

export class PayoutList {
  @ApiProperty({ type: [PayoutView] })
  items: PayoutView[];
}
