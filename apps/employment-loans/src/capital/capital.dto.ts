import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, Matches, Max, MaxLength, Min } from 'class-validator';
import { PageQuery } from '@ansinh/service';
import { type CapitalSource, capitalSources } from '../product/approving-body.js';
import { vndPattern } from '../rest.js';

const placePattern = /^\d{2,5}$/;

export class CreateCapitalPlan {
  @ApiProperty({ example: '256', description: 'Province, district or commune whose loans it is for' })
  @Matches(placePattern)
  placeCode: string;

  @ApiProperty({ example: 2022 })
  @IsInt()
  @Min(2000)
  @Max(2100)
  year: number;

  @ApiProperty({ enum: capitalSources })
  @IsIn(capitalSources)
  source: CapitalSource;

  @ApiProperty({
    required: false,
    example: '100000000',
    description: 'The most that an office below the province approves',
  })
  @IsOptional()
  @Matches(vndPattern)
  limitBelowProvince?: string;
}

export class PlanCapital {
  @ApiProperty({ example: '5000000000', description: 'Whole đồng; negative where the plan is cut' })
  @Matches(/^-?[1-9]\d{0,14}$/)
  amount: string;

  @ApiProperty({ example: '15/QĐ-UBND', description: 'The decision that it rests on: booked once' })
  @Matches(/\S/)
  @MaxLength(200)
  decision: string;
}

export class CarryCapitalOver {
  @ApiProperty({ example: '21/QĐ-UBND', description: 'The decision that it rests on: booked once' })
  @Matches(/\S/)
  @MaxLength(200)
  decision: string;
}

export class CapitalPlanFilter extends PageQuery {
  @ApiProperty({ required: false })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  year?: number;

  @ApiProperty({ required: false })
  @IsOptional()
  @Matches(placePattern)
  placeCode?: string;
}

export class CapitalPlanView {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty()
  placeCode: string;

  @ApiProperty()
  year: number;

  @ApiProperty({ enum: capitalSources })
  source: CapitalSource;

  @ApiProperty({ type: String, nullable: true })
  limitBelowProvince: string | null;

  @ApiProperty({
    description: 'What was decided. With what was collected and carried it is the sum of what stands below',
  })
  planned: string;

  @ApiProperty({ description: 'Principal that borrowers have repaid of what was lent from this plan' })
  collected: string;

  @ApiProperty({
    description:
      'Collected capital that plans of other years of the fund have brought; negative where this one has given it to a later year',
  })
  carried: string;

  @ApiProperty({
    description:
      'What can still be approved; negative where a repayment was taken back whose capital is lent again',
  })
  available: string;

  @ApiProperty({ description: 'Approved, not yet ordered' })
  committed: string;

  @ApiProperty({ description: 'On its way by the bank' })
  ordered: string;

  @ApiProperty({ description: 'Paid out' })
  lent: string;
}

export class CapitalPlanPage {
  @ApiProperty({ type: [CapitalPlanView] })
  items: CapitalPlanView[];

  @ApiProperty({ type: String, nullable: true })
  next: string | null;
}
