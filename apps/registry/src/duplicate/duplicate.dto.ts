import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsOptional, MaxLength } from 'class-validator';
import { IsNotBlank } from '@ansinh/problem';
import { PageQuery } from '@ansinh/service';
import { PersonSummary } from '../person/person.dto.js';
import { type DuplicateReasonCode, reasonCodes } from './duplicate-reasons.js';
import { type PairState, pairStateNames } from './pair.states.js';

export class DuplicateReason {
  @ApiProperty({ enum: reasonCodes })
  code: DuplicateReasonCode;

  @ApiProperty({
    example: { vi: '…', en: '…' },
    type: 'object',
    properties: { vi: { type: 'string' }, en: { type: 'string' } },
  })
  message: { vi: string; en: string };

  @ApiProperty({ description: 'Less than zero: it speaks against one person' })
  weight: number;
}

class Likeness {
  @ApiProperty({
    minimum: 0,
    maximum: 100,
    description: 'Sum of the weights; it orders, and decides nothing',
  })
  score: number;

  @ApiProperty({ type: [DuplicateReason], description: 'What speaks most for it first' })
  reasons: DuplicateReason[];

  @ApiProperty({ enum: pairStateNames })
  state: PairState;
}

/** Somebody who may be the same person. */
export class DuplicateOfPerson extends Likeness {
  @ApiProperty({ type: PersonSummary })
  person: PersonSummary;

  @ApiProperty({
    type: String,
    format: 'uuid',
    nullable: true,
    description: 'Of the pair in the queue; null until a search of the commune has found it',
  })
  pairId: string | null;
}

export class DuplicatesOfPerson {
  @ApiProperty({ type: [DuplicateOfPerson], description: 'The likeliest first' })
  items: DuplicateOfPerson[];
}

export class DuplicatesQuery extends PageQuery {
  @ApiProperty({ required: false, enum: pairStateNames, default: 'open' })
  @IsOptional()
  @IsIn(pairStateNames)
  state: PairState = 'open';
}

/** Two records that may be one person. */
export class DuplicatePair extends Likeness {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ type: PersonSummary })
  one: PersonSummary;

  @ApiProperty({ type: PersonSummary })
  other: PersonSummary;

  @ApiProperty({ format: 'date-time', description: 'When a search found it last' })
  foundAt: string;
}

export class DuplicatePage {
  @ApiProperty({ type: [DuplicatePair], description: 'The likeliest first' })
  items: DuplicatePair[];

  @ApiProperty({ type: String, nullable: true, description: 'Cursor of the next page' })
  next: string | null;
}

export class JudgePair {
  @ApiProperty({
    enum: pairStateNames,
    description: '`same` does not merge, `different` keeps the pair away until something new speaks for it',
  })
  @IsIn(pairStateNames)
  verdict: PairState;

  @ApiProperty({ example: 'Hai chị em sinh đôi' })
  @IsNotBlank()
  @MaxLength(500)
  reason: string;
}

export class PairJudged {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ enum: pairStateNames })
  state: PairState;
}

/** A search for pairs, commune by commune. */
export class DuplicateRunView {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ description: 'Communes to be searched' })
  communes: number;

  @ApiProperty({ description: 'Communes searched so far; the search is at its end when all are' })
  searched: number;

  @ApiProperty()
  people: number;

  @ApiProperty({ description: 'Pairs found, known ones among them' })
  pairs: number;

  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'integer' },
    description: 'Keys that too many people share to make pairs, by reason',
  })
  passedOver: Record<string, number>;

  @ApiProperty()
  startedBy: string;

  @ApiProperty({ format: 'date-time' })
  startedAt: string;
}
