import { ApiProperty } from '@nestjs/swagger';
import { type BatchState, batchStates } from '../batch/batch.states.js';

/** What became of a line of a list. One that was returned after it was paid is returned. */
const outcomeStatuses = ['paid', 'returned', 'refused', 'setAside', 'cancelled'] as const;

export type OutcomeStatus = (typeof outcomeStatuses)[number];

/** As it stands when it is read. A line may come again: the last time it comes is what holds. */
export class OutcomeView {
  @ApiProperty({ description: 'Of the list, as it was sent' })
  row: number;

  @ApiProperty({ enum: outcomeStatuses })
  status: OutcomeStatus;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'What the bank took, where it was paid; else what was listed, where that could be read',
  })
  amount: string | null;

  @ApiProperty({ type: String, format: 'date', nullable: true, description: 'When the bank booked it' })
  bookedOn: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Reason code of a refusal or a return' })
  reason: string | null;

  @ApiProperty({ type: [String], description: 'Codes of the findings for which it was set aside' })
  findings: string[];
}

export class OutcomePage {
  @ApiProperty({ enum: batchStates })
  batchState: BatchState;

  @ApiProperty({ type: String, nullable: true, description: 'SHA-256 of the list as it was sent' })
  listDigest: string | null;

  @ApiProperty({ type: [OutcomeView], description: 'In the order in which they became known' })
  items: OutcomeView[];

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Behind what was read: `after` of the next call, also when there is nothing new',
  })
  next: string | null;

  @ApiProperty({ description: 'There is nothing behind it at present' })
  isLast: boolean;
}
