import { ArgsType, Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { IsOptional, IsUUID } from 'class-validator';
import { connectionType, enumType, Instant, PageArgs } from '@ansinh/graphql';
import { refusedDocumentStatuses } from './refused-document.dto.js';

const StatusType = enumType(
  'RefusedDocumentStatus',
  refusedDocumentStatuses,
  'Whether a refused document of a bank has been taken in since',
);

@ObjectType('RefusalReason')
export class RefusalReasonModel {
  @Field()
  vi: string;

  @Field()
  en: string;
}

@ObjectType('RefusedDocument')
export class RefusedDocumentModel {
  @Field(() => ID)
  id: string;

  @Field({ description: 'How the bank calls it in its outbox' })
  bankDocument: string;

  @Field(() => String, { nullable: true, description: 'Null where it cannot be read' })
  kind: string | null;

  @Field(() => String, { nullable: true, description: 'The bank’s own number of it' })
  documentId: string | null;

  @Field(() => Int, { nullable: true, description: 'Which statement of the account it is' })
  sequence: number | null;

  @Field({ description: 'Code of the refusal' })
  code: string;

  @Field(() => RefusalReasonModel, { description: 'What was expected, and what was found' })
  reason: RefusalReasonModel;

  @Field({ description: 'It is tried again by itself when the one before it has come' })
  waiting: boolean;

  @Field(() => StatusType)
  status: string;

  @Field(() => Int)
  attempts: number;

  @Field(() => Instant)
  refusedAt: string;

  @Field(() => Instant, { nullable: true })
  takenAt: string | null;

  @Field(() => String, { nullable: true })
  takenBy: string | null;
}

export const RefusedDocumentConnection = connectionType('RefusedDocument', RefusedDocumentModel);

@ArgsType()
export class RefusedDocumentArgs extends PageArgs {
  @Field(() => StatusType, { nullable: true })
  @IsOptional()
  status?: string | null;

  @Field(() => ID, { nullable: true })
  @IsOptional()
  @IsUUID()
  fundId?: string | null;
}
