import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
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
import { IsDay, IsNotBlank } from '@ansinh/problem';
import { PageQuery } from '@ansinh/service';
import { relations } from './relations.js';

export const povertyClasses = ['poor', 'nearPoor', 'neither'] as const;
export type PovertyClass = (typeof povertyClasses)[number];

export class HouseholdsQuery extends PageQuery {
  @ApiProperty({ required: false, enum: povertyClasses, description: 'Held in the last year that has one' })
  @IsOptional()
  @IsIn(povertyClasses)
  class?: PovertyClass;
}

export class FormHousehold {
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  headId: string;

  @ApiProperty({ format: 'date' })
  @IsDay()
  validFrom: string;
}

export class JoinHousehold {
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  personId: string;

  @ApiProperty({ enum: relations.filter((relation) => relation !== 'head'), description: 'To the head' })
  @IsIn(relations.filter((relation) => relation !== 'head'))
  relation: string;

  @ApiProperty({ format: 'date' })
  @IsDay()
  validFrom: string;
}

class RelationToHead {
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  personId: string;

  @ApiProperty({ enum: relations.filter((relation) => relation !== 'head') })
  @IsIn(relations.filter((relation) => relation !== 'head'))
  relation: string;
}

export class ChooseHead {
  @ApiProperty({ format: 'uuid', description: 'A member at present' })
  @IsUUID()
  headId: string;

  @ApiProperty({ format: 'date', description: 'First day of the new head' })
  @IsDay()
  validFrom: string;

  @ApiProperty({
    type: [RelationToHead],
    description: 'Of every other member, the head of before among them',
  })
  @IsArray()
  @ArrayMaxSize(100)
  @ArrayUnique(({ personId }: RelationToHead) => personId)
  @ValidateNested({ each: true })
  @Type(() => RelationToHead)
  relations: RelationToHead[];
}

export class LeaveHousehold {
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  personId: string;

  @ApiProperty({ format: 'date', description: 'First day on which the person is no member' })
  @IsDay()
  validUntil: string;
}

export class ClassifyHousehold {
  @ApiProperty({ example: 2026 })
  @IsInt()
  @Min(1998)
  @Max(2200)
  year: number;

  @ApiProperty({ enum: povertyClasses })
  @IsIn(povertyClasses)
  class: string;

  @ApiProperty({ example: 'QĐ 12/QĐ-UBND', description: 'The decision on the list of the review' })
  @IsNotBlank()
  @MaxLength(200)
  basis: string;
}

class ClassOfHead {
  @ApiProperty({ format: 'uuid', description: 'Key of the citizen number of somebody who lives in it' })
  // 128 bits of an HMAC: no version of a UUID.
  @Matches(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
  personKey: string;

  @ApiProperty({ enum: povertyClasses })
  @IsIn(povertyClasses)
  class: string;
}

const householdsMax = 1_000;

export class ClassifyHouseholds {
  @ApiProperty({ example: 2026 })
  @IsInt()
  @Min(1998)
  @Max(2200)
  year: number;

  @ApiProperty({ example: 'QĐ 12/QĐ-UBND', description: 'The decision on the list of the review' })
  @IsNotBlank()
  @MaxLength(200)
  basis: string;

  @ApiProperty({ type: [ClassOfHead], minItems: 1, maxItems: householdsMax })
  @ArrayMinSize(1)
  @ArrayMaxSize(householdsMax)
  @ValidateNested({ each: true })
  @Type(() => ClassOfHead)
  households: ClassOfHead[];
}

export class ClassifiedHouseholds {
  @ApiProperty({ description: 'Whose class of the year is another one now, or rests on another decision' })
  classified: number;

  @ApiProperty({ description: 'Which had this class by this decision already' })
  unchanged: number;

  @ApiProperty({
    type: [String],
    description: 'Keys of those who live in no household here, or in one that the office does not see',
  })
  unknown: string[];
}

export class MemberView {
  @ApiProperty({ format: 'uuid' })
  personId: string;

  @ApiProperty({ enum: relations })
  relation: string;

  @ApiProperty({ format: 'date' })
  validFrom: string;

  @ApiProperty({ type: String, format: 'date', nullable: true })
  validUntil: string | null;
}

export class ClassView {
  @ApiProperty()
  year: number;

  @ApiProperty({ enum: povertyClasses })
  class: string;

  @ApiProperty()
  basis: string;
}

export class HouseholdView {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ format: 'uuid' })
  headId: string;

  @ApiProperty({ description: 'The commune of today' })
  placeCode: string;

  @ApiProperty()
  version: number;

  @ApiProperty({ type: [MemberView], description: 'Also those who left, the present ones first' })
  members: MemberView[];

  @ApiProperty({ type: [ClassView], description: 'The class of each year, the last one first' })
  classes: ClassView[];
}

export class HouseholdSummary {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ format: 'uuid' })
  headId: string;

  @ApiProperty({ type: String, nullable: true, description: 'null where another office has the head now' })
  headName: string | null;

  @ApiProperty({ description: 'The commune of today' })
  placeCode: string;

  @ApiProperty({ description: 'At present' })
  members: number;

  @ApiProperty({ enum: povertyClasses, nullable: true, description: 'Of the last year that has one' })
  class: PovertyClass | null;

  @ApiProperty({ type: Number, nullable: true })
  classYear: number | null;
}

export class HouseholdPage {
  @ApiProperty({ type: [HouseholdSummary] })
  items: HouseholdSummary[];

  @ApiProperty({ type: String, nullable: true })
  next: string | null;
}
