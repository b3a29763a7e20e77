import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsObject, IsOptional, Length, Matches } from 'class-validator';
import { IsDay, IsNotBlank } from '@ansinh/problem';
import { PageQuery } from '@ansinh/service';
import { type MonthlyProgrammeCode, monthlyCodes } from '../programme/programmes.js';

const monthForm = /^20\d{2}-(0[1-9]|1[0-2])$/;

class Account {
  @ApiProperty({ required: false, example: '970405', description: 'Neither bank nor account: paid in cash' })
  @IsOptional()
  @Matches(/^\d{6}$/)
  bankBin?: string;

  @ApiProperty({ required: false })
  @IsOptional()
  @Length(1, 60)
  account?: string;
}

export class ChangeAccount extends Account {}

export class EnterBeneficiary extends Account {
  @ApiProperty({ enum: monthlyCodes })
  @IsIn(monthlyCodes)
  programme: MonthlyProgrammeCode;

  @ApiProperty({ description: 'Citizen number' })
  @Matches(/^\d{12}$/)
  number: string;

  @ApiProperty()
  @IsNotBlank()
  @Length(1, 140)
  name: string;

  @ApiProperty({ example: '09163', description: 'Commune, as it was called in that month' })
  @Matches(/^\d{5}$/)
  placeCode: string;

  @ApiProperty({ required: false, description: 'Of the dossier by which he asked' })
  @IsOptional()
  @Length(1, 60)
  dossierCode?: string;

  @ApiProperty({ example: '2026-03', description: 'Month from which the facts are so' })
  @Matches(monthForm)
  appliesFrom: string;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: 'By the names of the law of the programme',
  })
  @IsObject()
  facts: Record<string, unknown>;

  @ApiProperty({ description: 'Decision, certificate or list that they rest on' })
  @IsNotBlank()
  @Length(1, 300)
  basis: string;
}

export class StateFacts {
  @ApiProperty({ example: '2026-03', description: 'Month from which they are so; it may be past' })
  @Matches(monthForm)
  appliesFrom: string;

  @ApiProperty({ type: 'object', additionalProperties: true, description: 'Only those that are different' })
  @IsObject()
  facts: Record<string, unknown>;

  @ApiProperty({ description: 'Decision, certificate or list that they rest on' })
  @IsNotBlank()
  @Length(1, 300)
  basis: string;
}

export class MoveBeneficiary {
  @ApiProperty({
    example: '09169',
    description: 'Commune, as it was called on that day; it may be one of another office',
  })
  @Matches(/^\d{5}$/)
  placeCode: string;

  @ApiProperty({ format: 'date' })
  @IsDay()
  movedOn: string;

  @ApiProperty()
  @IsNotBlank()
  @Length(1, 300)
  basis: string;
}

export class BeneficiariesQuery extends PageQuery {
  @ApiProperty({ enum: monthlyCodes })
  @IsIn(monthlyCodes)
  programme: MonthlyProgrammeCode;

  @ApiProperty({ required: false, example: '09169', description: 'Commune of today' })
  @IsOptional()
  @Matches(/^\d{5}$/)
  placeCode?: string;

  @ApiProperty({ required: false, example: 'SP-5.6-S-ADULT', description: 'Rule of what was granted last' })
  @IsOptional()
  @Length(1, 60)
  category?: string;
}

export class BeneficiaryView {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ enum: monthlyCodes })
  programme: MonthlyProgrammeCode;

  @ApiProperty({ description: 'Of the person, as other services know him' })
  personKey: string;

  @ApiProperty()
  name: string;

  @ApiProperty()
  placeCode: string;

  @ApiProperty({ type: String, nullable: true })
  dossierCode: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Rule of what was granted last' })
  category: string | null;

  @ApiProperty({ description: 'Without an account' })
  isPaidInCash: boolean;

  @ApiProperty({ example: '2026-03', description: 'The first that something was stated for' })
  firstMonth: string;

  @ApiProperty()
  createdBy: string;

  @ApiProperty({ format: 'date-time' })
  createdAt: string;
}

export class StatementView {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ example: '2026-03' })
  appliesFrom: string;

  @ApiProperty({ type: 'object', additionalProperties: true })
  facts: Record<string, unknown>;

  @ApiProperty()
  basis: string;

  @ApiProperty()
  recordedBy: string;

  @ApiProperty({ format: 'date-time' })
  recordedAt: string;
}

export class BeneficiaryHistory extends BeneficiaryView {
  @ApiProperty({ type: [StatementView], description: 'In the order in which they were recorded' })
  statements: StatementView[];
}

export class BeneficiaryPage {
  @ApiProperty({ type: [BeneficiaryView] })
  items: BeneficiaryView[];

  @ApiProperty({ type: String, nullable: true })
  next: string | null;
}
