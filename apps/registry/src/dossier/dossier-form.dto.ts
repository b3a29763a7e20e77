import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsOptional, Matches } from 'class-validator';
import { IsDay } from '@ansinh/problem';
import { Reason } from './dossier.dto.js';
import { type FormKind, formKinds } from './dossier-form-pdf.js';

export class ApologiseDossier extends Reason {
  @ApiProperty({
    format: 'date',
    description:
      'A working day after the one on the receipt, and not before today; another day is promised once',
  })
  @IsDay()
  promisedOn: string;
}

export class FormQuery {
  @ApiProperty({
    required: false,
    enum: formKinds,
    description: 'By default the one that the state asks for',
  })
  @IsOptional()
  @IsIn(formKinds)
  kind?: FormKind;
}

export class RegisterQuery {
  @ApiProperty({ format: 'date', description: 'First day of reception' })
  @IsDay()
  from: string;

  @ApiProperty({ format: 'date', description: 'The last one, 31 days on at most' })
  @IsDay()
  until: string;

  @ApiProperty({
    required: false,
    description: 'Code of the desk; by default the own office',
    example: '09169',
  })
  @IsOptional()
  @Matches(/^(\d{2}|\d{3}|\d{5})$/)
  office?: string;
}
