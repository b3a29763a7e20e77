import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsObject, IsOptional, Length, Matches } from 'class-validator';
import { LawPlace, LawText } from '@ansinh/law-confirmations';
import { IsDay } from '@ansinh/problem';

export class LawQuery {
  @ApiProperty({ required: false, format: 'date', description: 'For which day; today where absent' })
  @IsOptional()
  @IsDay()
  day?: string;

  @ApiProperty({
    required: false,
    format: 'date',
    description: 'As it was in force by then; `day` where absent',
  })
  @IsOptional()
  @IsDay()
  knownOn?: string;
}

export class LawComparisonQuery {
  @ApiProperty({ format: 'date' })
  @IsDay()
  from: string;

  @ApiProperty({ format: 'date' })
  @IsDay()
  to: string;

  @ApiProperty({
    required: false,
    format: 'date',
    description: 'Both as in force by then; each by its own day where absent',
  })
  @IsOptional()
  @IsDay()
  knownOn?: string;
}

export class LawProgrammeView {
  @ApiProperty({ example: 'monthly-allowance' })
  code: string;

  @ApiProperty()
  name: LawText;

  @ApiProperty({ enum: ['payment', 'ceiling', 'rate', 'quantity', 'classification'] })
  answers: string;

  @ApiProperty({ example: 'vnd' })
  unit: string;

  @ApiProperty({ enum: ['once', 'month'] })
  period: string;
}

export class LawProgrammeList {
  @ApiProperty({ type: [LawProgrammeView] })
  items: LawProgrammeView[];
}

class LawRowView {
  @ApiProperty({ description: 'Id of the row of law' })
  row: string;

  @ApiProperty()
  citation: LawPlace;

  @ApiProperty({ enum: ['verified', 'secondary', 'memory', 'derived'], description: 'Where it was read' })
  confidence: string;

  @ApiProperty({ description: 'Nothing is granted on it before a named person has confirmed it' })
  isAwaiting: boolean;

  @ApiProperty({ description: 'What a confirmation is bound to, hex' })
  digest: string;

  @ApiProperty({ format: 'date' })
  appliedFrom: string;

  @ApiProperty({ format: 'date' })
  inForceFrom: string;
}

export class LawRuleView extends LawRowView {
  @ApiProperty()
  rule: string;

  @ApiProperty()
  name: LawText;

  @ApiProperty()
  group: LawText;
}

export class LawValueView extends LawRowView {
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Null for a table, and where nobody has read it',
  })
  value: string | null;

  @ApiProperty({ description: 'Set by the province itself' })
  isOwn: boolean;
}

export class LawParameterView {
  @ApiProperty({ example: 'standardLevel' })
  parameter: string;

  @ApiProperty()
  name: LawText;

  @ApiProperty()
  unit: string;

  @ApiProperty({ type: LawValueView, nullable: true })
  at: LawValueView | null;
}

export class LawView {
  @ApiProperty()
  programme: string;

  @ApiProperty()
  name: LawText;

  @ApiProperty({ format: 'date' })
  day: string;

  @ApiProperty({ format: 'date' })
  knownOn: string;

  @ApiProperty({ description: 'Of everything by which is decided, hex: decisions carry it' })
  digest: string;

  @ApiProperty({ type: [LawRuleView] })
  rules: LawRuleView[];

  @ApiProperty({ type: [LawParameterView] })
  parameters: LawParameterView[];
}

export class LawChangeView {
  @ApiProperty({ enum: ['rule', 'parameter'] })
  kind: string;

  @ApiProperty()
  code: string;

  @ApiProperty()
  name: LawText;

  @ApiProperty({ enum: ['began', 'ended', 'rewritten', 'changed'] })
  change: string;

  @ApiProperty({ type: String, nullable: true, description: 'Value of a parameter before' })
  before: string | null;

  @ApiProperty({ type: String, nullable: true })
  after: string | null;
}

export class LawChangeList {
  @ApiProperty({ type: [LawChangeView] })
  items: LawChangeView[];
}

export class ExplainLaw {
  @ApiProperty({ format: 'date' })
  @IsDay()
  day: string;

  @ApiProperty({ required: false, format: 'date' })
  @IsOptional()
  @IsDay()
  knownOn?: string;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: 'By the names that the programme asks for; đồng as text',
  })
  @IsObject()
  facts: Record<string, unknown>;
}

export class LawExplanation {
  @ApiProperty({ enum: ['granted', 'paidElsewhere', 'refused', 'incomplete', 'unconfirmed', 'outsideLaw'] })
  outcome: string;

  @ApiProperty({ description: 'What is due, in the unit of the programme' })
  amount: string;

  @ApiProperty({ description: 'What it comes to, due or not' })
  computed: string;

  @ApiProperty({ type: String, nullable: true, description: 'What a classification says' })
  answer: string | null;

  @ApiProperty({ description: 'As a citizen reads it' })
  text: LawText;

  @ApiProperty({ description: 'Of law, moment, facts and result, hex' })
  digest: string;
}

export class EnterLawRow {
  @ApiProperty({ example: 'standardLevel', description: 'One that a province may raise or set' })
  @Matches(/^[a-z][A-Za-z0-9]{0,59}$/)
  parameter: string;

  @ApiProperty({ example: '400000' })
  @Matches(/^(0|[1-9]\d{0,14})$/)
  value: string;

  @ApiProperty({ example: '99/2023/NQ-HĐND', description: 'Number of the resolution' })
  @Matches(/^\d[\p{L}\d/-]{2,59}$/u)
  resolution: string;

  @ApiProperty({ example: '1', description: 'Its article' })
  @Matches(/^[\p{L}\d]{1,9}$/u)
  article: string;

  @ApiProperty({ format: 'date', description: 'Day on which the resolution is in force' })
  @IsDay()
  inForceFrom: string;

  @ApiProperty({ format: 'date', description: 'Day from which the value applies' })
  @IsDay()
  appliedFrom: string;
}

export class RejectLawRow {
  @ApiProperty()
  @Length(1, 1000)
  reason: string;
}

const lawRowStates = ['entered', 'approved', 'rejected'] as const;
export type LawRowState = (typeof lawRowStates)[number];

export class LawRowsQuery {
  @ApiProperty({ required: false, enum: lawRowStates })
  @IsOptional()
  @IsIn(lawRowStates)
  state?: LawRowState;
}

export class OwnLawRow {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ description: 'Id of the row of law: decisions cite it' })
  row: string;

  @ApiProperty()
  parameter: string;

  @ApiProperty()
  value: string;

  @ApiProperty()
  resolution: string;

  @ApiProperty({ format: 'date' })
  inForceFrom: string;

  @ApiProperty({ format: 'date' })
  appliedFrom: string;

  @ApiProperty({ enum: lawRowStates })
  state: LawRowState;

  @ApiProperty()
  enteredBy: string;

  @ApiProperty({ type: String, nullable: true })
  judgedBy: string | null;

  @ApiProperty({ type: String, nullable: true })
  reason: string | null;
}

export class OwnLawRowList {
  @ApiProperty({ type: [OwnLawRow] })
  items: OwnLawRow[];
}
