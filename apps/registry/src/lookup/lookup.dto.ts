import { ApiProperty } from '@nestjs/swagger';
import { IsOptional } from 'class-validator';
import { IsDay } from '@ansinh/problem';
import { povertyClasses } from '../household/household.dto.js';
import { type Sex, sexes } from '../person/person.dto.js';
import type { BirthFit, NameFit } from './lookup-list.js';

export class LookupQuery {
  @ApiProperty({
    required: false,
    format: 'date',
    description: 'Day of the facts that decide money; today where absent',
  })
  @IsOptional()
  @IsDay()
  on?: string;
}

/** What the registry says of one line of the list. */
export class LookupAnswer {
  @ApiProperty({ description: 'Row of the list, from 1; the header does not count' })
  row: number;

  @ApiProperty({ description: 'As sent, masked' })
  number: string;

  @ApiProperty({
    enum: ['found', 'notFound', 'malformed'],
    description: 'Not found: perhaps at another office',
  })
  outcome: 'found' | 'notFound' | 'malformed';

  @ApiProperty({ type: String, format: 'uuid', nullable: true })
  personId: string | null;

  @ApiProperty({ type: String, nullable: true })
  name: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    enum: ['exact', 'marks', 'different'],
    description: 'The sent name beside the one on record; `marks`: but for marks and their places',
  })
  nameFit: NameFit | null;

  @ApiProperty({ type: Number, nullable: true })
  birthYear: number | null;

  @ApiProperty({ type: String, format: 'date', nullable: true })
  bornOn: string | null;

  @ApiProperty({ type: String, nullable: true, enum: ['same', 'different', 'unreadable'] })
  birthFit: BirthFit | null;

  @ApiProperty({ type: String, enum: sexes, nullable: true })
  sex: Sex | null;

  @ApiProperty({ type: String, nullable: true, description: 'The commune of today' })
  placeCode: string | null;

  @ApiProperty({ type: String, format: 'date', nullable: true })
  diedOn: string | null;

  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'string' },
    example: { disabilityLevel: 'severe' },
    description: 'Facts that decide money, as of the day asked for',
  })
  facts: Record<string, string>;

  @ApiProperty({
    type: String,
    enum: povertyClasses,
    nullable: true,
    description: 'Of the household on that day, for its year',
  })
  povertyClass: string | null;
}
