import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsOptional, IsUUID } from 'class-validator';
import type { Text } from '@ansinh/language';
import { PageQuery } from '@ansinh/service';

export const refusedDocumentStatuses = ['open', 'taken'] as const;

export class RefusedDocumentQuery extends PageQuery {
  @ApiProperty({ required: false, enum: refusedDocumentStatuses })
  @IsOptional()
  @IsIn(refusedDocumentStatuses)
  status?: string;

  @ApiProperty({ required: false, format: 'uuid' })
  @IsOptional()
  @IsUUID()
  fundId?: string;
}

class RefusalReason {
  @ApiProperty()
  vi: string;

  @ApiProperty()
  en: string;
}

export class RefusedDocumentView {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ format: 'uuid' })
  fundId: string;

  @ApiProperty({ description: 'How the bank calls it in its outbox' })
  bankDocument: string;

  @ApiProperty({ type: String, nullable: true, description: 'Null where it cannot be read' })
  kind: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'The bank’s own number of it' })
  documentId: string | null;

  @ApiProperty({ type: Number, nullable: true, description: 'Which statement of the account it is' })
  sequence: number | null;

  @ApiProperty({ description: 'Code of the refusal, e.g. STATEMENT_GAP' })
  code: string;

  @ApiProperty({ type: RefusalReason, description: 'What was expected, and what was found' })
  reason: Text;

  @ApiProperty({ description: 'It is tried again by itself when the one before it has come' })
  waiting: boolean;

  @ApiProperty({ enum: refusedDocumentStatuses })
  status: string;

  @ApiProperty()
  attempts: number;

  @ApiProperty({ format: 'date-time' })
  refusedAt: string;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  takenAt: string | null;

  @ApiProperty({ type: String, nullable: true })
  takenBy: string | null;
}

export class RefusedDocumentPage {
  @ApiProperty({ type: [RefusedDocumentView] })
  items: RefusedDocumentView[];

  @ApiProperty({ type: String, nullable: true })
  next: string | null;
}
