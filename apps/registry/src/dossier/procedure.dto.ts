import { ApiProperty } from '@nestjs/swagger';
import { IsOptional } from 'class-validator';
import { IsDay } from '@ansinh/problem';
import { BilingualText } from './dossier.dto.js';

export class ProcedureQuery {
  @ApiProperty({ required: false, format: 'date', description: 'Any day; today where absent' })
  @IsOptional()
  @IsDay()
  on?: string;
}

class PaperView {
  @ApiProperty()
  code: string;

  @ApiProperty({ type: BilingualText })
  name: BilingualText;

  @ApiProperty({ description: 'false: belongs to it in some cases only' })
  isRequired: boolean;

  @ApiProperty({ description: '`verified` was read in a source of law; an official must confirm others' })
  confidence: string;
}

class StepView {
  @ApiProperty()
  code: string;

  @ApiProperty({ type: BilingualText })
  name: BilingualText;

  @ApiProperty({ type: BilingualText, description: 'Who does it' })
  agency: BilingualText;

  @ApiProperty({ enum: ['promised', 'ifNeeded', 'beforeReception', 'afterResult'] })
  kind: string;

  @ApiProperty()
  term: number;

  @ApiProperty({ enum: ['workingDays', 'days', 'hours'] })
  unit: string;

  @ApiProperty()
  legalBasis: string;

  @ApiProperty()
  confidence: string;
}

export class ProcedureView {
  @ApiProperty({ example: 'SP-MONTHLY' })
  code: string;

  @ApiProperty()
  programme: string;

  @ApiProperty({ type: BilingualText })
  name: BilingualText;

  @ApiProperty({ type: BilingualText, description: 'What is asked of us' })
  request: BilingualText;

  @ApiProperty({ type: BilingualText, description: 'What comes out of it' })
  result: BilingualText;

  @ApiProperty({ enum: ['person', 'employer'] })
  applicant: string;

  @ApiProperty({ enum: ['commune', 'district', 'province'], description: 'Level of the desk' })
  receivedBy: string;

  @ApiProperty({
    description: 'The service that opens and decides its dossiers too: its client of the issuer',
    example: 'social-protection',
  })
  service: string;

  @ApiProperty({ format: 'date' })
  validFrom: string;

  @ApiProperty({ type: String, format: 'date', nullable: true, description: 'First day on which it is over' })
  validUntil: string | null;

  @ApiProperty()
  legalBasis: string;

  @ApiProperty()
  confidence: string;

  @ApiProperty({ type: [PaperView] })
  documents: PaperView[];

  @ApiProperty({ type: [StepView] })
  steps: StepView[];
}

export class ProcedureList {
  @ApiProperty({ type: [ProcedureView] })
  items: ProcedureView[];
}
