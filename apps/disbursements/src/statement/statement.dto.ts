import { ApiProperty } from '@nestjs/swagger';
import { CountAndAmount } from '../batch/batch.dto.js';

export class StatementView {
  @ApiProperty({ type: String, format: 'uuid', nullable: true, description: 'Null for a status report' })
  id: string | null;

  @ApiProperty({ enum: ['camt.052', 'camt.053', 'camt.054', 'mt940', 'pain.002'] })
  kind: string;

  @ApiProperty({ description: 'The bank’s own number of it' })
  documentId: string;

  @ApiProperty()
  entries: number;

  @ApiProperty()
  matched: number;

  @ApiProperty()
  exceptions: number;

  @ApiProperty({ description: 'It had been imported before; nothing changed' })
  alreadyImported: boolean;
}

export class StatementImport {
  @ApiProperty({ type: [StatementView] })
  items: StatementView[];
}

export class StatementPage {
  @ApiProperty({ type: [StatementView] })
  items: StatementView[];

  @ApiProperty({ type: String, nullable: true })
  next: string | null;
}

export class ExceptionCounts {
  @ApiProperty()
  open: number;

  @ApiProperty()
  resolved: number;
}

export class ReconciliationView {
  @ApiProperty({ type: CountAndAmount })
  approved: CountAndAmount;

  @ApiProperty({ type: CountAndAmount })
  paid: CountAndAmount;

  @ApiProperty({ type: CountAndAmount })
  returned: CountAndAmount;

  @ApiProperty({ type: CountAndAmount })
  refused: CountAndAmount;

  @ApiProperty({ type: CountAndAmount })
  inFlight: CountAndAmount;

  @ApiProperty({ type: ExceptionCounts })
  exceptions: ExceptionCounts;

  @ApiProperty({
    description: 'Sums that the bank booked for messages of the batch, by its account statements',
  })
  statementDebits: string;

  @ApiProperty({
    description: 'approved = paid + returned + refused + inFlight, by rows, counters and ledger alike',
  })
  balanced: boolean;
}
