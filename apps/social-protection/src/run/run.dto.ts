import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsOptional, IsUUID, Length, Matches } from 'class-validator';
import type { DecisionOutcome } from '@ansinh/policy';
import { IsDay } from '@ansinh/problem';
import { PageQuery } from '@ansinh/service';
import { type ProgrammeCode, programmeCodes } from '../programme/programmes.js';
import { type Comparison, comparisons } from './month-change.js';
import { type RunState, runStates } from './run.states.js';

const states = Object.keys(runStates) as RunState[];
const monthForm = /^20\d{2}-(0[1-9]|1[0-2])$/;
export const outcomes = [
  'granted',
  'paidElsewhere',
  'refused',
  'incomplete',
  'unconfirmed',
  'outsideLaw',
] as const satisfies readonly DecisionOutcome[];

export class StartRun {
  @ApiProperty({ enum: programmeCodes })
  @IsIn(programmeCodes)
  programme: ProgrammeCode;

  @ApiProperty({ format: 'date', description: 'Day of the decisions: by the law as it was then' })
  @IsDay()
  decidedOn: string;

  @ApiProperty({
    required: false,
    type: [String],
    description: 'Lists to decide on; all that wait and were received by that day, where absent',
  })
  @IsOptional()
  @IsUUID(undefined, { each: true })
  lists?: string[];

  @ApiProperty({
    required: false,
    example: '2026-11',
    description: 'Of a monthly programme: at most the next month',
  })
  @IsOptional()
  @Matches(monthForm)
  month?: string;

  @ApiProperty({
    required: false,
    example: '2026-07',
    description:
      'The first month that is looked at again, by what is law and known now; where absent, the first that something was stated for since the last approved run',
  })
  @IsOptional()
  @Matches(monthForm)
  backTo?: string;
}

export class SignRun {
  @ApiProperty({ description: '`digest` of the run that was looked at' })
  @Matches(/^[0-9a-f]{64}$/)
  digest: string;
}

export class RejectRun {
  @ApiProperty()
  @Length(1, 1000)
  reason: string;
}

export class RunsQuery extends PageQuery {
  @ApiProperty({ required: false, enum: programmeCodes })
  @IsOptional()
  @IsIn(programmeCodes)
  programme?: ProgrammeCode;
}

export class RunView {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ enum: programmeCodes })
  programme: ProgrammeCode;

  @ApiProperty({ format: 'date' })
  decidedOn: string;

  @ApiProperty({ type: String, nullable: true, example: '2026-11', description: 'Of a monthly programme' })
  month: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'The first month that is looked at again' })
  backTo: string | null;

  @ApiProperty({
    type: String,
    format: 'date',
    nullable: true,
    description:
      'Of a monthly programme: money and list reach who pays before this day of the month before; null where no law that was read says so',
  })
  dueOn: string | null;

  @ApiProperty({ enum: states })
  state: RunState;

  @ApiProperty({ description: 'Rows of lists, or beneficiaries, that are to be decided on' })
  rows: number;

  @ApiProperty({ description: 'How many of them were; the run is decided when all are' })
  taken: number;

  @ApiProperty({ type: String, nullable: true, description: 'Of the law by which it is decided, hex' })
  lawDigest: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Of all decisions, hex: what a checker signs' })
  digest: string | null;

  @ApiProperty()
  createdBy: string;

  @ApiProperty({ format: 'date-time' })
  createdAt: string;
}

export class RunPage {
  @ApiProperty({ type: [RunView] })
  items: RunView[];

  @ApiProperty({ type: String, nullable: true })
  next: string | null;
}

class OutcomeCount {
  @ApiProperty({ enum: outcomes })
  outcome: DecisionOutcome;

  @ApiProperty()
  decisions: number;

  @ApiProperty({ description: 'đồng' })
  amount: string;
}

class RuleCount {
  @ApiProperty({ type: [String], description: 'Rules that make up the amount together' })
  rules: string[];

  @ApiProperty()
  decisions: number;

  @ApiProperty({ description: 'đồng' })
  amount: string;
}

class ReasonCount {
  @ApiProperty({ enum: outcomes })
  outcome: DecisionOutcome;

  @ApiProperty({
    description: 'A fact that stood against it or was missing, or a row of law that nobody confirmed',
  })
  fact: string;

  @ApiProperty()
  decisions: number;
}

class ChangeCount {
  @ApiProperty({ enum: comparisons })
  change: Comparison;

  @ApiProperty()
  decisions: number;

  @ApiProperty({ description: 'đồng: of the month before, or what was owed for the same month' })
  amountBefore: string;

  @ApiProperty({ description: 'đồng' })
  amount: string;
}

export class RunSummary {
  @ApiProperty()
  people: number;

  @ApiProperty({ description: 'Of them, who never was decided on under the programme before' })
  newPeople: number;

  @ApiProperty({ description: 'Who was granted something by an approved run before, and is again' })
  grantedBefore: number;

  @ApiProperty({ description: 'Who was granted nothing by approved runs before, and is now' })
  refusedBefore: number;

  @ApiProperty({ type: [OutcomeCount] })
  outcomes: OutcomeCount[];

  @ApiProperty({ type: [RuleCount] })
  rules: RuleCount[];

  @ApiProperty({ type: [ReasonCount] })
  reasons: ReasonCount[];

  @ApiProperty({
    type: [ChangeCount],
    description: 'What is different from the month before; of a monthly programme',
  })
  changes: ChangeCount[];
}
