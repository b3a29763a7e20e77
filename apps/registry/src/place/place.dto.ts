import { ApiProperty } from '@nestjs/swagger';
import { IsOptional, Matches } from 'class-validator';
import { IsDay } from '@ansinh/problem';
import type { PlaceLevel } from '@ansinh/places';

export const placeLevels = ['province', 'district', 'commune'] as const satisfies readonly PlaceLevel[];

const placeCodePattern = /^(\d{2}|\d{3}|\d{5})$/;

export class PlaceQuery {
  @ApiProperty({ required: false, format: 'date', description: 'Any day; today where absent' })
  @IsOptional()
  @IsDay()
  on?: string;
}

export class PlacesQuery extends PlaceQuery {
  @ApiProperty({ example: '24', description: 'Code of the place above' })
  @Matches(placeCodePattern)
  parent: string;
}

export class PlaceName {
  @ApiProperty({ description: 'Code of the General Statistics Office' })
  code: string;

  @ApiProperty()
  name: string;

  @ApiProperty({ enum: placeLevels })
  level: PlaceLevel;
}

/** One unit over one interval: codes were given to other territories, so a code alone names no place. */
export class PlaceView extends PlaceName {
  @ApiProperty({ type: String, nullable: true })
  parentCode: string | null;

  @ApiProperty({ format: 'date', description: 'First day; the first that is known, for older units' })
  validFrom: string;

  @ApiProperty({
    type: String,
    format: 'date',
    nullable: true,
    description: 'First day on which it is no longer valid',
  })
  validUntil: string | null;

  @ApiProperty({ type: [PlaceName], description: 'The units above on that day, the nearest first' })
  above: PlaceName[];

  @ApiProperty({
    type: PlaceName,
    nullable: true,
    description: 'The unit that holds its territory today; null where none does, or no source says which',
  })
  today: PlaceName | null;
}

export class PlaceList {
  @ApiProperty({ type: [PlaceView] })
  items: PlaceView[];
}
