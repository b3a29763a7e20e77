import { ApiProperty } from '@nestjs/swagger';
import { IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { IsNotBlank } from '@ansinh/problem';
import { NamedCode } from '../dossier/dossier.dto.js';
import { mediaTypes } from './media-type.js';

const scans = ['clean', 'notScanned'] as const;

export class AttachmentQuery {
  @ApiProperty({
    required: false,
    example: 'declaration',
    description: 'Code of the paper that it is, of the procedure; left out: another paper',
  })
  @IsOptional()
  @Matches(/^[A-Za-z0-9-]{1,40}$/)
  document?: string;
}

export class RemoveAttachment {
  @ApiProperty({ description: 'Stands in the history of the dossier' })
  @IsString()
  @IsNotBlank()
  @MaxLength(1_000)
  reason: string;
}

class AttachmentRemoval {
  @ApiProperty()
  reason: string;

  @ApiProperty({ format: 'date-time' })
  at: string;

  @ApiProperty()
  actorName: string;
}

export class AttachmentView {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ description: 'Within the dossier; never given twice' })
  number: number;

  @ApiProperty({ type: NamedCode, nullable: true, description: 'null: no paper that the procedure asks for' })
  document: NamedCode | null;

  @ApiProperty({ enum: Object.values(mediaTypes), description: 'Told by the content' })
  mediaType: string;

  @ApiProperty()
  bytes: number;

  @ApiProperty({ description: 'Of the content' })
  sha256: string;

  @ApiProperty({ enum: scans, description: 'notScanned: there was nobody to look for malware' })
  scan: string;

  @ApiProperty({ format: 'date-time' })
  addedAt: string;

  @ApiProperty()
  addedByName: string;

  @ApiProperty({ type: AttachmentRemoval, nullable: true, description: 'Why it was taken off the dossier' })
  removal: AttachmentRemoval | null;

  @ApiProperty()
  version: number;
}

export class AttachmentList {
  @ApiProperty({ type: [AttachmentView] })
  items: AttachmentView[];
}
