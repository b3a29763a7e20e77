import { ApiProperty } from '@nestjs/swagger';
import { IsDay } from '@ansinh/problem';

export class CloseDay {
  @ApiProperty({ format: 'date', description: 'All days up to this one are closed' })
  @IsDay()
  day: string;
}

export const closingStates = ['closing', 'closed'] as const;

export class ClosingView {
  @ApiProperty({ format: 'date' })
  day: string;

  @ApiProperty({ enum: closingStates })
  state: (typeof closingStates)[number];

  @ApiProperty({ description: 'Loans that had to be looked at when it began' })
  loans: number;

  @ApiProperty({ description: 'Loans that are done' })
  done: number;

  @ApiProperty({ description: 'Entries that the ledger got' })
  entries: number;

  @ApiProperty({ description: 'Loans that became overdue, or thawed' })
  moves: number;

  @ApiProperty({ format: 'date-time' })
  startedAt: string;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  closedAt: string | null;
}

export class ClosingPage {
  @ApiProperty({ type: [ClosingView] })
  items: ClosingView[];

  @ApiProperty({ type: String, nullable: true })
  next: string | null;
}
