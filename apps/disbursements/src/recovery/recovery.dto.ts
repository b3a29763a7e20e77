import { ApiProperty } from '@nestjs/swagger';
import { IsString, Length } from 'class-validator';

export class RecoveryNote {
  @ApiProperty({ minLength: 10, maxLength: 300, description: 'Which backup, who decided; or what was found' })
  @IsString()
  @Length(10, 300)
  note: string;
}

export class BankComparisonView {
  @ApiProperty({
    enum: ['agrees', 'ahead'],
    description: 'ahead: the bank knows messages that were never sent',
  })
  verdict: string;

  @ApiProperty({ description: 'Messages that the bank was asked for' })
  asked: number;

  @ApiProperty({
    type: [String],
    description: 'Messages that the bank knows and these books have never sent',
  })
  messages: string[];

  @ApiProperty({ format: 'date-time' })
  at: string;
}

export class RecoveryView {
  @ApiProperty()
  number: number;

  @ApiProperty({ enum: ['asking', 'collecting', 'collected', 'ended'] })
  state: string;

  @ApiProperty({ description: 'First and last number of batches that is given to none' })
  firstSkipped: string;

  @ApiProperty()
  lastSkipped: string;

  @ApiProperty({ description: 'Batches that were being sent; each is resumed by a person' })
  paused: number;

  @ApiProperty({ description: 'Messages that the bank was asked for' })
  asked: number;

  @ApiProperty({
    type: [String],
    description: 'Of the books, never sent by them, and known to the bank; at most 500',
  })
  newlyKnown: string[];

  @ApiProperty({ type: [String], description: 'Known to the bank and not in the books at all; at most 500' })
  lost: string[];

  @ApiProperty({ type: [String], description: 'Carried by people: the bank is asked by them; at most 500' })
  byHand: string[];

  @ApiProperty({ type: String, nullable: true, description: 'Why it does not go on, if it does not' })
  problem: string | null;

  @ApiProperty()
  note: string;

  @ApiProperty()
  begunBy: string;

  @ApiProperty({ format: 'date-time' })
  begunAt: string;

  @ApiProperty({ type: String, nullable: true })
  endNote: string | null;

  @ApiProperty({ type: String, nullable: true })
  endedBy: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  endedAt: string | null;
}

class UnknownPayments {
  @ApiProperty()
  count: number;

  @ApiProperty()
  amount: string;
}

export class RecoveryStatus {
  @ApiProperty({ description: 'Whether anything may go to a bank' })
  isSendingOpen: boolean;

  @ApiProperty({ format: 'date-time' })
  serverStartedAt: string;

  @ApiProperty({ type: BankComparisonView, nullable: true, description: 'Since that start; null: not yet' })
  comparison: BankComparisonView | null;

  @ApiProperty({ type: RecoveryView, nullable: true, description: 'The latest one' })
  recovery: RecoveryView | null;

  @ApiProperty({ type: UnknownPayments, description: 'Open exceptions: paid by the bank, not in the books' })
  unknownPayments: UnknownPayments;
}
