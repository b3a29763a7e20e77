import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsObject, IsOptional, IsUUID, Length, Matches, Max, Min } from 'class-validator';
import type { DecisionOutcome } from '@ansinh/policy';
import { IsDay, IsNotBlank } from '@ansinh/problem';
import { PageQuery } from '@ansinh/service';
import { outcomes } from '../run/run.dto.js';
import { areas, indicators } from './household-row.js';
import {
  correctionRules,
  type CorrectionState,
  correctionStates,
  reviewRules,
  type ReviewState,
  reviewStates,
} from './review.states.js';

const classes = ['poor', 'nearPoor', 'notPoor'] as const;
type HouseholdClass = (typeof classes)[number];

const paperMax = 200;

export class OpenReview {
  @ApiProperty({ example: 2022 })
  @IsInt()
  @Min(2021)
  @Max(2200)
  year: number;

  @ApiProperty({ description: 'Commune, as it was on the day of the review', example: '09163' })
  @Matches(/^\d{5}$/)
  placeCode: string;

  @ApiProperty({ format: 'date', description: 'By the law of that day households are classified' })
  @IsDay()
  reviewedOn: string;

  @ApiProperty({ enum: areas, description: 'By which column of the forms' })
  @IsIn(areas)
  area: string;

  @ApiProperty({ description: 'Of the whole commune, reviewed or not' })
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  households: number;
}

export class RecordHousehold {
  @ApiProperty({ description: 'Of the head' })
  @Matches(/^\d{12}$/)
  citizenNumber: string;

  @ApiProperty({ description: 'Of the head' })
  @IsNotBlank()
  @Length(1, 140)
  name: string;

  @ApiProperty()
  @IsInt()
  @Min(1)
  @Max(100)
  members: number;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: 'Answers to the form, by the facts of `poverty-class`',
    example: { characteristics: ['size1'], deprivedOf: ['lacksWork'] },
  })
  @IsObject()
  facts: Record<string, unknown>;
}

export class ReviewListQuery {
  @ApiProperty({
    required: false,
    enum: ['refuse', 'setAside'],
    default: 'refuse',
    description:
      'What becomes of a list with flawed rows: nothing of it is taken in, or everything but those rows',
  })
  @IsOptional()
  @IsIn(['refuse', 'setAside'])
  onFlawed: 'refuse' | 'setAside' = 'refuse';
}

export class MeetVillage {
  @ApiProperty({ format: 'date' })
  @IsDay()
  heldOn: string;

  @ApiProperty({ description: 'Number of the minutes', example: 'BB 03/2022' })
  @IsNotBlank()
  @Length(1, paperMax)
  minutes: string;

  @ApiProperty({ description: 'People present' })
  @IsInt()
  @Min(1)
  @Max(100_000)
  present: number;

  @ApiProperty({ description: 'Of them, who agreed' })
  @IsInt()
  @Min(0)
  @Max(100_000)
  agreed: number;
}

export class SignReview {
  @ApiProperty({ description: '`digest` of the review that was looked at' })
  @Matches(/^[0-9a-f]{64}$/)
  digest: string;

  @ApiProperty({
    description: 'Number of the decision by which the list is recognised',
    example: 'QĐ 12/QĐ-UBND',
  })
  @IsNotBlank()
  @Length(1, paperMax)
  decision: string;
}

export class GiveReviewReason {
  @ApiProperty()
  @IsNotBlank()
  @Length(1, 1000)
  reason: string;
}

export class ProposeCorrection extends RecordHousehold {
  @ApiProperty({ description: 'What was wrong' })
  @IsNotBlank()
  @Length(1, 1000)
  reason: string;

  @ApiProperty({ description: 'Minutes, or the answer to a grievance', example: 'BB 07' })
  @IsNotBlank()
  @Length(1, paperMax)
  paper: string;
}

export class ApproveCorrection {
  @ApiProperty({ description: 'Number of the decision that corrects', example: 'QĐ 31/QĐ-UBND' })
  @IsNotBlank()
  @Length(1, paperMax)
  decision: string;
}

export class ReviewsQuery extends PageQuery {
  @ApiProperty({ required: false, example: 2022 })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  year?: number;
}

export class HouseholdsQuery extends PageQuery {
  @ApiProperty({ example: 2022 })
  @Type(() => Number)
  @IsInt()
  year: number;

  @ApiProperty({ required: false, format: 'uuid', description: 'Of one review' })
  @IsOptional()
  @IsUUID()
  reviewId?: string;

  @ApiProperty({ required: false, enum: classes })
  @IsOptional()
  @IsIn(classes)
  class?: HouseholdClass;

  @ApiProperty({ required: false, enum: indicators, description: 'Households deprived of it' })
  @IsOptional()
  @IsIn(indicators)
  indicator?: string;
}

class ReviewMoveView {
  @ApiProperty({ enum: [...new Set([...reviewRules, ...correctionRules].map(({ kind }) => kind))] })
  kind: string;

  @ApiProperty({ type: String, nullable: true, description: 'Minutes, or the decision' })
  paper: string | null;

  @ApiProperty({ type: String, nullable: true })
  note: string | null;

  @ApiProperty()
  by: string;

  @ApiProperty({ format: 'date-time' })
  at: string;
}

class ToldRegistry {
  @ApiProperty({ description: 'Households that have their class in the registry now' })
  households: number;

