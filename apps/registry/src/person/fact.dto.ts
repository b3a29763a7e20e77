import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsISO8601, IsOptional, IsString, MaxLength } from 'class-validator';
import { IsAfter, IsDay, IsNotBlank } from '@ansinh/problem';
import { factKinds } from './fact-kinds.js';
import { FromRecord } from './from-record.dto.js';

export class RecordFact {
  @ApiProperty({ enum: Object.keys(factKinds) })
  @IsIn(Object.keys(factKinds))
  kind: keyof typeof factKinds;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Null takes back what was recorded for these days',
  })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  value: string | null = null;

  @ApiProperty({ description: 'The paper that it rests on', example: 'GXN 12/UBND-XNKT' })
  @IsNotBlank()
  @MaxLength(200)
  basis: string;

  @ApiProperty({ format: 'date' })
  @IsDay()
  validFrom: string;

  @ApiProperty({ required: false, format: 'date', description: 'First day on which it no longer holds' })
  @IsOptional()
  @IsDay()
  @IsAfter('validFrom')
  validUntil?: string;
}

export class FactView extends FromRecord {
  @ApiProperty({ enum: Object.keys(factKinds) })
  kind: string;

  @ApiProperty({ type: String, nullable: true })
  value: string | null;

  @ApiProperty()
  basis: string;

  @ApiProperty({ format: 'date' })
  validFrom: string;

  @ApiProperty({ type: String, format: 'date', nullable: true })
  validUntil: string | null;

  @ApiProperty({ format: 'date-time', description: 'Since when we know' })
  recordedAt: string;

  @ApiProperty()
  recordedBy: string;

  @ApiProperty({
    description: 'Does not hold: of what two merged records contradicted, the other side was chosen',
  })
  isSetAside: boolean;
}

export class FactsQuery {
  @ApiProperty({
    required: false,
    format: 'date',
    description: 'What held on that day; everything where absent',
  })
  @IsOptional()
  @IsDay()
  on?: string;

  @ApiProperty({ required: false, format: 'date-time', description: 'As we knew it at that moment' })
  @IsOptional()
  @IsISO8601({ strict: true })
  knownAt?: string;
}

export class FactList {
  @ApiProperty({ type: [FactView] })
  items: FactView[];
}
