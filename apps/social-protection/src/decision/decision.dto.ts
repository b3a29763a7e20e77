import { ApiProperty, getSchemaPath } from '@nestjs/swagger';
import { IsIn, IsOptional, IsUUID, Matches } from 'class-validator';
import type { DecisionOutcome } from '@ansinh/policy';
import { IsDay } from '@ansinh/problem';
import { PageQuery } from '@ansinh/service';
import { type Change, changes } from '../run/month-change.js';
import { outcomes } from '../run/run.dto.js';
import { type RunState, runStates } from '../run/run.states.js';
import { type ProgrammeCode, programmeCodes } from '../programme/programmes.js';

export class DecisionsQuery extends PageQuery {
  @ApiProperty({ format: 'uuid', description: 'Of a run' })
  @IsUUID()
  runId: string;

  @ApiProperty({ required: false, enum: outcomes })
  @IsOptional()
  @IsIn(outcomes)
  outcome?: DecisionOutcome;
}

export class FindDecisions {
  @ApiProperty({ description: 'Citizen number: in the body, so that it stands in no log' })
  @Matches(/^\d{12}$/)
  number: string;

  @ApiProperty({ required: false, format: 'date', description: 'Decisions made by the end of that day' })
  @IsOptional()
  @IsDay()
  asOf?: string;
}

export class ArticleView {
  @ApiProperty({ description: 'Row of the law' })
  row: string;

  @ApiProperty({ example: '23/2021/QĐ-TTg' })
  number: string;

  @ApiProperty()
  article: string;

  @ApiProperty({ required: false })
  clause?: string;

  @ApiProperty({ format: 'date' })
  inForceFrom: string;
}

export class DecisionView {
  @ApiProperty({ format: 'uuid', description: 'Also of the entitlement that follows from it' })
  id: string;

  @ApiProperty({ format: 'uuid' })
  runId: string;

  @ApiProperty({ enum: programmeCodes })
  programme: ProgrammeCode;

  @ApiProperty({ format: 'date' })
  decidedOn: string;

  @ApiProperty({
    enum: Object.keys(runStates),
    description: 'State of its run: it holds once that is approved',
  })
  state: RunState;

  @ApiProperty({ description: 'Of the person, as other services know him' })
  personKey: string;

  @ApiProperty()
  name: string;

  @ApiProperty({
    type: String,
    format: 'uuid',
    nullable: true,
    description: 'Of the register, or else a row of a list',
  })
  beneficiaryId: string | null;

  @ApiProperty({
    enum: changes,
    nullable: true,
    description: 'Of a monthly programme: what is different from before',
  })
  change: Change | null;

  @ApiProperty({ type: String, format: 'uuid', nullable: true })
  listId: string | null;

  @ApiProperty({ type: Number, nullable: true })
  row: number | null;

  @ApiProperty({ type: String, nullable: true })
  employerName: string | null;

  @ApiProperty({ type: String, nullable: true, example: '2022-04' })
  month: string | null;

  @ApiProperty({ enum: outcomes })
  outcome: DecisionOutcome;

  @ApiProperty({ description: 'đồng' })
  amount: string;

  @ApiProperty({ type: [String] })
  rules: string[];

  @ApiProperty({ type: [String], description: 'Facts that stood against it, or were missing' })
  because: string[];

  @ApiProperty({ type: [ArticleView], description: 'Articles that it rests on, as they were cited' })
  articles: ArticleView[];

  @ApiProperty({ type: 'object', additionalProperties: true, description: 'What it was decided with' })
  facts: Record<string, unknown>;

  @ApiProperty({ description: 'Of law, moment, facts and result, hex' })
  digest: string;
}

class ExplanationTexts {
  @ApiProperty()
  vi: string;

  @ApiProperty()
  en: string;
}

export class ExplainedDecision extends DecisionView {
  @ApiProperty({ description: 'As a citizen reads it' })
  explanation: ExplanationTexts;

  @ApiProperty({ description: 'Whether law and facts still lead to the same digest' })
  isReproduced: boolean;
}

export class DecisionPage {
  @ApiProperty({ type: 'array', items: { $ref: getSchemaPath(DecisionView) } })
  items: DecisionView[];

  @ApiProperty({ type: String, nullable: true })
  next: string | null;
}

export class ExplainedDecisions {
  @ApiProperty({ type: [ExplainedDecision] })
  items: ExplainedDecision[];
}
