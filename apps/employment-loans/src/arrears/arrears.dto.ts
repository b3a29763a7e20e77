import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsOptional, Matches } from 'class-validator';
import { debtGroups, type LoanProductCode, type LoanState } from '@ansinh/loans';
import { PageQuery } from '@ansinh/service';

/** Of all times: what was grouped by an older circular is still found. */
const groupCodes = [...new Set(debtGroups.flatMap(({ value }) => value.map(({ code }) => code)))];

export class ArrearsFilter extends PageQuery {
  @ApiProperty({ required: false, enum: groupCodes, description: 'Group of debt' })
  @IsOptional()
  @IsIn(groupCodes)
  debtGroup?: string;

  @ApiProperty({ required: false, example: '09169' })
  @IsOptional()
  @Matches(/^\d{2,5}$/)
  placeCode?: string;
}

export class ArrearsView {
  @ApiProperty({ format: 'uuid' })
  loanId: string;

  @ApiProperty({ example: 'VV-00000042' })
  code: string;

  @ApiProperty()
  borrowerName: string;

  @ApiProperty()
  placeCode: string;

  @ApiProperty({ type: String })
  productCode: LoanProductCode;

  @ApiProperty({ type: String })
  state: LoanState;

  @ApiProperty({ enum: groupCodes, description: 'By the last closing of a day, or the last event since' })
  debtGroup: string;

  @ApiProperty({ description: 'Today; days of a freeze do not count' })
  daysPastDue: number;

  @ApiProperty({ format: 'date', description: 'Since when, days of a freeze left out' })
  pastDueFrom: string;

  @ApiProperty({ description: 'All principal that is out' })
  principal: string;

  @ApiProperty()
  overduePrincipal: string;
}

export class ArrearsPage {
  @ApiProperty({ type: [ArrearsView] })
  items: ArrearsView[];

  @ApiProperty({ type: String, nullable: true })
  next: string | null;
}
