import { ApiProperty } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsBoolean, IsIn, IsOptional, IsUUID, Length } from 'class-validator';
import { IsDay, IsNotBlank } from '@ansinh/problem';
import { PageQuery } from '@ansinh/service';
import { grievanceRules, type GrievanceState, grievanceStates } from './grievance.states.js';

const subjects = ['decision', 'household'] as const;
export type GrievanceSubject = (typeof subjects)[number];
const raisers = ['citizen', 'office'] as const;
const textMax = 4_000;

export class RaiseGrievance {
  @ApiProperty({
    enum: subjects,
    description: 'Whether a decision on support or a reviewed household is contested',
  })
  @IsIn(subjects)
  subject: GrievanceSubject;

  @ApiProperty({ format: 'uuid', description: 'Id of the decision, or of the reviewed household' })
  @IsUUID()
  contestedId: string;

  @ApiProperty({ enum: raisers })
  @IsIn(raisers)
  raisedBy: (typeof raisers)[number];

  @ApiProperty({ description: 'Name of the citizen or office' })
  @IsNotBlank()
  @Length(1, 200)
  complainant: string;

  @ApiProperty({ description: 'What is held to be wrong' })
  @IsNotBlank()
  @Length(1, textMax)
  statement: string;

  @ApiProperty({ format: 'date' })
  @IsDay()
  receivedOn: string;

  @ApiProperty({
    required: false,
    format: 'date',
    description: 'Where no law says by when it is answered, and there alone',
  })
  @IsOptional()
  @IsDay()
  dueOn?: string;
}

export class NoteGrievance {
  @ApiProperty()
  @IsNotBlank()
  @Length(1, textMax)
  note: string;
}

export class AnswerGrievance {
  @ApiProperty({
    enum: ['kept', 'upheld'],
    description: 'upheld: what is contested is wrong, and will be corrected',
  })
  @IsIn(['kept', 'upheld'])
  answer: 'kept' | 'upheld';

  @ApiProperty({ description: 'Number of the letter of answer', example: 'CV 45/UBND' })
  @IsNotBlank()
  @Length(1, 200)
  paper: string;

  @ApiProperty({ description: 'Why' })
  @IsNotBlank()
  @Length(1, textMax)
  note: string;
}

export class CorrectGrievance {
  @ApiProperty({
    format: 'uuid',
    description: 'Id of the decision, or reviewed household, that takes the place',
  })
  @IsUUID()
  correctedId: string;
}

export class GrievancesQuery extends PageQuery {
  @ApiProperty({ required: false, enum: grievanceStates })
  @IsOptional()
  @IsIn(grievanceStates)
  state?: GrievanceState;

  @ApiProperty({
    required: false,
    description: 'Not answered, and past the day; what is due first is on top',
  })
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value))
  @IsBoolean()
  overdue: boolean = false;
}

class GrievanceMoveView {
  @ApiProperty({ enum: [...new Set(grievanceRules.map(({ kind }) => kind))] })
  kind: string;

  @ApiProperty({ type: String, nullable: true })
  paper: string | null;

  @ApiProperty({ type: String, nullable: true })
  note: string | null;

  @ApiProperty()
  by: string;

  @ApiProperty({ format: 'date-time' })
  at: string;
}

export class GrievanceView {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ enum: subjects })
  subject: GrievanceSubject;

  @ApiProperty({ format: 'uuid' })
  contestedId: string;

  @ApiProperty({ description: 'Where what is contested is explained', example: '/v1/support-decisions/…' })
  explanation: string;

  @ApiProperty({ enum: raisers })
  raisedBy: string;

  @ApiProperty()
  complainant: string;

  @ApiProperty()
  statement: string;

  @ApiProperty({ format: 'date' })
  receivedOn: string;

  @ApiProperty({ format: 'date' })
  dueOn: string;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Row of the law that gives the days; null: an officer named the day',
  })
  termRow: string | null;

  @ApiProperty({
    type: [String],
    description: 'Days up to the due day that an official has yet to confirm: it may move',
  })
  unconfirmedDays: string[];

  @ApiProperty()
  isOverdue: boolean;

  @ApiProperty({ enum: grievanceStates })
  state: GrievanceState;

  @ApiProperty({ type: String, nullable: true, format: 'uuid', description: 'By what it stands corrected' })
  correctedId: string | null;

  @ApiProperty({ type: [GrievanceMoveView] })
  moves: GrievanceMoveView[];
}

export class GrievancePage {
  @ApiProperty({ type: [GrievanceView] })
  items: GrievanceView[];

  @ApiProperty({ type: String, nullable: true })
  next: string | null;
}
