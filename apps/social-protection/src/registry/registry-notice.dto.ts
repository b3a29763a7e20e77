import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsOptional, Length } from 'class-validator';
import { IsNotBlank } from '@ansinh/problem';
import { PageQuery } from '@ansinh/service';
import { type MonthlyProgrammeCode, monthlyCodes } from '../programme/programmes.js';
import { type NoticeKind, noticeKinds } from './judge-told.js';

const noticeStates = ['applied', 'open', 'acted', 'dismissed', 'superseded'] as const;
export type NoticeState = (typeof noticeStates)[number];

const answers = ['acted', 'dismissed'] as const;

export class RegistryNoticesQuery extends PageQuery {
  @ApiProperty({
    required: false,
    enum: noticeStates,
    description: '`open`: somebody has to decide; `applied`: made of it by itself',
  })
  @IsOptional()
  @IsIn(noticeStates)
  state?: NoticeState;

  @ApiProperty({ required: false, enum: noticeKinds })
  @IsOptional()
  @IsIn(noticeKinds)
  kind?: NoticeKind;
}

export class AnswerNotice {
  @ApiProperty({ enum: answers, description: '`acted`: the register says so by now, where it has to' })
  @IsIn(answers)
  answer: (typeof answers)[number];

  @ApiProperty({ required: false, example: 'QĐ 45/QĐ-UBND', description: 'Decision that it rests on' })
  @IsOptional()
  @IsNotBlank()
  @Length(1, 200)
  paper?: string;

  @ApiProperty({ description: 'Why' })
  @IsNotBlank()
  @Length(1, 1_000)
  note: string;
}

export class RegistryNoticeView {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ format: 'uuid' })
  beneficiaryId: string;

  @ApiProperty({ enum: monthlyCodes })
  programme: MonthlyProgrammeCode;

  @ApiProperty()
  name: string;

  @ApiProperty({ description: 'Commune of the register when it was told' })
  officeCode: string;

  @ApiProperty({ enum: noticeKinds })
  kind: NoticeKind;

  @ApiProperty({ type: String, nullable: true, format: 'date' })
  diedOn: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Commune in which the registry has him' })
  placeCode: string | null;

  @ApiProperty({ type: String, nullable: true, format: 'date' })
  residentFrom: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    format: 'uuid',
    description: 'Who stands in the register for the same person, and goes on',
  })
  otherId: string | null;

  @ApiProperty({ type: String, nullable: true, format: 'uuid', description: 'What was stated by itself' })
  statementId: string | null;

  @ApiProperty({ enum: noticeStates })
  state: NoticeState;

  @ApiProperty({ description: 'Of the registry' })
  eventId: string;

  @ApiProperty({ example: 'person.died' })
  eventType: string;

  @ApiProperty({ format: 'date-time' })
  toldAt: string;

  @ApiProperty({ type: String, nullable: true })
  paper: string | null;

  @ApiProperty({ type: String, nullable: true })
  note: string | null;

  @ApiProperty({ type: String, nullable: true })
  answeredBy: string | null;
}

export class RegistryNoticePage {
  @ApiProperty({ type: [RegistryNoticeView] })
  items: RegistryNoticeView[];

  @ApiProperty({ type: String, nullable: true })
  next: string | null;
}
