import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsOptional, Matches } from 'class-validator';
import { PageQuery } from '@ansinh/service';

/** What became of a payment, from its outcome rows; `awaiting` is approved and not sent yet. */
export const paymentStates = ['awaiting', 'inFlight', 'paid', 'returned', 'refused', 'cancelled'] as const;

export class BatchPaymentsQuery extends PageQuery {
  @ApiProperty({ required: false, enum: paymentStates })
  @IsOptional()
  @IsIn(paymentStates)
  state?: string;
}

export class PayeePaymentsQuery extends PageQuery {
  @ApiProperty({ description: 'Citizen number, 12 digits' })
  @Matches(/^[0-9]{12}$/)
  payeeId: string;
}

export class PaymentView {
  @ApiProperty({ example: 'LO-00000042-0000123' })
  endToEndId: string;

  @ApiProperty()
  row: number;

  @ApiProperty()
  amount: string;

  @ApiProperty({ enum: paymentStates })
  state: string;

  @ApiProperty({ type: String, nullable: true, description: 'What the bank took for it, where it was paid' })
  paidAmount: string | null;

  @ApiProperty({ type: String, format: 'date', nullable: true })
  paidOn: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Reason code of a refusal or a return' })
  reason: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'What the bank took otherwise than asked, if it did',
  })
  exceptionDebit: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'What the bank gave back otherwise than expected',
  })
  exceptionCredit: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'End-to-end id of the line that pays it again' })
  followUp: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'End-to-end id of the line that came back and is paid again',
  })
  followUpOf: string | null;
}

export class PaymentPage {
  @ApiProperty({ type: [PaymentView] })
  items: PaymentView[];

  @ApiProperty({ type: String, nullable: true })
  next: string | null;
}

export class PayeePaymentView extends PaymentView {
  @ApiProperty({ format: 'uuid' })
  batchId: string;

  @ApiProperty()
  batchCode: string;

  @ApiProperty()
  programmeCode: string;

  @ApiProperty()
  policyCode: string;

  @ApiProperty()
  period: string;

  @ApiProperty()
  ordinal: number;

  @ApiProperty()
  payeeName: string;

  @ApiProperty({ description: 'Masked' })
  payeeId: string;

  @ApiProperty({ type: String, nullable: true, description: 'Null: paid in cash' })
  bankBin: string | null;

  @ApiProperty()
  placeCode: string;

  @ApiProperty({ format: 'date-time', nullable: true, type: String })
  approvedAt: string | null;
}

export class PayeePaymentPage {
  @ApiProperty({ type: [PayeePaymentView] })
  items: PayeePaymentView[];

  @ApiProperty({ type: String, nullable: true })
  next: string | null;
}

export class PayeeView {
  @ApiProperty({ example: 'LO-00000042-0000123' })
  endToEndId: string;

  @ApiProperty({ description: 'False where a purpose was stated, and the reading was logged' })
  isMasked: boolean;

  @ApiProperty({ type: String, nullable: true, description: 'Null where the list could not be read' })
  payeeName: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Citizen number' })
  payeeId: string | null;

  @ApiProperty({ type: String, nullable: true })
  bankBin: string | null;

  @ApiProperty({ type: String, nullable: true })
  account: string | null;
}
