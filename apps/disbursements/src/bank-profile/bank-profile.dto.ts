import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayUnique,
  IsArray,
  IsIn,
  IsInt,
  IsObject,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { IsNotBlank } from '@ansinh/problem';
import { vndPattern } from '../rest.js';

const messageVersions = ['pain.001.001.03', 'pain.001.001.10'] as const;

/** What a bank may insist on that the standard leaves open. `address` is the payee's commune, by the place code. */
const requirements = ['remittance', 'address'] as const;

export class ProfileName {
  @ApiProperty()
  @IsString()
  vi: string;

  @ApiProperty()
  @IsString()
  en: string;
}

export class ProfileText {
  @ApiProperty({ enum: ['none', 'ascii'], description: 'ascii: letters without marks, đ as d' })
  @IsIn(['none', 'ascii'])
  fold: 'none' | 'ascii';

  @ApiProperty({ enum: ['asIs', 'upper'] })
  @IsIn(['asIs', 'upper'])
  letters: 'asIs' | 'upper';

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Characters and ranges, as between the brackets of a regular expression; null: any',
  })
  @ValidateIf((_, value) => value !== null)
  @Matches(/^A-Z(a-z)?0-9[^\][^]*$/)
  @MaxLength(200)
  allowed: string | null;
}

/** How one bank wants to be written to. */
export class BankProfileContent {
  @ApiProperty({ example: 'iso20022-current' })
  @Matches(/^[a-z0-9][a-z0-9-]{0,49}$/)
  id: string;

  @ApiProperty({ type: ProfileName })
  @IsObject()
  @ValidateNested()
  @Type(() => ProfileName)
  name: ProfileName;

  @ApiProperty({ description: 'Where these rules are written' })
  @IsNotBlank()
  @MaxLength(500)
  source: string;

  @ApiProperty({ enum: messageVersions })
  @IsIn(messageVersions)
  messageVersion: (typeof messageVersions)[number];

  @ApiProperty({ description: 'Most payments of one message' })
  @IsInt()
  @Min(1)
  @Max(5_000)
  messagePaymentsMax: number;

  @ApiProperty({ type: String, nullable: true, description: 'Most đồng of one message' })
  @ValidateIf((_, value) => value !== null)
  @Matches(vndPattern)
  messageAmountMax: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Most đồng of one payment' })
  @ValidateIf((_, value) => value !== null)
  @Matches(vndPattern)
  paymentAmountMax: string | null;

  @ApiProperty({ type: ProfileText })
  @IsObject()
  @ValidateNested()
  @Type(() => ProfileText)
  text: ProfileText;

  @ApiProperty()
  @IsInt()
  @Min(10)
  @Max(140)
  nameLengthMax: number;

  @ApiProperty()
  @IsInt()
  @Min(10)
  @Max(140)
  remittanceLengthMax: number;

  @ApiProperty({
    type: String,
    nullable: true,
    example: 'SSBE',
    description: 'External purpose code (ISO 20022)',
  })
  @ValidateIf((_, value) => value !== null)
  @Matches(/^[A-Z]{4}$/)
  purposeCode: string | null;

  @ApiProperty({ enum: requirements, isArray: true })
  @IsArray()
  @ArrayUnique()
  @IsIn(requirements, { each: true })
  required: (typeof requirements)[number][];
}

export class BankProfileView extends BankProfileContent {
  @ApiProperty({ description: 'SHA-256 of the content: a batch keeps the one that it was checked by' })
  digest: string;

  @ApiProperty({ type: [String], description: 'BINs of the banks that it is set for' })
  banks: string[];

  @ApiProperty({ description: 'Holds for every bank that has no other' })
  isDefault: boolean;
}

export class BankProfileList {
  @ApiProperty({ type: [BankProfileView] })
  items: BankProfileView[];
}
