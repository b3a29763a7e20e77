import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  IsUUID,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { IsNotBlank } from '@ansinh/problem';
import { batchStates } from '../batch/batch.states.js';
import { channels } from '../fund/fund.dto.js';
import { programmeCodePattern } from '../rest.js';

const periodPattern = /^20\d{2}-(0[1-9]|1[0-2])$/;
const dayPattern = /^20\d{2}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;

export class DayOfCycleInput {
  @ApiProperty({ enum: [-1, 0], description: '0: in the month that is paid for; -1: in the month before' })
  @IsIn([-1, 0])
  monthOffset: number;

  @ApiProperty({ minimum: 1, maximum: 31, description: 'In a shorter month its last day' })
  @IsInt()
  @Min(1)
  @Max(31)
  day: number;
}

/** What can be changed of a schedule. */
export class SetSchedule {
  @ApiProperty({ example: 'Trợ cấp hằng tháng kỳ {period}', description: '`{period}` stands for the month' })
  @IsNotBlank()
  @MaxLength(400)
  purpose: string;

  @ApiProperty({
    type: DayOfCycleInput,
    required: false,
    description: 'Left out: by law, where there is a rule',
  })
  @IsOptional()
  @ValidateNested()
  @Type(() => DayOfCycleInput)
  listDue?: DayOfCycleInput;

  @ApiProperty({ type: DayOfCycleInput })
  @ValidateNested()
  @Type(() => DayOfCycleInput)
  approvalDue: DayOfCycleInput;

  @ApiProperty({ type: DayOfCycleInput })
  @ValidateNested()
  @Type(() => DayOfCycleInput)
  sendingDue: DayOfCycleInput;

  @ApiProperty({
    minimum: 0,
    maximum: 60,
    default: 10,
    description: 'The draft is opened so many days before the list is due',
  })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(60)
  daysAhead: number = 10;

  @ApiProperty({
    type: String,
    required: false,
    nullable: true,
    example: '2027-12',
    description: 'Last month; none: without end',
  })
  @IsOptional()
  @Matches(periodPattern)
  lastPeriod?: string | null;
}

export class CreateSchedule extends SetSchedule {
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  fundId: string;

  @ApiProperty({ example: 'BTXH' })
  @Matches(programmeCodePattern)
  programmeCode: string;

  @ApiProperty({ enum: channels })
  @IsIn(channels)
  channel: string;

  @ApiProperty({ example: '2027-01' })
  @Matches(periodPattern)
  firstPeriod: string;
}

export class ResumeSchedule {
  @ApiProperty({
    required: false,
    default: false,
    description:
      'Open batches also for the months whose lists fell due during the pause; otherwise they are skipped',
  })
  @IsOptional()
  @IsBoolean()
  catchUp: boolean = false;
}

class ListRuleView {
  @ApiProperty()
  legalBasis: string;

  @ApiProperty({ format: 'date' })
  effectiveFrom: string;

  @ApiProperty({ description: 'verified: read in a source of law' })
  confidence: string;
}

export class ScheduleView {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ format: 'uuid' })
  fundId: string;

  @ApiProperty()
  programmeCode: string;

  @ApiProperty()
  purpose: string;

  @ApiProperty({ enum: channels })
  channel: string;

  @ApiProperty()
  officeCode: string;

  @ApiProperty({ type: DayOfCycleInput })
  listDue: DayOfCycleInput;

  @ApiProperty({ type: DayOfCycleInput })
  approvalDue: DayOfCycleInput;

  @ApiProperty({ type: DayOfCycleInput })
  sendingDue: DayOfCycleInput;

  @ApiProperty({
    type: ListRuleView,
    nullable: true,
    description: 'The law that the due day of the list follows, if it does',
  })
  listRule: ListRuleView | null;

  @ApiProperty()
  daysAhead: number;

  @ApiProperty()
  firstPeriod: string;

  @ApiProperty({ type: String, nullable: true })
  lastPeriod: string | null;

  @ApiProperty({ enum: ['active', 'paused'] })
  state: string;

  @ApiProperty()
  createdBy: string;

  @ApiProperty({ format: 'date-time' })
  createdAt: string;
}

export class SchedulePage {
  @ApiProperty({ type: [ScheduleView] })
  items: ScheduleView[];

  @ApiProperty({ type: String, nullable: true })
  next: string | null;
}

export class UpcomingQuery {
  @ApiProperty({ required: false, format: 'date', description: 'Today unless given' })
  @IsOptional()
  @Matches(dayPattern)
  from?: string;

  @ApiProperty({
    required: false,
    format: 'date',
    description: '60 days after `from` unless given; at most 400',
  })
  @IsOptional()
  @Matches(dayPattern)
  to?: string;
}

const upcomingStates = ['planned', 'skipped', 'halted', ...batchStates] as const;
export const nextSteps = ['list', 'approval', 'sending', 'results'] as const;

export class UpcomingBatchView {
  @ApiProperty({
    type: String,
    format: 'uuid',
    nullable: true,
    description: 'Null: a batch of cash that no schedule opened; its days are those of the law',
  })
  scheduleId: string | null;

  @ApiProperty()
  period: string;

  @ApiProperty()
  programmeCode: string;

  @ApiProperty()
  purpose: string;

  @ApiProperty({ format: 'uuid' })
  fundId: string;

  @ApiProperty()
  officeCode: string;

  @ApiProperty({
    enum: upcomingStates,
    description: 'planned: not opened yet; halted: its schedule is paused',
  })
  state: string;

  @ApiProperty({ type: String, format: 'uuid', nullable: true })
  batchId: string | null;

  @ApiProperty({ type: String, nullable: true })
  batchCode: string | null;

  @ApiProperty({ format: 'date', description: 'When the draft is opened' })
  opensOn: string;

  @ApiProperty({ format: 'date', description: 'Working days, as all that is due' })
  listDueOn: string;

  @ApiProperty({ format: 'date' })
  approvalDueOn: string;

  @ApiProperty({ format: 'date' })
  sendingDueOn: string;

  @ApiProperty({
    type: String,
    format: 'date',
    nullable: true,
    description: 'When the post office has to say who was paid; null where a bank pays',
  })
  resultsDueOn: string | null;

  @ApiProperty({
    description: 'false: the holidays of the year are not published, so days around Tết may move',
  })
  isCalendarKnown: boolean;

  @ApiProperty({
    enum: nextSteps,
    nullable: true,
    type: String,
    description: 'What people do next; null: nothing',
  })
  nextStep: string | null;

  @ApiProperty({ type: String, format: 'date', nullable: true })
  nextDueOn: string | null;

  @ApiProperty({ description: 'Days since the next step was due; 0: in time' })
  daysLate: number;

  @ApiProperty({ type: String, nullable: true, description: 'Sum of its list, once there is one' })
  amount: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Sum of the last approved batch of the schedule',
  })
  lastAmount: string | null;
}

export class UpcomingBatches {
  @ApiProperty({ format: 'date' })
  today: string;

  @ApiProperty({ type: [UpcomingBatchView], description: 'By the day on which the next step is due' })
  items: UpcomingBatchView[];
}
