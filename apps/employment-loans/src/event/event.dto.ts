import { ApiProperty } from '@nestjs/swagger';
import { ToldEvent, ToldEventPage } from '@ansinh/events';
import { type LoanProductCode, loanStates, type LoanState } from '@ansinh/loans';
import { productCodes } from '../loan/loan.dto.js';
import { type EventType, eventTypes } from './event-types.js';

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

export class LoanEventView extends ToldEvent {
  @ApiProperty({ enum: ['/employment-loans'] })
  source: '/employment-loans';

  @ApiProperty({ enum: eventTypes })
  type: EventType;

  @ApiProperty({ example: 'loan/0198a3f2-…' })
  subject: string;

  @ApiProperty({ type: LoanEventData })
  data: LoanEventData;
}

export class LoanEventPage extends ToldEventPage {
  @ApiProperty({ type: [LoanEventView], description: 'In the order in which they were committed' })
  items: LoanEventView[];
}
