import { ApiProperty } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { ArrayMaxSize, IsIn, IsOptional, Length, Matches } from 'class-validator';
import { IsDay } from '@ansinh/problem';
import { PageQuery } from '@ansinh/service';
import { type ProgrammeCode, programmeCodes } from '../programme/programmes.js';

const employerTypes = ['enterprise', 'cooperative', 'householdBusiness', 'other'] as const;
export type EmployerType = (typeof employerTypes)[number];

/** The head of a list. It stands in the address: the body is the file. */
export class SupportListQuery {
  @ApiProperty({ enum: programmeCodes })
  @IsIn(programmeCodes)
  programme: ProgrammeCode;

  @ApiProperty({ description: 'The policy or group that is asked for', example: 'policy5' })
  @Matches(/^[a-zA-Z0-9]{1,40}$/)
  choice: string;

  @ApiProperty({ required: false, type: String, example: '2022-04,2022-05' })
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.split(',') : value))
  @ArrayMaxSize(12)
  @Matches(/^20\d{2}-(0[1-9]|1[0-2])$/, { each: true })
  months: string[] = [];

  @ApiProperty({ required: false, description: 'Of the employer; a commune that lists people has none' })
  @IsOptional()
  @Matches(/^\d{10}(-\d{3})?$|^\d{12}$/)
  taxCode?: string;

  @ApiProperty({ description: 'Who brings the list' })
  @Length(1, 200)
  employerName: string;

  @ApiProperty({ enum: employerTypes })
  @IsIn(employerTypes)
  employerType: EmployerType;

  @ApiProperty({ description: 'Commune of the employer', example: '09163' })
  @Matches(/^\d{5}$/)
  placeCode: string;

  @ApiProperty({ format: 'date' })
  @IsDay()
  receivedOn: string;

  @ApiProperty({
    required: false,
    enum: ['refuse', 'setAside'],
    default: 'refuse',
    description: 'What becomes of a list with flawed rows: it is refused, or those rows are left out',
  })
  @IsOptional()
  @IsIn(['refuse', 'setAside'])
  onFlawed: 'refuse' | 'setAside' = 'refuse';
}

export class SupportListView {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ enum: programmeCodes })
  programme: ProgrammeCode;

  @ApiProperty()
  choice: string;

  @ApiProperty({ type: [String], description: 'First days of the months' })
  months: string[];

  @ApiProperty({ type: String, nullable: true })
  taxCode: string | null;

  @ApiProperty()
  employerName: string;

  @ApiProperty({ enum: employerTypes })
  employerType: EmployerType;

  @ApiProperty()
  placeCode: string;

  @ApiProperty({ format: 'date' })
  receivedOn: string;

  @ApiProperty({ description: 'SHA-256 of the file, hex' })
  fileDigest: string;

  @ApiProperty()
  rows: number;

  @ApiProperty({ description: 'Rows that cannot be decided on' })
  blocked: number;

  @ApiProperty({ description: 'Nothing is decided by it; a corrected one has to come' })
  isRefused: boolean;

  @ApiProperty({ type: String, nullable: true, format: 'uuid', description: 'By which it is decided' })
  runId: string | null;

  @ApiProperty()
  createdBy: string;

  @ApiProperty({ format: 'date-time' })
  createdAt: string;
}

export class SupportListPage {
  @ApiProperty({ type: [SupportListView] })
  items: SupportListView[];

  @ApiProperty({ type: String, nullable: true })
  next: string | null;
}

export class SupportListsQuery extends PageQuery {
  @ApiProperty({ required: false, enum: programmeCodes })
  @IsOptional()
  @IsIn(programmeCodes)
  programme?: ProgrammeCode;
}

class MessageView {
  @ApiProperty()
  vi: string;

  @ApiProperty()
  en: string;
}

export class ListFindingView {
  @ApiProperty()
  row: number;

  @ApiProperty()
  code: string;

  @ApiProperty({ type: String, nullable: true, description: 'Null: the row as a whole' })
  column: string | null;

  @ApiProperty()
  message: MessageView;
}

export class ListFindingPage {
  @ApiProperty({ type: [ListFindingView] })
  items: ListFindingView[];

  @ApiProperty({ type: String, nullable: true })
  next: string | null;
}
