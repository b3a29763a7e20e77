import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { type LoanProductCode, loanStates, type LoanState } from '@ansinh/loans';
import { productCodes } from '../loan/loan.dto.js';
import { type EventType, eventTypes } from './event-types.js';

export class EventsQuery {
  @ApiProperty({ required: false, minimum: 1, maximum: 5000, default: 1000 })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(5000)
  limit: number = 1000;

  @ApiProperty({ required: false, description: '`next` of the page before; from the beginning without it' })
  @IsOptional()
  @IsString()
  @MaxLength(500)
  after?: string;
}

/** The loan as it stands when the event is read, not as it was when it was written. */
export class LoanEventData {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ example: 'VV-00000042' })
  code: string;

  @ApiProperty()
  placeCode: string;

  @ApiProperty({ enum: productCodes })
  productCode: LoanProductCode;

  @ApiProperty({ enum: loanStates })
  state: LoanState;

  @ApiProperty({ type: String, nullable: true, format: 'uuid' })
  personId: string | null;

  @ApiProperty({ type: String, nullable: true, format: 'uuid' })
  employerId: string | null;

  @ApiProperty({ type: String, nullable: true, format: 'date', description: 'Of an instalment' })
  dueOn: string | null;
}

/** An event by CloudEvents 1.0, JSON format. */
export class LoanEventView {
  @ApiProperty({ enum: ['1.0'] })
  specversion: '1.0';

  @ApiProperty({ description: 'Never used twice: an event that was taken already changes nothing' })
  id: string;

  @ApiProperty({ enum: ['/employment-loans'] })
  source: '/employment-loans';

  @ApiProperty({ enum: eventTypes })
  type: EventType;

  @ApiProperty({ example: 'loan/0198a3f2-…' })
  subject: string;

  @ApiProperty()
  time: string;

  @ApiProperty({ type: LoanEventData })
  data: LoanEventData;
}

export class LoanEventPage {
  @ApiProperty({ type: [LoanEventView], description: 'In the order in which they were committed' })
  items: LoanEventView[];

  @ApiProperty({
    type: String,
    nullable: true,
    description:
      'Behind the last event that was read: `after` of the next call, also when there is nothing new',
  })
  next: string | null;

  @ApiProperty({ description: 'There is nothing behind it at present' })
  isLast: boolean;
}