  @ApiProperty({ description: 'Reviewed households that the registry does not know' })
  unknown: number;

  @ApiProperty({ description: 'Whether it was told of all of them' })
  isOver: boolean;
}

export class ReviewView {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty()
  year: number;

  @ApiProperty()
  placeCode: string;

  @ApiProperty({ format: 'date' })
  reviewedOn: string;

  @ApiProperty({ enum: areas })
  area: string;

  @ApiProperty({ enum: reviewStates })
  state: ReviewState;

  @ApiProperty({ description: 'Of the whole commune' })
  households: number;

  @ApiProperty({ description: 'Households that were reviewed' })
  reviewed: number;

  @ApiProperty()
  poor: number;

  @ApiProperty()
  nearPoor: number;

  @ApiProperty({
    description: 'Reviewed, and not classified: something is not known, or the law is not confirmed',
  })
  unclassified: number;

  @ApiProperty({
    type: String,
    format: 'date',
    nullable: true,
    description: 'Until the end of that day the result hangs out',
  })
  postedUntil: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Of everything that was submitted, hex: what a checker signs',
  })
  digest: string | null;

  @ApiProperty({ type: ToldRegistry, nullable: true, description: 'Null before it was approved' })
  toldRegistry: ToldRegistry | null;

  @ApiProperty({ type: [ReviewMoveView] })
  moves: ReviewMoveView[];
}

export class ReviewPage {
  @ApiProperty({ type: [ReviewView] })
  items: ReviewView[];

  @ApiProperty({ type: String, nullable: true })
  next: string | null;
}

export class ReviewedHouseholdView {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ format: 'uuid' })
  reviewId: string;

  @ApiProperty()
  placeCode: string;

  @ApiProperty({ description: 'Of the head, as other services know him' })
  personKey: string;

  @ApiProperty({ description: 'Of the head' })
  name: string;

  @ApiProperty()
  members: number;

  @ApiProperty({ enum: outcomes, description: 'granted: it is classified' })
  outcome: DecisionOutcome;

  @ApiProperty({ enum: classes, nullable: true })
  class: HouseholdClass | null;

  @ApiProperty({ type: Number, nullable: true, description: 'Points of form B1' })
  pointsB1: number | null;

  @ApiProperty({ type: Number, nullable: true, description: 'Points of form B2' })
  pointsB2: number | null;

  @ApiProperty({ enum: indicators, isArray: true })
  deprivedOf: string[];

  @ApiProperty({ description: 'Whether no later record of the household takes its place' })
  isCurrent: boolean;

  @ApiProperty({ description: 'Of law, day, facts and class, hex' })
  digest: string;
}

class ReviewTexts {
  @ApiProperty()
  vi: string;

  @ApiProperty()
  en: string;
}

export class ExplainedHousehold extends ReviewedHouseholdView {
  @ApiProperty({ type: 'object', additionalProperties: true, description: 'Answers to the form' })
  facts: Record<string, unknown>;

  @ApiProperty({ description: 'As a citizen reads it' })
  explanation: ReviewTexts;

  @ApiProperty({ description: 'Whether law and facts still lead to the same digest' })
  isReproduced: boolean;
}

export class ReviewedHouseholdPage {
  @ApiProperty({ type: [ReviewedHouseholdView] })
  items: ReviewedHouseholdView[];

  @ApiProperty({ type: String, nullable: true })
  next: string | null;
}

export class ReviewListView {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ description: 'SHA-256 of the file, hex' })
  fileDigest: string;

  @ApiProperty()
  rows: number;

  @ApiProperty({ description: 'Rows that were not taken in' })
  blocked: number;

  @ApiProperty({ description: 'Nothing of it was taken in; a corrected one has to come' })
  isRefused: boolean;
}

export class ReviewFindingView {
  @ApiProperty()
  row: number;

  @ApiProperty()
  code: string;

  @ApiProperty({ type: String, nullable: true, description: 'Null: the row as a whole' })
  column: string | null;

  @ApiProperty()
  message: ReviewTexts;
}

export class ReviewFindingPage {
  @ApiProperty({ type: [ReviewFindingView] })
  items: ReviewFindingView[];

  @ApiProperty({ type: String, nullable: true })
  next: string | null;
}

export class CorrectionView {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ format: 'uuid' })
  reviewId: string;

  @ApiProperty({ format: 'uuid', description: 'The household as it is to be' })
  householdId: string;

  @ApiProperty({
    type: String,
    nullable: true,
    format: 'uuid',
    description: 'As it counted when this was proposed, and is still read; null where it was forgotten',
  })
  replacesId: string | null;

  @ApiProperty({ description: 'Of the head' })
  name: string;

  @ApiProperty({ type: String, nullable: true, enum: classes })
  classBefore: HouseholdClass | null;

  @ApiProperty({ enum: classes })
  class: HouseholdClass;

  @ApiProperty()
  reason: string;

  @ApiProperty()
  paper: string;

  @ApiProperty({ enum: correctionStates })
  state: CorrectionState;

  @ApiProperty({ type: [ReviewMoveView] })
  moves: ReviewMoveView[];
}

export class CorrectionList {
  @ApiProperty({ type: [CorrectionView], description: 'In the order in which they were proposed' })
  items: CorrectionView[];
}
