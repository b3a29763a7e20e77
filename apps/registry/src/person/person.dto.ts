import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { IsDay, IsNotBlank } from '@ansinh/problem';
import { PageQuery } from '@ansinh/service';
import { accountStateNames } from './account.states.js';
import { FromRecord } from './from-record.dto.js';

export const sexes = ['male', 'female'] as const;
export type Sex = (typeof sexes)[number];

const citizenNumberPattern = /^(?!(\d)\1{11}$)\d{12}$/;

class PersonFields {
  @ApiProperty({ example: 'Nguyễn Thị Hoà' })
  @Matches(/\p{L}/u)
  @MaxLength(140)
  name: string;

  @ApiProperty({ description: 'Where the day is not known the year stands alone', example: 1985 })
  @IsInt()
  @Min(1880)
  @Max(2200)
  birthYear: number;

  @ApiProperty({ required: false, format: 'date', description: 'Of the same year' })
  @IsOptional()
  @IsDay()
  bornOn?: string;

  @ApiProperty({ enum: sexes })
  @IsIn(sexes)
  sex: Sex;

  @ApiProperty({ required: false, example: 'Kinh' })
  @IsOptional()
  @IsString()
  @MaxLength(50)
  ethnicity?: string;

  @ApiProperty({ required: false, description: 'Social insurance number: ten digits, or the citizen number' })
  @IsOptional()
  @Matches(/^(\d{10}|\d{12})$/)
  insuranceNumber?: string;

  @ApiProperty({ required: false, example: '0912000000' })
  @IsOptional()
  @Matches(/^0\d{9,10}$/)
  phone?: string;
}

export class RecordResidence {
  @ApiProperty({ description: 'Code of the commune, of that day', example: '09169' })
  @Matches(/^\d{5}$/)
  placeCode: string;

  @ApiProperty({ required: false })
  @IsOptional()
  @IsString()
  @MaxLength(300)
  address?: string;

  @ApiProperty({ format: 'date' })
  @IsDay()
  validFrom: string;
}

export class CreatePerson extends PersonFields {
  @ApiProperty({ required: false, description: 'Twelve digits; a child may have none yet' })
  @IsOptional()
  @Matches(citizenNumberPattern)
  citizenNumber?: string;

  @ApiProperty({ required: false, description: 'Identity card number of before: nine digits' })
  @IsOptional()
  @Matches(/^\d{9}$/)
  oldNumber?: string;

  @ApiProperty({ type: RecordResidence })
  @IsObject()
  @ValidateNested()
  @Type(() => RecordResidence)
  residence: RecordResidence;
}

export class ChangePerson extends PersonFields {
  @ApiProperty({ required: false, description: 'One that differs replaces it, and the one before is kept' })
  @IsOptional()
  @Matches(citizenNumberPattern)
  citizenNumber?: string;
}

export class RecordDeath {
  @ApiProperty({ format: 'date' })
  @IsDay()
  diedOn: string;

  @ApiProperty({ description: 'Number of the death certificate' })
  @IsNotBlank()
  @MaxLength(200)
  basis: string;
}

export class CorrectDeath {
  @ApiProperty({ type: String, format: 'date', nullable: true, description: 'The right day; null: he lives' })
  @ValidateIf((_, value) => value !== null)
  @IsDay()
  diedOn: string | null;

  @ApiProperty({ description: 'The paper by which it is known' })
  @IsNotBlank()
  @MaxLength(200)
  basis: string;
}

export class RecordNumber {
  @ApiProperty({ description: 'Identity card number of before: nine digits' })
  @Matches(/^\d{9}$/)
  number: string;

  @ApiProperty({ required: false, format: 'date' })
  @IsOptional()
  @IsDay()
  validUntil?: string;
}

export class RecordAccount {
  @ApiProperty({ example: '970405', description: 'NAPAS BIN' })
  @Matches(/^\d{6}$/)
  bankBin: string;

  @ApiProperty({ example: '2600205000001' })
  @Matches(/^[0-9A-Z]{6,19}$/)
  account: string;

  @ApiProperty({ example: 'NGUYEN THI HOA', description: 'Holder as the bank writes it' })
  @IsNotBlank()
  @MaxLength(140)
  holder: string;

  @ApiProperty({ format: 'date' })
  @IsDay()
  validFrom: string;
}

export class JudgeAccount {
  @ApiProperty({ enum: accountStateNames.filter((state) => state !== 'unverified') })
  @IsIn(accountStateNames.filter((state) => state !== 'unverified'))
  state: 'verified' | 'refused' | 'ended';
}

export class PeopleQuery extends PageQuery {
  @ApiProperty({
    required: false,
    minimum: 1,
    maximum: 500,
    default: 20,
    description:
      'A screenful by default: who does not see whom he looks for types on, and nobody else is shown',
  })
  override limit: number = 20;

