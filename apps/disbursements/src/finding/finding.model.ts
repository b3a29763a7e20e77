import { ArgsType, Field, Int, ObjectType } from '@nestjs/graphql';
import { IsOptional } from 'class-validator';
import { BilingualTextModel, connectionType, enumType, Instant, PageArgs } from '@ansinh/graphql';
import type { FindingCode } from '@ansinh/payment-list';
import { findingCodes } from './finding.dto.js';

export const FindingCodeType = enumType(
  'FindingCode',
  findingCodes,
  'What is wrong with a line, or with the whole list',
);

const SeverityType = enumType('Severity', ['block', 'warn'], 'Whether a finding stops its line');

@ObjectType('FindingWaiver', { description: 'Who took the responsibility' })
class FindingWaiverModel {
  @Field()
  by: string;

  @Field()
  reason: string;

  @Field(() => Instant)
  at: string;
}

@ObjectType('Finding')
class FindingModel {
  @Field(() => Int, { description: 'Ordinal of the line; 0 for the whole list' })
  row: number;

  @Field(() => String, { nullable: true })
  column: string | null;

  @Field(() => FindingCodeType)
  code: string;

  @Field(() => SeverityType)
  severity: string;

  @Field(() => BilingualTextModel)
  message: BilingualTextModel;

  @Field(() => String, { nullable: true, description: 'The cell; citizen numbers and accounts are masked' })
  value: string | null;

  @Field(() => FindingWaiverModel, { nullable: true })
  waived: FindingWaiverModel | null;
}

export const FindingConnection = connectionType('Finding', FindingModel);

@ArgsType()
export class FindingArgs extends PageArgs {
  @Field(() => FindingCodeType, { nullable: true })
  @IsOptional()
  code?: FindingCode | null;

  @Field(() => SeverityType, { nullable: true })
  @IsOptional()
  severity?: string | null;
}
