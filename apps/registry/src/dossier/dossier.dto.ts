import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsIn,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import { IsNotBlank } from '@ansinh/problem';
import { PageQuery } from '@ansinh/service';
import { type DossierState, dossierStates, type MoveKind, moveKinds } from './dossier.states.js';

const codePattern = /^[A-Za-z0-9-]{1,40}$/;
const papersMax = 50;
const noteMax = 1_000;
const referencePattern = /^[\x21-\x7e]{1,64}$/;

export const standings = ['onTime', 'dueSoon', 'overdue'] as const;
export const outcomes = ['granted', 'declined'] as const;
export const dueFilters = ['overdue', 'soon', 'stepOverdue', 'stepSoon'] as const;

export class Applicant {
  @ApiProperty({ description: 'As it is written on the papers' })
  @IsString()
  @IsNotBlank()
  @MaxLength(200)
  name: string;

  @ApiProperty({ required: false, example: '0912000000' })
  @IsOptional()
  @Matches(/^\+?\d{8,15}$/)
  phone?: string;

  @ApiProperty({ required: false, format: 'uuid', description: 'Of the register' })
  @IsOptional()
  @IsUUID()
  personId?: string;

  @ApiProperty({ required: false, format: 'uuid', description: 'Of the register' })
  @IsOptional()
  @IsUUID()
  employerId?: string;
}

export class Reason {
  @ApiProperty({ description: 'Stands on the form that the applicant gets' })
  @IsString()
  @IsNotBlank()
  @MaxLength(noteMax)
  reason: string;
}

export class PresentDossier {
  @ApiProperty({ example: 'SP-MONTHLY' })
  @Matches(codePattern)
  procedureCode: string;

  @ApiProperty({ example: '09163', description: 'Commune of the applicant' })
  @Matches(/^\d{5}$/)
  placeCode: string;

  @ApiProperty({ type: Applicant })
  @ValidateNested()
  @Type(() => Applicant)
  applicant: Applicant;

  @ApiProperty({ type: [String], description: 'Codes of the papers that were handed in' })
  @IsArray()
  @ArrayMaxSize(papersMax)
  @ArrayUnique()
  @Matches(codePattern, { each: true })
  documents: string[];

  @ApiProperty({
    type: Reason,
    required: false,
    description: 'Given where the dossier is not ours to decide',
  })
  @IsOptional()
  @ValidateNested()
  @Type(() => Reason)
  refusal?: Reason;

  @ApiProperty({
    required: false,
    description: 'What the service that opens it calls it; told with its events, and never used twice',
    example: '0198a3f2-7c1e-7000-8000-000000000000',
  })
  @IsOptional()
  @Matches(referencePattern)
  reference?: string;
}

export class Supplement {
  @ApiProperty({ type: [String], description: 'Codes of the papers that were handed in' })
  @IsArray()
  @ArrayMaxSize(papersMax)
  @ArrayUnique()
  @Matches(codePattern, { each: true })
  documents: string[];
}

export class SupplementRequest extends Reason {
  @ApiProperty({ type: [String], description: 'Codes of all papers that are missing or wrong' })
  @IsArray()
  @ArrayMaxSize(papersMax)
  @ArrayUnique()
  @Matches(codePattern, { each: true })
  documents: string[];
}

export class ForwardDossier {
  @ApiProperty({ required: false, description: 'The next step of the procedure where it is left out' })
  @IsOptional()
  @Matches(codePattern)
  step?: string;

  @ApiProperty({ required: false })
  @IsOptional()
  @IsString()
  @MaxLength(noteMax)
  note?: string;
}

export class AssignDossier {
  @ApiProperty({ description: 'Who works on it' })
  @IsString()
  @IsNotBlank()
  @MaxLength(200)
  assignee: string;
}

export class DecideDossier {
  @ApiProperty({ enum: outcomes })
  @IsIn(outcomes)
  outcome: (typeof outcomes)[number];

  @ApiProperty({ description: 'Number of the decision, or the reason of a refusal' })
  @IsString()
  @IsNotBlank()
  @MaxLength(noteMax)
  note: string;
}

export class DossierFilter extends PageQuery {
  @ApiProperty({ required: false, enum: dossierStates })
  @IsOptional()
  @IsIn(dossierStates)
  state?: DossierState;

  @ApiProperty({
    required: false,
    enum: dueFilters,
    description: 'Of the whole, or of the step; soon: in two working days',
  })
  @IsOptional()
  @IsIn(dueFilters)
  due?: (typeof dueFilters)[number];

  @ApiProperty({ required: false, description: 'Code of the office that has it now' })
  @IsOptional()
  @Matches(/^\d{2,5}$/)
  holder?: string;

  @ApiProperty({ required: false })
  @IsOptional()
  @Matches(codePattern)
  procedure?: string;

  @ApiProperty({ required: false })
  @IsOptional()
  @Matches(codePattern)
  step?: string;

