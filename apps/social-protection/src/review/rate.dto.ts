import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, Max, Min } from 'class-validator';
import { indicators } from './household-row.js';

export class YearQuery {
  @ApiProperty({ example: 2022 })
  @Type(() => Number)
  @IsInt()
  @Min(2021)
  @Max(2200)
  year: number;
}

export class PovertyRate {
  @ApiProperty({ enum: ['commune', 'district', 'all'], description: 'all: everything that the caller sees' })
  level: 'commune' | 'district' | 'all';

  @ApiProperty({ type: String, nullable: true })
  placeCode: string | null;

  @ApiProperty({ type: String, nullable: true })
  placeName: string | null;

  @ApiProperty({ description: 'All households of the communes whose review is approved' })
  households: number;

  @ApiProperty()
  poor: number;

  @ApiProperty()
  nearPoor: number;

  @ApiProperty({ description: 'People in poor households' })
  poorPeople: number;

  @ApiProperty({ description: 'Poor of all households, in percent with two decimals', example: '1.05' })
  poorPercent: string;

  @ApiProperty({ example: '2.40' })
  nearPoorPercent: string;
}

export class PovertyRateList {
  @ApiProperty({ type: [PovertyRate] })
  items: PovertyRate[];
}

class NameView {
  @ApiProperty()
  vi: string;

  @ApiProperty()
  en: string;
}

export class Deprivation {
  @ApiProperty({ enum: indicators })
  indicator: string;

  @ApiProperty()
  name: NameView;

  @ApiProperty({ description: 'Poor households that lack it' })
  poor: number;

  @ApiProperty({ description: 'Near-poor households that lack it' })
  nearPoor: number;
}

export class DeprivationList {
  @ApiProperty({ type: [Deprivation] })
  items: Deprivation[];
}
