import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import { PageQuery } from '@ansinh/service';
import { CountAndAmount } from '../batch/batch.dto.js';

/** approved: not handed out yet; issued: results are missing; settled: each line has its result. */
export const cashListStates = ['approved', 'issued', 'settled'] as const;

export class CashListQuery extends PageQuery {
  @ApiProperty({ required: false, enum: cashListStates })
  @IsOptional()
  @IsIn(cashListStates)
  state?: string;
}

export class CashListView {
  @ApiProperty({ description: 'Number within the batch' })
  number: number;

  @ApiProperty({ example: 'LO-00000042-C00001', description: 'What stands on the paper' })
  code: string;

  @ApiProperty({ example: '09163' })
  placeCode: string;

  @ApiProperty({ description: 'As the commune was called on the day of the list' })
  placeName: string;

  @ApiProperty({ enum: cashListStates })
  state: string;

  @ApiProperty({ type: CountAndAmount })
  approved: CountAndAmount;

  @ApiProperty({ type: CountAndAmount })
  paid: CountAndAmount;

  @ApiProperty({ type: CountAndAmount })
  unpaid: CountAndAmount;

  @ApiProperty({ type: CountAndAmount, description: 'Lines without a result yet' })
  missing: CountAndAmount;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  issuedAt: string | null;

  @ApiProperty({
    type: String,
    format: 'date',
    nullable: true,
    description: 'When the results are due by law; null where no law says so',
  })
  resultsDueOn: string | null;
}

export class CashListPage {
  @ApiProperty({ type: [CashListView] })
  items: CashListView[];

  @ApiProperty({ type: String, nullable: true })
  next: string | null;
}

export class ReceiptsView {
  @ApiProperty({ format: 'uuid', description: 'Under this id the file stands among the statements' })
  id: string;

  @ApiProperty({ description: 'Lines with a result' })
  results: number;

  @ApiProperty({ description: 'Lines whose result was new' })
  booked: number;

  @ApiProperty({
    description: 'Lines whose result contradicts an earlier one: see the exceptions of the batch',
  })
  exceptions: number;

  @ApiProperty({ description: 'Lines of the batch that have no result yet' })
  missing: number;

  @ApiProperty()
  alreadyImported: boolean;
}
