import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsInt, IsUUID, Matches, Max, MaxLength, Min } from 'class-validator';
import { IsDay } from '@ansinh/problem';

export const relations = ['head', 'spouse', 'child', 'parent', 'grandchild', 'sibling', 'other'] as const;
export const povertyClasses = ['poor', 'nearPoor', 'neither'] as const;

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
  @Matches(/\S/)
  @MaxLength(200)
  basis: string;
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
