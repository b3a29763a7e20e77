import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, Matches, Max, Min } from 'class-validator';
import type { LoanProductCode } from '@ansinh/loans';
import { PageQuery } from '@ansinh/service';
import { reminderDays } from '../event/event-types.js';

export class ReminderFilter extends PageQuery {
  @ApiProperty({
    required: false,
    minimum: 1,
    maximum: 62,
    default: reminderDays,
    description: 'What falls due within so many days after today',
  })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(62)
  days: number = reminderDays;

  @ApiProperty({ required: false, example: '09169' })
  @IsOptional()
  @Matches(/^\d{5}$/)
  placeCode?: string;
}

export class ReminderView {
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

  @ApiProperty({ format: 'date', description: 'A working day where the contract moves it on' })
  dueOn: string;

  @ApiProperty()
  principal: string;

  @ApiProperty({ description: 'If nothing more is paid until then' })
  interest: string;
}

export class ReminderPage {
  @ApiProperty({
    type: [ReminderView],
    description: 'By loan, the one with the nearest day first; `limit` counts loans',
  })
  items: ReminderView[];

  @ApiProperty({ type: String, nullable: true })
  next: string | null;
}
