import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import { PageQuery } from '@ansinh/service';
import { type Comparison, comparisons } from './month-change.js';

export class ChangesQuery extends PageQuery {
  @ApiProperty({ required: false, enum: comparisons })
  @IsOptional()
  @IsIn(comparisons)
  change?: Comparison;
}

class ReasonText {
  @ApiProperty({ example: 'Mức chuẩn trợ giúp xã hội: 360.000 → 500.000' })
  vi: string;

  @ApiProperty()
  en: string;
}

export class ChangeView {
  @ApiProperty({ format: 'uuid' })
  decisionId: string;

  @ApiProperty({ format: 'uuid' })
  beneficiaryId: string;

  @ApiProperty()
  name: string;

  @ApiProperty()
  placeCode: string;

  @ApiProperty({ example: '2026-10', description: 'Month that is paid for' })
  month: string;

  @ApiProperty({ enum: comparisons })
  change: Comparison;

  @ApiProperty({
    description:
      'đồng: of the month before, or what was owed for the same month; what is granted, where some is recovered',
  })
  amountBefore: string;

  @ApiProperty({ description: 'đồng; what is paid, where some is recovered' })
  amount: string;

  @ApiProperty({ description: 'đồng, with its sign' })
  difference: string;

  @ApiProperty({
    type: [ReasonText],
    description:
      'Values of law, rules and facts that are different; by what and for which months is recovered',
  })
  reasons: ReasonText[];
}

export class ChangePage {
  @ApiProperty({ type: [ChangeView] })
  items: ChangeView[];

  @ApiProperty({ type: String, nullable: true })
  next: string | null;
}
