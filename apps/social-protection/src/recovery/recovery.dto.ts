import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsOptional, IsUUID, Length, Matches } from 'class-validator';
import { IsDay, IsNotBlank } from '@ansinh/problem';
import { PageQuery } from '@ansinh/service';
import { type MonthlyProgrammeCode, monthlyCodes } from '../programme/programmes.js';
import {
  type RecoveryManner,
  recoveryManners,
  recoveryRules,
  type RecoveryState,
  recoveryStates,
} from './recovery.states.js';

const vndPattern = /^[1-9]\d{0,14}$/;
const textMax = 1_000;

export class ProposeRecovery {
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  beneficiaryId: string;

  @ApiProperty({
    enum: recoveryManners,
    description:
      '`instalments`: out of months to come; `cash`: paid back by a receipt; `waiver`: not recovered',
  })
  @IsIn(recoveryManners)
  manner: RecoveryManner;

  @ApiProperty({ description: 'đồng: all or part of what is owed' })
  @Matches(vndPattern)
  amount: string;

  @ApiProperty({ required: false, description: 'đồng, of instalments: the most that a month gives' })
  @IsOptional()
  @Matches(vndPattern)
  mostAMonth?: string;

  @ApiProperty({ required: false, example: 'PT 0012345', description: 'Number of the receipt, of cash' })
  @IsOptional()
  @IsNotBlank()
  @Length(1, 60)
  receipt?: string;

  @ApiProperty({ required: false, format: 'date', description: 'Day of the receipt' })
  @IsOptional()
  @IsDay()
  receivedOn?: string;

  @ApiProperty({ example: 'QĐ 45/QĐ-UBND', description: 'Decision that it rests on' })
  @IsNotBlank()
  @Length(1, 200)
  paper: string;

  @ApiProperty()
  @IsNotBlank()
  @Length(1, textMax)
  reason: string;
}

export class RecoveryReason {
  @ApiProperty()
  @IsNotBlank()
  @Length(1, textMax)
  reason: string;
}

export class RecoveriesQuery extends PageQuery {
  @ApiProperty({ required: false, format: 'uuid' })
  @IsOptional()
  @IsUUID()
  beneficiaryId?: string;

  @ApiProperty({ required: false, enum: recoveryStates })
  @IsOptional()
  @IsIn(recoveryStates)
  state?: RecoveryState;
}

class RecoveryEntryView {
  @ApiProperty({ example: '2026-07', description: 'The month that was paid too much' })
  month: string;

  @ApiProperty({ enum: ['deducted', 'repaid', 'waived'] })
  kind: string;

  @ApiProperty({ description: 'đồng' })
  amount: string;

  @ApiProperty({ type: String, nullable: true, description: 'The month that it was deducted from' })
  from: string | null;

  @ApiProperty({ description: 'Nobody has approved its run yet' })
  isPending: boolean;
}

class RecoveryMoveView {
  @ApiProperty({ enum: [...new Set(recoveryRules.map(({ kind }) => kind))] })
  kind: string;

  @ApiProperty({ type: String, nullable: true })
  note: string | null;

  @ApiProperty()
  by: string;

  @ApiProperty({ format: 'date-time' })
  at: string;
}

export class RecoveryView {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ format: 'uuid' })
  beneficiaryId: string;

  @ApiProperty()
  name: string;

  @ApiProperty()
  placeCode: string;

  @ApiProperty({ enum: monthlyCodes })
  programme: MonthlyProgrammeCode;

  @ApiProperty({ enum: recoveryManners })
  manner: RecoveryManner;

  @ApiProperty({ description: 'đồng' })
  amount: string;

  @ApiProperty({ type: String, nullable: true, description: 'đồng' })
  mostAMonth: string | null;

  @ApiProperty({ type: String, nullable: true })
  receipt: string | null;

  @ApiProperty({ type: String, format: 'date', nullable: true })
  receivedOn: string | null;

  @ApiProperty()
  paper: string;

  @ApiProperty()
  reason: string;

  @ApiProperty({ enum: recoveryStates })
  state: RecoveryState;

  @ApiProperty({ description: 'đồng: deducted, repaid or waived by now' })
  taken: string;

  @ApiProperty({ type: [RecoveryEntryView] })
  entries: RecoveryEntryView[];

  @ApiProperty({ type: [RecoveryMoveView] })
  moves: RecoveryMoveView[];
}

export class RecoveryPage {
  @ApiProperty({ type: [RecoveryView] })
  items: RecoveryView[];

  @ApiProperty({ type: String, nullable: true })
  next: string | null;
}

export class OverpaymentsQuery extends PageQuery {
  @ApiProperty({ enum: monthlyCodes })
  @IsIn(monthlyCodes)
  programme: MonthlyProgrammeCode;

  @ApiProperty({ required: false, description: 'Commune of today' })
  @IsOptional()
  @Matches(/^\d{5}$/)
  placeCode?: string;
}

class OwedMonthView {
  @ApiProperty({ example: '2026-07' })
  month: string;

  @ApiProperty({ description: 'đồng, that reached him for the month' })
  paid: string;

  @ApiProperty({ description: 'đồng, that the last decision grants' })
  granted: string;

  @ApiProperty({ description: 'đồng, deducted or paid back' })
  returned: string;

  @ApiProperty({ description: 'đồng' })
  waived: string;

  @ApiProperty({ description: 'đồng' })
  owed: string;
}

export class OverpaymentView {
  @ApiProperty({ format: 'uuid' })
  beneficiaryId: string;

  @ApiProperty()
  name: string;

  @ApiProperty()
  placeCode: string;

  @ApiProperty({
    type: String,
    nullable: true,
    example: '2026-09',
    description:
      'The last month that is granted: of whom nothing is granted any more, nothing can be deducted',
  })
  grantedUntil: string | null;

  @ApiProperty({ type: [OwedMonthView] })
  months: OwedMonthView[];

  @ApiProperty({ description: 'đồng' })
  owed: string;

  @ApiProperty({ description: 'đồng of that in proposals, or in plans that have yet to take it' })
  planned: string;
}

export class OverpaymentPage {
  @ApiProperty({ type: [OverpaymentView] })
  items: OverpaymentView[];

  @ApiProperty({ type: String, nullable: true })
  next: string | null;
}
