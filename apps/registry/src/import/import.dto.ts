import { ApiProperty } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { type ImportFindingCode, importFindings } from './import-findings.js';
import { type ImportKind, importKinds } from './import-columns.js';

export class ImportQuery {
  @ApiProperty({ enum: importKinds, description: 'What the rows of the list are' })
  @IsIn(importKinds)
  kind: ImportKind;
}

export class FindingCount {
  @ApiProperty({ enum: Object.keys(importFindings) })
  code: ImportFindingCode;

  @ApiProperty({ description: 'Whether rows with it are left out' })
  isBlocking: boolean;

  @ApiProperty()
  rows: number;
}

export class ImportView {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ enum: importKinds })
  kind: ImportKind;

  @ApiProperty({ description: 'SHA-256 of the file, hex' })
  fileDigest: string;

  @ApiProperty()
  rows: number;

  @ApiProperty({ description: 'Rows that are left out' })
  blocked: number;

  @ApiProperty({ description: 'Rows that enter in spite of a remark' })
  warned: number;

  @ApiProperty({ description: 'Rows taken up so far; the list is done when all are' })
  applied: number;

  @ApiProperty({ description: 'Records that came of them' })
  entered: number;

  @ApiProperty({ type: [FindingCount] })
  findings: FindingCount[];

  @ApiProperty({ format: 'date', description: 'The last day on which its rows and remarks are there' })
  keptUntil: string;

  @ApiProperty({
    type: String,
    nullable: true,
    format: 'date-time',
    description: 'When its rows and remarks were removed',
  })
  sweptAt: string | null;

  @ApiProperty()
  createdBy: string;

  @ApiProperty({ format: 'date-time' })
  createdAt: string;
}

export class ImportPage {
  @ApiProperty({ type: [ImportView], description: 'The newest first' })
  items: ImportView[];

  @ApiProperty({ type: String, nullable: true, description: 'Cursor of the next page' })
  next: string | null;
}
