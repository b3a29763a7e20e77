import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsIn,
  IsInt,
  IsOptional,
  IsUUID,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { IsNotBlank } from '@ansinh/problem';
import { type ContradictionKind, contradictionKinds, type Side, sides } from './contradictions.js';

export class MergeProposalQuery {
  @ApiProperty({ format: 'uuid', description: 'The record that would be merged into this one' })
  @IsUUID()
  absorbedId: string;
}

/** What one side says: a level of disability, a day of death, a household. */
export class ContradictingRecord {
  @ApiProperty({ type: String, nullable: true, description: 'Null: not dead, or taken back' })
  value: string | null;

  @ApiProperty({ type: String, format: 'date', nullable: true })
  validFrom: string | null;

  @ApiProperty({ type: String, format: 'date', nullable: true })
  validUntil: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'The paper that it rests on' })
  basis: string | null;
}

export class Contradiction {
  @ApiProperty({ enum: contradictionKinds })
  kind: ContradictionKind;

  @ApiProperty({ type: [ContradictingRecord] })
  survivor: ContradictingRecord[];

  @ApiProperty({ type: [ContradictingRecord] })
  absorbed: ContradictingRecord[];
}

/** What merging two records would come to. */
export class MergeProposal {
  @ApiProperty({ description: 'Of the record that stays: the `If-Match` of the merge' })
  survivorVersion: number;

  @ApiProperty()
  absorbedVersion: number;

  @ApiProperty({ type: [Contradiction], description: 'For each of these the merge has to choose' })
  contradictions: Contradiction[];
}

export class MergeChoice {
  @ApiProperty({ enum: contradictionKinds })
  @IsIn(contradictionKinds)
  kind: ContradictionKind;

  @ApiProperty({
    enum: sides,
    description: 'Whose records of this kind hold; those of the other are set aside',
  })
  @IsIn(sides)
  keep: Side;
}

export class MergePeople {
  @ApiProperty({ format: 'uuid', description: 'The record that is merged into this one' })
  @IsUUID()
  absorbedId: string;

  @ApiProperty({ description: 'Version of that record that the caller has read' })
  @IsInt()
  @Min(1)
  absorbedVersion: number;

  @ApiProperty({ example: 'Một người có hai sổ, CMND cũ 125…' })
  @IsNotBlank()
  @MaxLength(500)
  reason: string;

  @ApiProperty({ required: false, type: [MergeChoice], description: 'One for each contradiction' })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(20)
  @ValidateNested({ each: true })
  @Type(() => MergeChoice)
  choices: MergeChoice[] = [];
}

export class UndoMerge {
  @ApiProperty({ example: 'Hai anh em sinh đôi' })
  @IsNotBlank()
  @MaxLength(500)
  reason: string;
}

/** What a merge answers, and its undoing: the record that stayed, as it is now. */
export class PeopleMerged {
  @ApiProperty({ format: 'uuid' })
  mergeId: string;

  @ApiProperty({ format: 'uuid' })
  survivorId: string;

  @ApiProperty({ format: 'uuid' })
  absorbedId: string;

  @ApiProperty({ description: 'Of the record that stays; also its `ETag`' })
  version: number;
}

export class MergeUndone extends PeopleMerged {
  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'integer' },
    description:
      'What was recorded between the merge and its undoing, which stays with the record that stayed',
  })
  recordedSince: Record<string, number>;
}

export class MergeUndoing {
  @ApiProperty()
  reason: string;

  @ApiProperty({ format: 'date-time' })
  at: string;

  @ApiProperty()
  by: string;
}

export class MergeView {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ format: 'uuid' })
  survivorId: string;

  @ApiProperty({ format: 'uuid' })
  absorbedId: string;

  @ApiProperty()
  reason: string;

  @ApiProperty({ type: [MergeChoice] })
  choices: MergeChoice[];

  @ApiProperty({ format: 'date-time' })
  at: string;

  @ApiProperty()
  by: string;

  @ApiProperty({ type: MergeUndoing, nullable: true })
  undone: MergeUndoing | null;
}

export class MergeList {
  @ApiProperty({ type: [MergeView], description: 'The last one first' })
  items: MergeView[];
}