  @ApiProperty({ required: false, format: 'uuid' })
  @IsOptional()
  @IsUUID()
  personId?: string;
}

export class BilingualText {
  @ApiProperty()
  vi: string;

  @ApiProperty()
  en: string;
}

export class NamedCode {
  @ApiProperty()
  code: string;

  @ApiProperty({ type: BilingualText })
  name: BilingualText;
}

export class DossierView {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ example: 'H05.09.163-261125-0001' })
  code: string;

  @ApiProperty({ type: NamedCode })
  procedure: NamedCode;

  @ApiProperty({ description: 'Of the desk' })
  officeCode: string;

  @ApiProperty({ description: 'Of the office that has it now' })
  holderCode: string;

  @ApiProperty()
  placeCode: string;

  @ApiProperty()
  applicantName: string;

  @ApiProperty({ type: String, nullable: true })
  applicantPhone: string | null;

  @ApiProperty({ type: String, format: 'uuid', nullable: true })
  personId: string | null;

  @ApiProperty({ type: String, format: 'uuid', nullable: true })
  employerId: string | null;

  @ApiProperty({ enum: dossierStates })
  state: DossierState;

  @ApiProperty({ type: NamedCode, nullable: true, description: 'null: at the desk' })
  step: NamedCode | null;

  @ApiProperty({ type: String, nullable: true })
  assignee: string | null;

  @ApiProperty({ type: [NamedCode], description: 'Required papers that were not handed in' })
  missing: NamedCode[];

  @ApiProperty({ format: 'date-time' })
  presentedAt: string;

  @ApiProperty({
    type: String,
    format: 'date',
    nullable: true,
    description: 'Counts as the day of reception',
  })
  countsFrom: string | null;

  @ApiProperty({ type: String, format: 'date', nullable: true })
  dueOn: string | null;

  @ApiProperty({
    type: String,
    format: 'date',
    nullable: true,
    description:
      'The day that the applicant was promised with an apology; `dueOn` is still what the law gives',
  })
  promisedOn: string | null;

  @ApiProperty({ type: String, format: 'date', nullable: true })
  stepDueOn: string | null;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'Since when the clock stands still',
  })
  stoppedAt: string | null;

  @ApiProperty({ type: String, enum: standings, nullable: true, description: 'null where no answer is owed' })
  standing: (typeof standings)[number] | null;

  @ApiProperty({ type: [String], description: 'Days up to the due day that an official has yet to confirm' })
  unconfirmedDays: string[];

  @ApiProperty({ type: String, enum: outcomes, nullable: true })
  outcome: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'The service that opened it' })
  service: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'What that service calls it' })
  reference: string | null;

  @ApiProperty({ description: 'Also the ETag, for If-Match' })
  version: number;
}

export class DossierPage {
  @ApiProperty({ type: [DossierView] })
  items: DossierView[];

  @ApiProperty({ type: String, nullable: true })
  next: string | null;
}

export class MoveView {
  @ApiProperty()
  number: number;

  @ApiProperty({ enum: moveKinds })
  kind: MoveKind;

  @ApiProperty({ format: 'date-time' })
  at: string;

  @ApiProperty({ type: String, nullable: true })
  step: string | null;

  @ApiProperty()
  holderCode: string;

  @ApiProperty({ type: String, nullable: true })
  assignee: string | null;

  @ApiProperty({ type: [String] })
  documents: string[];

  @ApiProperty({ type: String, enum: outcomes, nullable: true })
  outcome: string | null;

  @ApiProperty({ type: String, nullable: true })
  note: string | null;

  @ApiProperty({ type: String, format: 'date', nullable: true, description: 'Of an apology' })
  promisedOn: string | null;

  @ApiProperty()
  actorName: string;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'The service by whose word the official made it',
  })
  service: string | null;
}

export class WhereaboutsView {
  @ApiProperty({ type: String, nullable: true, description: 'null: the desk' })
  step: string | null;

  @ApiProperty({ format: 'date' })
  fromOn: string;

  @ApiProperty({ type: String, format: 'date', nullable: true })
  untilOn: string | null;

  @ApiProperty({ type: String, enum: ['supplement', 'resumption'], nullable: true })
  awaits: string | null;
}

export class DossierHistory {
  @ApiProperty({ type: [MoveView] })
  moves: MoveView[];

  @ApiProperty({
    type: [WhereaboutsView],
    description: 'On which days it stood where, from its reception on',
  })
  whereabouts: WhereaboutsView[];
}

export class WorkloadRow {
  @ApiProperty()
  holderCode: string;

  @ApiProperty()
  procedureCode: string;

  @ApiProperty({ type: String, nullable: true })
  step: string | null;

  @ApiProperty()
  open: number;

  @ApiProperty()
  overdue: number;

  @ApiProperty()
  dueSoon: number;

  @ApiProperty()
  stepOverdue: number;
}

export class Workload {
  @ApiProperty({ type: [WorkloadRow] })
  items: WorkloadRow[];
}