  @ApiProperty({
    required: false,
    description:
      'What an officer types: any part of a name, with or without marks, its initials, a year of birth, a code of a commune. Numbers of people are refused: they are looked up by `POST /v1/people/lookups`',
  })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  q?: string;

  @ApiProperty({ required: false })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1880)
  @Max(2200)
  birthYear?: number;

  @ApiProperty({ required: false, description: 'A place of any day; today the people of what it became' })
  @IsOptional()
  @Matches(/^(\d{2}|\d{3}|\d{5})$/)
  place?: string;
}

export class LookUpPerson {
  @ApiProperty({ description: 'Citizen number, or one of before. In the body: addresses are logged' })
  @Matches(/^(\d{9}|\d{12})$/)
  number: string;
}

export class Warning {
  @ApiProperty()
  code: string;

  @ApiProperty({
    example: { vi: '…', en: '…' },
    type: 'object',
    properties: { vi: { type: 'string' }, en: { type: 'string' } },
  })
  message: { vi: string; en: string };
}

/** A person in a list. */
export class PersonSummary {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ type: String, nullable: true, description: 'Masked' })
  citizenNumber: string | null;

  @ApiProperty({
    type: String,
    format: 'uuid',
    nullable: true,
    description: 'A pseudonym by which the services know the citizen number; says nothing without their key',
  })
  numberKey: string | null;

  @ApiProperty()
  name: string;

  @ApiProperty()
  birthYear: number;

  @ApiProperty({ type: String, format: 'date', nullable: true })
  bornOn: string | null;

  @ApiProperty({ enum: sexes })
  sex: Sex;

  @ApiProperty({ type: String, format: 'date', nullable: true })
  diedOn: string | null;

  @ApiProperty({ description: 'The commune of today' })
  placeCode: string;

  @ApiProperty({
    type: String,
    format: 'uuid',
    nullable: true,
    description: 'The record that stands for this one since they were merged',
  })
  mergedInto: string | null;
}

export class FoundPerson extends PersonSummary {
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'The name of a record that was merged into this one, where the person was found by that',
  })
  foundByName: string | null;
}

export class PersonPage {
  @ApiProperty({ type: [FoundPerson] })
  items: FoundPerson[];

  @ApiProperty({ type: String, nullable: true, description: 'Cursor of the next page' })
  next: string | null;
}

export class OtherNumberView extends FromRecord {
  @ApiProperty({ enum: ['citizen', 'old'] })
  kind: string;

  @ApiProperty({ description: 'Masked' })
  number: string;

  @ApiProperty({ type: String, format: 'date', nullable: true })
  validUntil: string | null;
}

export class ResidenceView extends FromRecord {
  @ApiProperty()
  placeCode: string;

  @ApiProperty()
  address: string;

  @ApiProperty({ format: 'date' })
  validFrom: string;

  @ApiProperty({ type: String, format: 'date', nullable: true })
  validUntil: string | null;

  @ApiProperty({ format: 'date-time' })
  recordedAt: string;
}

export class AccountView extends FromRecord {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty()
  bankBin: string;

  @ApiProperty({ description: 'Masked unless a purpose is stated' })
  account: string;

  @ApiProperty()
  holder: string;

  @ApiProperty({ enum: accountStateNames })
  state: string;

  @ApiProperty({ format: 'date' })
  validFrom: string;

  @ApiProperty({ type: String, format: 'date', nullable: true })
  validUntil: string | null;
}

export class PersonView extends PersonSummary {
  @ApiProperty({ description: 'Raised by every change of the record; also its `ETag`' })
  version: number;

  @ApiProperty({ description: 'False where a purpose was stated, and the reading was logged' })
  isMasked: boolean;

  @ApiProperty({ type: String, nullable: true })
  ethnicity: string | null;

  @ApiProperty({ type: String, nullable: true })
  insuranceNumber: string | null;

  @ApiProperty({ type: String, nullable: true })
  phone: string | null;

  @ApiProperty({ type: [OtherNumberView], description: 'Numbers of before' })
  numbers: OtherNumberView[];

  @ApiProperty({ type: [ResidenceView], description: 'As recorded, the newest record first' })
  residences: ResidenceView[];

  @ApiProperty({ type: [AccountView] })
  accounts: AccountView[];

  @ApiProperty({ type: [Warning], description: 'Where the number says something else than the record' })
  warnings: Warning[];
}

/** What a command answers: remembered for its repetition, so it names nobody. */
export class PersonRecorded {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ description: 'Raised by every change of the record; also its `ETag`' })
  version: number;

  @ApiProperty({ type: [Warning], description: 'Where the number says something else than the record' })
  warnings: Warning[];
}
