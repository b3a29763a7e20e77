import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsISO8601, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { PageQuery } from '@ansinh/service';
import { purposeCodes } from './access-purpose.js';

export class AccessLogQuery extends PageQuery {
  @ApiProperty({ required: false, description: '`sub` of the reader' })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  actor?: string;

  @ApiProperty({
    required: false,
    example: 'batch/LO-00000042',
    description: 'The record that was read, and all that belongs to it',
  })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  subject?: string;

  @ApiProperty({ required: false, enum: purposeCodes })
  @IsOptional()
  @IsIn(purposeCodes)
  purpose?: string;

  @ApiProperty({ required: false, format: 'date', description: 'A day in Viet Nam' })
  @IsOptional()
  @Matches(/^\d{4}-\d{2}-\d{2}$/)
  @IsISO8601({ strict: true })
  day?: string;
}

export class AccessView {
  @ApiProperty()
  id: string;

  @ApiProperty({ format: 'date-time' })
  at: string;

  @ApiProperty({ description: '`sub` of the reader' })
  actor: string;

  @ApiProperty()
  name: string;

  @ApiProperty({ description: 'Office that the reader works for' })
  actorOffice: string;

  @ApiProperty({ description: 'Office whose record it is' })
  office: string;

  @ApiProperty({ example: 'batch/LO-00000042/messages/3' })
  subject: string;

  @ApiProperty({ description: 'Rows of the list that were shown: the first' })
  firstRow: number;

  @ApiProperty({ description: '…and the last' })
  lastRow: number;

  @ApiProperty({ description: 'Citizen numbers and accounts that were handed out whole' })
  numbers: number;

  @ApiProperty({ enum: purposeCodes })
  purpose: string;

  @ApiProperty()
  note: string;

  @ApiProperty()
  requestId: string;
}

export class AccessPage {
  @ApiProperty({ type: [AccessView] })
  items: AccessView[];

  @ApiProperty({ type: String, nullable: true })
  next: string | null;
}
